#include "models/dashboards/display.h"
#include "models/dashboards/units.h"

#include "backend/types/strings.h"

#include <QTest>

#include <cmath>

using namespace countersign;

/// Grafana's documented value formats.
class TestUnits final : public QObject {
    Q_OBJECT

private slots:
    void values_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<int>("decimals"); // -1: by size
        QTest::addColumn<QString>("expected");
        const auto row = [](double value, const QString &unit, const QString &expected, int decimals = -1) {
            QTest::addRow("%s of %s, %d", qPrintable(unit), qPrintable(QString::number(value)), decimals) << value << unit << decimals << expected;
        };
        row(1234.5, u"none"_s, u"1235"_s, 0);
        row(0.0123456, {}, u"0.0123"_s);
        row(0.25, {}, u"0.250"_s);
        row(2, {}, u"2"_s);
        row(1000, u"short"_s, u"1 K"_s);
        row(1'500'000, u"short"_s, u"1.50 Mil"_s);
        row(-2'500'000'000.0, u"short"_s, u"-2.50 Bil"_s);
        row(0.5, u"short"_s, u"0.500"_s);
        row(1024, u"bytes"_s, u"1 KiB"_s);
        row(1.5 * 1024 * 1024 * 1024, u"bytes"_s, u"1.50 GiB"_s);
        row(1000, u"decbytes"_s, u"1 kB"_s);
        row(0, u"bytes"_s, u"0 B"_s);
        row(1'500'000, u"bits"_s, u"1.43 Mib"_s);
        row(2'000'000, u"bps"_s, u"2 Mb/s"_s);
        row(2'000, u"Bps"_s, u"2 kB/s"_s);
        row(2'048, u"binBps"_s, u"2 KiB/s"_s);
        row(25'000, u"pps"_s, u"25 kp/s"_s);
        row(0, u"s"_s, u"0 s"_s);
        row(0.0005, u"s"_s, u"500 µs"_s);
        row(0.25, u"s"_s, u"250 ms"_s);
        row(30, u"s"_s, u"30 s"_s);
        row(90, u"s"_s, u"1.50 min"_s);
        row(7'200, u"s"_s, u"2 hour"_s);
        row(172'800, u"s"_s, u"2 day"_s);
        row(1'209'600, u"s"_s, u"2 week"_s);
        row(1'500, u"ms"_s, u"1.50 s"_s);
        row(90'000, u"ms"_s, u"1.50 min"_s);
        row(1'500, u"µs"_s, u"1.50 ms"_s);
        row(1'500, u"ns"_s, u"1.50 µs"_s);
        row(45.678, u"percent"_s, u"45.7%"_s, 1);
        row(0.98765, u"percentunit"_s, u"98.77%"_s, 2);
        row(1'500, u"ops"_s, u"1.50K ops/s"_s);
        row(12, u"reqps"_s, u"12 req/s"_s);
        row(12, u"cps"_s, u"12 c/s"_s);
        row(12, u"iops"_s, u"12 io/s"_s);
        row(12, u"eps"_s, u"12 evt/s"_s);
        row(12, u"opm"_s, u"12 ops/m"_s);
        row(12, u"rowsps"_s, u"12 rows/s"_s);
        row(1'234'567, u"locale"_s, u"1,234,567"_s);
        row(1, u"bool_yes_no"_s, u"Yes"_s);
        row(0, u"bool"_s, u"False"_s);
        row(1'700'000'000'000.0, u"dateTimeAsIso"_s, u"2023-11-14 22:13:20"_s);
        row(180'000, u"dtdurations"_s, u"2 days, 2 hours"_s, 1);
        row(3'725, u"dthms"_s, u"01:02:05"_s);
        row(2'000, u"hertz"_s, u"2 kHz"_s);
        row(21.5, u"celsius"_s, u"21.5 °C"_s, 1);
        row(7, u"blocks"_s, u"7 blocks"_s);
        row(7, u"tasks/s"_s, u"7 tasks/s"_s);
        row(7, u"prefix:$"_s, u"$7"_s);
        row(7, u"suffix: of 9"_s, u"7 of 9"_s);
        row(2'500'000, u"si: gas/s"_s, u"2.50 Mgas/s"_s);
        row(1'500, u"count:tx"_s, u"1.50K tx"_s);
        row(1'500, u"currency:€"_s, u"€1.50K"_s);
        row(1, u"bool:up/down"_s, u"up"_s);
    }
    void values()
    {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QFETCH(int, decimals);
        QTEST(formatValue(value, unit, decimals < 0 ? std::optional<int>() : std::optional(decimals)).full(), "expected");
    }

    void whatIsNoNumberSaysSo()
    {
        for (const QString &unit : {u"short"_s, u"s"_s, u"bytes"_s, u"dateTimeAsIso"_s, u"dtdurations"_s, u"hex"_s}) {
            QCOMPARE(formatValue(std::nan(""), unit).full(), u"NaN"_s);
            QCOMPARE(formatValue(INFINITY, unit).full(), u"∞"_s);
            QCOMPARE(formatValue(-INFINITY, unit).full(), u"-∞"_s);
            QVERIFY(!formatValue(1e300, unit).full().isEmpty());
            QVERIFY(!formatValue(-1e-300, unit).full().isEmpty());
        }
    }

    void thresholdsAndMappings()
    {
        FieldConfig field;
        field.thresholds.steps = {{std::nullopt, u"green"_s}, {80, u"red"_s}};
        QCOMPARE(displayOf(79.9, field).color, u"green"_s);
        QCOMPARE(displayOf(80, field).color, u"red"_s);
        field.thresholds.isPercentage = true;
        field.min = 0;
        field.max = 10;
        QCOMPARE(displayOf(7.9, field).color, u"green"_s);
        QCOMPARE(displayOf(8, field).color, u"red"_s);
        QCOMPARE(displayOf(5, field).share, std::optional(0.5));
        ValueMapping up{ValueMapping::Kind::Value, u"1"_s, {}, {}, u"up"_s, u"blue"_s, 0};
        ValueMapping range{ValueMapping::Kind::Range, {}, 2, 4, u"some"_s, {}, 0};
        ValueMapping none{ValueMapping::Kind::Special, u"null+nan"_s, {}, {}, u"nothing"_s, {}, 0};
        ValueMapping regex{ValueMapping::Kind::Regex, u"/^v\\d/"_s, {}, {}, u"version"_s, {}, 0};
        field.mappings = {up, range, none, regex};
        QCOMPARE(displayOf(1, field).text.full(), u"up"_s);
        QCOMPARE(displayOf(1, field).color, u"blue"_s);
        QCOMPARE(displayOf(3, field).text.full(), u"some"_s);
        QCOMPARE(displayOf(std::nan(""), field).text.full(), u"nothing"_s);
        QCOMPARE(displayOf(u"v2"_s, field).text.full(), u"version"_s);
        QCOMPARE(displayOf(u"x"_s, field).text.full(), u"x"_s);
    }
};

QTEST_GUILESS_MAIN(TestUnits)
#include "tst_units.moc"
