#include "app/practice/network/managedprocess.h"
#include "backend/types/strings.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestManagedProcess : public QObject {
    Q_OBJECT

private slots:
    void aDeathThatNobodyAskedForIsReportedWithTheLastLines()
    {
        ManagedProcess process(u"part"_s, shell(u"for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; done; echo bad >&2; exit 3"_s));
        QSignalSpy died(&process, &ManagedProcess::died);
        QVERIFY(process.start());
        QTRY_COMPARE(died.size(), 1);
        QCOMPARE(died.first().at(0).toString(), u"exit code 3"_s);
        const QStringList lines = died.first().at(1).toStringList();
        QCOMPARE(lines.size(), 10);
        QCOMPARE(lines.last(), u"bad"_s);
        QVERIFY(process.state() == ManagedProcess::State::Died);
    }

    void stoppingIsNoDeath()
    {
        ManagedProcess process(u"part"_s, shell(u"exec sleep 60"_s));
        QSignalSpy died(&process, &ManagedProcess::died);
        QSignalSpy stopped(&process, &ManagedProcess::stopped);
        QVERIFY(process.start());
        process.stop();
        QTRY_COMPARE(stopped.size(), 1);
        QCOMPARE(died.size(), 0);
    }

    void oneThatDoesNotListenIsKilledAfterTheGrace()
    {
        ManagedProcess process(u"part"_s, shell(u"trap '' TERM; echo up; while true; do sleep 0.1; done"_s));
        QSignalSpy stopped(&process, &ManagedProcess::stopped);
        QVERIFY(process.start());
        QTRY_COMPARE(process.lastLogLines(), QStringList{u"up"_s});
        process.stop(std::chrono::milliseconds(200));
        QTRY_COMPARE(stopped.size(), 1);
    }

    void aPausedProcessStandsStillAndCanBeStopped()
    {
        ManagedProcess process(u"part"_s, shell(u"exec sleep 60"_s));
        QSignalSpy stopped(&process, &ManagedProcess::stopped);
        QVERIFY(process.start());
        QVERIFY(process.pause());
        QVERIFY(process.state() == ManagedProcess::State::Paused);
        QTRY_COMPARE(stateLetter(process.processId()), u'T');
        QVERIFY(!process.pause());
        process.stop();
        QTRY_COMPARE(stopped.size(), 1);
    }

    void aProgramThatDoesNotExistIsAnErrorAndNotADeath()
    {
        ManagedProcess process(u"part"_s, {m_folder.filePath(u"absent"_s), {}, m_folder.filePath(u"log"_s), {}});
        QSignalSpy died(&process, &ManagedProcess::died);
        const Result<void> started = process.start();
        QVERIFY(!started);
        QCOMPARE(started.error().kind, ErrorKind::NotFound);
        QCOMPARE(died.size(), 0);
    }

    void itCanBeStartedAgain()
    {
        ManagedProcess process(u"part"_s, shell(u"exec sleep 60"_s));
        QSignalSpy stopped(&process, &ManagedProcess::stopped);
        QVERIFY(process.start());
        const qint64 first = process.processId();
        process.kill();
        QTRY_COMPARE(stopped.size(), 1);
        QVERIFY(process.start());
        QVERIFY(process.processId() != first);
        QVERIFY(process.state() == ManagedProcess::State::Running);
    }

private:
    ProcessCommand shell(const QString &script)
    {
        return {u"/bin/sh"_s, {u"-c"_s, script}, m_folder.filePath(u"log%1"_s.arg(++m_logs)), {}};
    }

    static QChar stateLetter(qint64 processId)
    {
        QFile file(u"/proc/%1/stat"_s.arg(processId));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const QByteArray stat = file.readAll();
        return QLatin1Char(stat.at(stat.lastIndexOf(')') + 2));
    }

    QTemporaryDir m_folder;
    int m_logs = 0;
};

QTEST_GUILESS_MAIN(TestManagedProcess)
#include "tst_managedprocess.moc"
