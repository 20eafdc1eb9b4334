#include "backend/relayer/logline.h"

#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestLogLine final : public QObject {
    Q_OBJECT

private slots:
    void aLineHasTimeLevelMessageAndFields()
    {
        const auto line = parseLogLine("{\"timestamp\":\"2026-01-31T12:34:56.123456Z\",\"level\":\"INFO\",\"message\":"
                                       "\"intent_queued\",\"intentId\":\"i-1\",\"depth\":3,\"ok\":true}");
        QVERIFY(line.has_value());
        QCOMPARE(line->time.toDateTime().toString(Qt::ISODateWithMs), u"2026-01-31T12:34:56.123Z"_s);
        QCOMPARE(line->time.micros() % 1000, 456);
        QCOMPARE(line->level, u"info"_s);
        QCOMPARE(line->message, u"intent_queued"_s);
        QCOMPARE(line->text(u"intentId"), u"i-1"_s);
        QCOMPARE(line->text(u"depth"), u"3"_s);
        QCOMPARE(line->text(u"ok"), u"true"_s);
        QVERIFY(line->text(u"absent").isEmpty());
        QVERIFY(!line->fields.contains(u"message"_s));
    }

    void timesOfEveryZoneAreTheSameMoment_data()
    {
        QTest::addColumn<QByteArray>("time");
        QTest::addColumn<qint64>("micros");
        const qint64 noon = 1'769'860'800'000'000; // 2026-01-31T12:00:00Z
        QTest::newRow("UTC") << "2026-01-31T12:00:00Z"_ba << noon;
        QTest::newRow("east") << "2026-01-31T14:00:00+02:00"_ba << noon;
        QTest::newRow("west") << "2026-01-31T06:30:00.5-05:30"_ba << noon + 500'000;
        QTest::newRow("nanoseconds") << "2026-01-31T12:00:00.000001999z"_ba << noon + 1;
        QTest::newRow("next day") << "2026-02-01T00:00:00+12:00"_ba << noon;
    }
    void timesOfEveryZoneAreTheSameMoment()
    {
        QFETCH(QByteArray, time);
        const auto line = parseLogLine(QByteArray("{\"message\":\"m\",\"timestamp\":\"" + time + "\"}"));
        QVERIFY(line.has_value());
        QTEST(line->time.micros(), "micros");
    }

    void badLinesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("empty") << ""_ba;
        QTest::newRow("text") << "panic: boom"_ba;
        QTest::newRow("array") << "[]"_ba;
        QTest::newRow("cut") << "{\"timestamp\":\"2026-01-31T12:00:00Z\",\"mess"_ba;
        QTest::newRow("no message") << "{\"timestamp\":\"2026-01-31T12:00:00Z\"}"_ba;
        QTest::newRow("no time") << "{\"message\":\"m\"}"_ba;
        QTest::newRow("no zone") << "{\"timestamp\":\"2026-01-31T12:00:00\",\"message\":\"m\"}"_ba;
        QTest::newRow("no such day") << "{\"timestamp\":\"2026-02-30T12:00:00Z\",\"message\":\"m\"}"_ba;
        QTest::newRow("time is a number") << "{\"timestamp\":1769860800,\"message\":\"m\"}"_ba;
    }
    void badLinesAreRefused()
    {
        QFETCH(QByteArray, line);
        QCOMPARE(parseLogLine(line).error().kind, ErrorKind::Corrupt);
    }

    void aLineThatIsTooLongIsNotParsed()
    {
        QCOMPARE(parseLogLine(QByteArray(longestLogLine + 1, ' ')).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_APPLESS_MAIN(TestLogLine)
#include "tst_logline.moc"
