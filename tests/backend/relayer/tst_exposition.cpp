#include "backend/relayer/exposition.h"

#include "backend/types/strings.h"

#include <QTest>

#include <cmath>

using namespace countersign;

class TestExposition final : public QObject {
    Q_OBJECT

private slots:
    void familiesSamplesAndLabelsAreRead()
    {
        const auto metrics
            = parseExposition("# HELP relayer_queue Waiting \\\\ intents\\nby chain\n"
                              "# TYPE relayer_queue gauge\n"
                              "relayer_queue{chain=\"ethereum\",} 3\n"
                              "relayer_queue { chain = \"a\\\"b\\\\c\\nd\" , x=\"\" } 4.5e1 1700000000123\n"
                              "\n"
                              "# TYPE latency histogram\n"
                              "latency_bucket{le=\"0.5\"} 1\n"
                              "latency_bucket{le=\"+Inf\"} 2\n"
                              "latency_sum 0.75\n"
                              "latency_count 2\n"
                              "untyped NaN\n"
                              "{\"utf8.name\",\"k\"=\"v\"} +Inf\n"
                              "hex 0x1p3\n"
                              "");
        QVERIFY2(metrics.has_value(), qPrintable(metrics ? QString() : metrics.error().message));
        QCOMPARE(metrics->families.size(), 5);
        const MetricFamily *queue = metrics->family(u"relayer_queue");
        QVERIFY(queue);
        QCOMPARE(queue->type, MetricType::Gauge);
        QCOMPARE(queue->help, u"Waiting \\ intents\nby chain"_s);
        QCOMPARE(queue->samples[1].label(u"chain"), u"a\"b\\c\nd"_s);
        QCOMPARE(queue->samples[1].time, std::optional(Timestamp::fromMillis(1'700'000'000'123)));
        QCOMPARE(metrics->value(u"relayer_queue", {{u"chain"_s, u"ethereum"_s}}), std::optional(3.0));
        QCOMPARE(metrics->family(u"latency")->samples.size(), 4);
        QCOMPARE(metrics->value(u"latency_bucket", {{u"le"_s, u"+Inf"_s}}), std::optional(2.0));
        QVERIFY(std::isnan(*metrics->value(u"untyped")));
        QVERIFY(std::isinf(*metrics->value(u"utf8.name", {{u"k"_s, u"v"_s}})));
        QCOMPARE(metrics->value(u"hex"), std::optional(8.0));
        QVERIFY(!metrics->value(u"absent").has_value());
    }

    void openMetricsHasSecondsAndAnEnd()
    {
        const QByteArray text = "# TYPE a counter\na_total{x=\"1\"} 5 1700000000.5 # {trace_id=\"t\"} 1\n# EOF\n";
        const auto metrics = parseExposition(text, true);
        QVERIFY(metrics.has_value());
        QCOMPARE(metrics->family(u"a")->samples.first().time, std::optional(Timestamp::fromMillis(1'700'000'000'500)));
        QCOMPARE(parseExposition("a 1\n", true).error().kind, ErrorKind::Corrupt);
        QCOMPARE(parseExposition("# EOF\na 1\n", true).error().kind, ErrorKind::Corrupt);
    }

    void badLinesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"1a 2", "a", "a b", "a 1 2 3", "a{x} 1", "a{x=1} 1", "a{x=\"1} 1",
                 "a{x=\"1\" y=\"2\"} 1", "a{x=\"1\" 1", "a 1e", "a --1", "a 1 x", "{} 1", "a{x=\"1\\"})
            QTest::newRow(line) << QByteArray(line);
    }
    void badLinesAreNamed()
    {
        QFETCH(QByteArray, line);
        const auto metrics = parseExposition(QByteArray("good 1\n" + line + '\n'));
        QVERIFY(!metrics.has_value());
        QCOMPARE(metrics.error().kind, ErrorKind::Corrupt);
        QVERIFY(metrics.error().message.contains(u"Line 2"_s));
    }

    void limitsAreKept()
    {
        const ExpositionLimits limits{.bytes = 100, .samples = 2, .lineBytes = 20};
        QVERIFY(parseExposition("a 1\nb 2\n", false, limits).has_value());
        QCOMPARE(parseExposition("a 1\nb 2\nc 3\n", false, limits).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parseExposition(QByteArray(31, 'a').append(" 1\n"), false, limits).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parseExposition(QByteArray(101, '\n'), false, limits).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_APPLESS_MAIN(TestExposition)
#include "tst_exposition.moc"
