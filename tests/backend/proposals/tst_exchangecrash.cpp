#include "backend/proposals/exchangescan.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QDir>
#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace countersign;

namespace {

QStringList arguments(const QString &folder, int seed, int count, quint64 nonce)
{
    return {folder, QString::number(seed), QString::number(count), QString::number(nonce)};
}

/// Names that the writer reported, whole lines only.
QStringList written(const QByteArray &output)
{
    QStringList names;
    for (const QByteArray &line : output.first(output.lastIndexOf('\n') + 1).split('\n')) {
        const QString text = QString::fromUtf8(line);
        if (!text.isEmpty() && !text.startsWith(u"failed"_s))
            names.append(text.section(u' ', 1));
    }
    return names;
}

QSet<QString> filesOf(const QString &folder)
{
    const QStringList names = QDir(folder).entryList(QDir::Files);
    return {names.begin(), names.end()};
}

} // namespace

class TestExchangeCrash final : public QObject {
    Q_OBJECT

private slots:
    // kill -9 at 200 random moments: what was reported as written is there, what is there is whole, and the author's
    // log goes on without a break.
    void killedWriterLosesNothingThatItReported()
    {
        QRandomGenerator random(20'231'115);
        int kills = 0;
        qsizetype reported = 0;
        while (kills < 200) {
            const QTemporaryDir folder;
            QSet<QString> promised;
            for (int round = 0; round < 10 && kills < 200; ++round, ++kills) {
                QProcess writer;
                writer.start(QStringLiteral(EXCHANGE_WRITER),
                    arguments(folder.path(), 1, 1000, static_cast<quint64>(2 + round * 1000)));
                QVERIFY(writer.waitForStarted());
                // Half of the times at once after something was written, so that the next step is under way.
                if (random.bounded(2) == 0)
                    QVERIFY(writer.waitForReadyRead());
                QThread::usleep(static_cast<unsigned long>(random.bounded(60'000)));
                writer.kill();
                QVERIFY(writer.waitForFinished());
                const QByteArray output = writer.readAllStandardOutput();
                QVERIFY2(!output.contains("failed"), output.constData());
                const QStringList names = written(output);
                promised.unite({names.begin(), names.end()});

                QVERIFY2(filesOf(folder.path()).contains(promised),
                    qPrintable((promised - filesOf(folder.path())).values().join(u", "_s)));
                ExchangeScan scan(folder.path(), std::nullopt);
                const auto read = scan.run();
                QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
                QVERIFY(read->rejected.isEmpty());
                QVERIFY2(
                    read->alarms.isEmpty(), qPrintable(read->alarms.isEmpty() ? QString() : read->alarms.first().text));
                QVERIFY(!QDir(folder.filePath(u"quarantine"_s)).exists());
                QCOMPARE(read->set->entries().size() + read->set->attachments().size(),
                    static_cast<size_t>(filesOf(folder.path()).size()));
            }
            reported += promised.size();
        }
        QVERIFY2(reported > 80, qPrintable(QString::number(reported))); // half of them were killed at work, not before
    }
    void twoHoldersWriteAtOnce()
    {
        const QTemporaryDir folder;
        QProcess one;
        QProcess two;
        // The same transactions: both want to propose each, and both sign each.
        one.start(QStringLiteral(EXCHANGE_WRITER), arguments(folder.path(), 1, 25, 2));
        two.start(QStringLiteral(EXCHANGE_WRITER), arguments(folder.path(), 2, 25, 2));
        QVERIFY(one.waitForFinished(60'000) && two.waitForFinished(60'000));
        ExchangeScan scan(folder.path(), std::nullopt);
        const auto read = scan.run();
        QVERIFY(read);
        QVERIFY(read->alarms.isEmpty());
        QVERIFY(read->rejected.isEmpty());
        QCOMPARE(read->items.size(), 25);
        for (const ExchangeItem &item : read->items)
            QCOMPARE(item.signatures.size(), 2);
        // Where both were first to propose, both are there and it is said.
        qsizetype competing = 0;
        for (const ExchangeItem &item : read->items)
            competing += item.otherEnvelopes.size();
        QCOMPARE(competing,
            std::ranges::count(read->conflicts, ExchangeConflictKind::CompetingEnvelopes, &ExchangeConflict::kind));
        for (const QProcess *process : {&one, &two})
            QCOMPARE(process->exitCode(), 0);
    }
    void oneHolderAtTwoConsolesTakesNoPlaceTwice()
    {
        const QTemporaryDir folder;
        QProcess one;
        QProcess two;
        one.start(QStringLiteral(EXCHANGE_WRITER), arguments(folder.path(), 1, 20, 2));
        two.start(QStringLiteral(EXCHANGE_WRITER), arguments(folder.path(), 1, 20, 500));
        QVERIFY(one.waitForFinished(60'000) && two.waitForFinished(60'000));
        ExchangeScan scan(folder.path(), std::nullopt);
        const auto read = scan.run();
        QVERIFY(read);
        // Some were refused because the log had moved on; none was lost, none stands in another's place.
        QVERIFY(read->alarms.isEmpty());
        QSet<QString> promised;
        for (QProcess *process : {&one, &two}) {
            const QStringList names = written(process->readAllStandardOutput());
            promised.unite({names.begin(), names.end()});
        }
        QVERIFY(filesOf(folder.path()).contains(promised));
        QCOMPARE(read->heads.size(), size_t(1));
        QCOMPARE(read->heads.begin()->second.sequence, static_cast<quint64>(read->set->entries().size()));
    }
};

QTEST_GUILESS_MAIN(TestExchangeCrash)
#include "tst_exchangecrash.moc"
