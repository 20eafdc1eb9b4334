#include "app/practice/support/jsonlinelog.h"
#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestJsonLineLog : public QObject {
    Q_OBJECT

private slots:
    void aLineIsOneObjectThatBeginsWithTimeLevelAndMessage()
    {
        const QTemporaryDir folder;
        const ManualClock clock(Timestamp::fromMillis(1'700'000'000'123));
        JsonLineLog log(clock, folder.filePath(u"log"_s));
        QVERIFY(log.open());
        log.info(u"intent_queued", {{u"intentId"_s, u"INT-\"1\"\n"_s}, {u"depth"_s, 3}});
        log.warn(u"leader_lost", {});
        QFile file(folder.filePath(u"log"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray first = file.readLine();
        QVERIFY2(first.startsWith(R"({"timestamp":"2023-11-14T22:13:20.123Z","level":"info","message":"intent_queued",)"), first.constData());
        const QJsonObject object = QJsonDocument::fromJson(first).object();
        QCOMPARE(object.value("intentId"_L1).toString(), u"INT-\"1\"\n"_s);
        QCOMPARE(object.value("depth"_L1).toInt(), 3);
        QCOMPARE(QJsonDocument::fromJson(file.readLine()).object().value("level"_L1).toString(), u"warn"_s);
    }

    void aFullFileIsMovedAsideAndNoLineIsLost()
    {
        const QTemporaryDir folder;
        const ManualClock clock;
        JsonLineLog log(clock, folder.filePath(u"log"_s), 1000);
        QVERIFY(log.open());
        for (int i = 0; i < 15; ++i)
            log.info(u"tick", {{u"i"_s, i}});
        QFile aside(folder.filePath(u"log.1"_s));
        QFile current(folder.filePath(u"log"_s));
        QVERIFY(aside.open(QIODevice::ReadOnly));
        QVERIFY(current.open(QIODevice::ReadOnly));
        QCOMPARE(aside.readAll().count('\n') + current.readAll().count('\n'), 15);
    }
};

QTEST_GUILESS_MAIN(TestJsonLineLog)
#include "tst_jsonlinelog.moc"
