#include "backend/relayer/relayerlog.h"

#include "backend/types/strings.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

class TestRelayerLog final : public QObject {
    Q_OBJECT

    static QByteArray line(int number)
    {
        return R"({"timestamp":"2026-01-31T12:00:00.000Z","level":"info","message":"intent_queued","depth":)"
            + QByteArray::number(number) + "}\n";
    }

    static void append(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Append));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    // A log, its reader and what it read.
    struct Fixture {
        explicit Fixture(qint64 history = -1)
            : log({.id = u"relayer-1"_s, .path = path(), .history = history, .poll = 50ms}, clock)
        {
            QObject::connect(&log, &RelayerLog::linesArrived, &log, [this](const QVector<LogLine> &lines) {
                for (const LogLine &one : lines)
                    depths.append(one.text(u"depth").toInt());
                if (!lines.isEmpty())
                    last = lines.last();
            });
        }
        [[nodiscard]] QString path() const { return folder.filePath(u"relayer.log"_s); }

        QTemporaryDir folder;
        SystemClock clock;
        RelayerLog log;
        QList<int> depths;
        LogLine last;
    };

private slots:
    void linesThatAreThereAndLinesThatComeAreRead()
    {
        Fixture fixture;
        append(fixture.path(), line(1) + line(2));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths, (QList<int>{1, 2}));
        append(fixture.path(), line(3));
        QTRY_COMPARE(fixture.depths, (QList<int>{1, 2, 3}));
        QCOMPARE(fixture.last.relayer, u"relayer-1"_s);
        QCOMPARE(fixture.last.position, line(1).size() + line(2).size());
        QCOMPARE(fixture.log.status().state, SourceState::Live);
    }

    void aLineIsDeliveredWhenItIsComplete()
    {
        Fixture fixture;
        append(fixture.path(), line(1) + line(2).first(30));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths, QList<int>{1});
        QTest::qWait(150);
        QCOMPARE(fixture.depths, QList<int>{1});
        append(fixture.path(), line(2).sliced(30));
        QTRY_COMPARE(fixture.depths, (QList<int>{1, 2}));
        QCOMPARE(fixture.log.badLines(), 0);
    }

    void badLinesAreCountedAndPassedOver()
    {
        Fixture fixture;
        append(fixture.path(), line(1) + "panic: boom\n\n" + QByteArray(200'000, 'x') + '\n' + line(2));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths, (QList<int>{1, 2}));
        QCOMPARE(fixture.log.badLines(), 2);
    }

    void aRotatedFileIsReadToItsEndAndThenTheNewOne()
    {
        Fixture fixture;
        append(fixture.path(), line(1));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths, QList<int>{1});
        const QSignalSpy restarted(&fixture.log, &RelayerLog::restarted);
        append(fixture.path(), line(2));
        QVERIFY(QFile::rename(fixture.path(), fixture.path() + u".1"_s));
        append(fixture.path(), line(3));
        QTRY_COMPARE(fixture.depths, (QList<int>{1, 2, 3}));
        QCOMPARE(restarted.size(), 1);
        QCOMPARE(fixture.last.position, 0);
    }

    void aRotationLosesNothingOfALargeBacklog()
    {
        Fixture fixture;
        append(fixture.path(), line(0));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths.size(), 1);
        QByteArray backlog;
        for (int i = 1; i < 10'000; ++i)
            backlog += line(i);
        append(fixture.path(), backlog);
        QVERIFY(QFile::rename(fixture.path(), fixture.path() + u".1"_s));
        append(fixture.path(), line(10'000));
        QTRY_COMPARE(fixture.depths.size(), 10'001);
        for (int i = 0; i <= 10'000; ++i)
            QCOMPARE(fixture.depths[i], i);
    }

    void aTruncatedFileIsReadFromItsBeginning()
    {
        Fixture fixture;
        append(fixture.path(), line(1) + line(2));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths.size(), 2);
        const QSignalSpy restarted(&fixture.log, &RelayerLog::restarted);
        QVERIFY(QFile::resize(fixture.path(), 0));
        QTRY_COMPARE(restarted.size(), 1);
        append(fixture.path(), line(3));
        QTRY_COMPARE(fixture.depths, (QList<int>{1, 2, 3}));
    }

    void onlyTheEndOfALongHistoryIsRead()
    {
        Fixture fixture(line(1).size() * 2 + 10);
        append(fixture.path(), line(1) + line(2) + line(3) + line(4));
        fixture.log.start();
        QTRY_COMPARE(fixture.depths, (QList<int>{3, 4}));
        QCOMPARE(fixture.last.position, line(1).size() * 3);
        QCOMPARE(fixture.log.badLines(), 0);
    }

    void aLargeBacklogIsReadInPieces()
    {
        Fixture fixture;
        QByteArray bytes;
        for (int i = 0; i < 10'000; ++i)
            bytes += line(i);
        append(fixture.path(), bytes);
        const QSignalSpy arrived(&fixture.log, &RelayerLog::linesArrived);
        fixture.log.start();
        QTRY_COMPARE(fixture.depths.size(), 10'000);
        QVERIFY(arrived.size() > 2);
        for (int i = 0; i < 10'000; ++i)
            QCOMPARE(fixture.depths[i], i);
    }

    void aFileThatIsNotThereYetIsDownUntilItComes()
    {
        Fixture fixture;
        fixture.log.start();
        QCOMPARE(fixture.log.status().state, SourceState::Down);
        QVERIFY(fixture.log.status().lastError.contains(u"relayer.log"_s));
        append(fixture.path(), line(1));
        QTRY_COMPARE(fixture.depths, QList<int>{1});
        QCOMPARE(fixture.log.status().state, SourceState::Live);
    }
};

QTEST_GUILESS_MAIN(TestRelayerLog)
#include "tst_relayerlog.moc"
