#include "backend/dashboards/intervals.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

class TestIntervals final : public QObject {
    Q_OBJECT

private slots:
    void stepsAreGrafanas_data()
    {
        QTest::addColumn<qint64>("range");
        QTest::addColumn<int>("points");
        QTest::addColumn<qint64>("step");
        QTest::addColumn<qint64>("rate");
        const auto row = [](const char *name, std::chrono::milliseconds range, int points, std::chrono::milliseconds step, std::chrono::milliseconds rate) {
            QTest::newRow(name) << qint64(range.count()) << points << qint64(step.count()) << qint64(rate.count());
        };
        row("never below the scrape interval", 5min, 1'000, 15s, 60s);
        row("an hour on a thousand pixels", 1h, 1'000, 15s, 60s);
        row("six hours", 6h, 1'000, 20s, 60s);
        row("a day", 24h, 1'000, 1min, 75s);
        row("a week", 7 * 24h, 1'000, 10min, 615s);
        row("a year", 365 * 24h, 1'000, 6h, 21'615s);
        row("a narrow panel", 24h, 100, 15min, 915s);
    }
    void stepsAreGrafanas()
    {
        QFETCH(qint64, range);
        QFETCH(int, points);
        IntervalInput input;
        input.range = std::chrono::milliseconds(range);
        input.maxDataPoints = points;
        const Intervals intervals = intervalsOf(input);
        QTEST(qint64(intervals.step.count()), "step");
        QTEST(qint64(intervals.rateInterval.count()), "rate");
    }

    void noRangeHasMoreStepsThanPrometheusAnswers()
    {
        for (qint64 minutes = 1; minutes < 60LL * 24 * 800; minutes = minutes * 3 / 2 + 1) {
            IntervalInput input;
            input.range = std::chrono::minutes(minutes);
            input.maxDataPoints = 100'000;
            input.scrapeInterval = 1ms;
            const Intervals intervals = intervalsOf(input);
            QVERIFY(input.range / intervals.step + 1 <= maxStepsPerSeries);
        }
    }

    void minStepAndFactorCount()
    {
        IntervalInput input;
        input.range = 1h;
        input.minStep = 5min;
        input.intervalFactor = 2;
        QCOMPARE(intervalsOf(input).step, std::chrono::milliseconds(10min));
        QCOMPARE(intervalsOf(input).rateInterval, std::chrono::milliseconds(20min));
    }

    void intervalsAreReadAndWritten()
    {
        QCOMPARE(parseInterval(u"15s"), std::optional(std::chrono::milliseconds(15s)));
        QCOMPARE(parseInterval(u">2h"), std::optional(std::chrono::milliseconds(2h)));
        QCOMPARE(parseInterval(u"250ms"), std::optional(std::chrono::milliseconds(250)));
        QCOMPARE(parseInterval(u"1.5m"), std::optional(std::chrono::milliseconds(90s)));
        for (const QString &bad : {QString(), u"soon"_s, u"-5s"_s, u"0s"_s, u"9999999999y"_s, u"5 5s"_s})
            QVERIFY2(!parseInterval(bad), qPrintable(bad));
        QCOMPARE(intervalText(90s), u"90s"_s);
        QCOMPARE(intervalText(24h), u"1d"_s);
        QCOMPARE(intervalText(1'500ms), u"1500ms"_s);
    }

    void timesOfARangeAreRead()
    {
        const Timestamp now = Timestamp::fromDateTime(QDateTime::fromString(u"2026-11-18T10:20:30Z"_s, Qt::ISODate)); // a Wednesday
        const auto read = [now](const QString &text, bool up) { return parseRangeTime(text, now, up)->toDateTime().toString(Qt::ISODate); };
        QCOMPARE(read(u"now-6h"_s, false), u"2026-11-18T04:20:30Z"_s);
        QCOMPARE(read(u"now/d"_s, false), u"2026-11-18T00:00:00Z"_s);
        QCOMPARE(read(u"now/d"_s, true), u"2026-11-18T23:59:59Z"_s);
        QCOMPARE(read(u"now-1d/d"_s, false), u"2026-11-17T00:00:00Z"_s);
        QCOMPARE(read(u"now/w"_s, false), u"2026-11-16T00:00:00Z"_s);
        QCOMPARE(read(u"now-1M/M"_s, false), u"2026-10-01T00:00:00Z"_s);
        QCOMPARE(read(u"1700000000000"_s, false), u"2023-11-14T22:13:20Z"_s);
        QCOMPARE(read(u"2026-01-02T03:04:05"_s, false), u"2026-01-02T03:04:05Z"_s);
        for (const QString &bad : {QString(), u"now-"_s, u"now-6x"_s, u"yesterday"_s, u"now--6h"_s})
            QVERIFY2(!parseRangeTime(bad, now, false), qPrintable(bad));
    }
};

QTEST_GUILESS_MAIN(TestIntervals)
#include "tst_intervals.moc"
