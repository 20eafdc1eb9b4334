#include "backend/metrics/prometheusreply.h"
#include "backend/types/strings.h"

#include <QTest>

#include <cmath>

using namespace countersign;

class TestPrometheusReply final : public QObject
{
    Q_OBJECT

private slots:
    void aVectorIsRead()
    {
        const auto result = parsePrometheusResult(
            200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"__name__\":\"up\",\"job\":\"relayer\"},\"value\":[1700000000.123,\"1\"]}]},\"warnings\":[\"w\"]}");
        QVERIFY(result.has_value());
        QCOMPARE(result->type, PrometheusResult::Type::Vector);
        QCOMPARE(result->series.size(), 1);
        QCOMPARE(result->series[0].labels.value(u"job"_s), u"relayer"_s);
        QCOMPARE(result->value(), std::optional(1.0));
        QCOMPARE(result->series[0].samples[0].time, Timestamp::fromMillis(1'700'000'000'123));
        QCOMPARE(result->warnings, QStringList{u"w"_s});
    }

    void aMatrixIsReadWithItsOddNumbers()
    {
        const auto result = parsePrometheusResult(
            200, "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[1,\"NaN\"],[2,\"+Inf\"],[3,\"-Inf\"],[4,\"1e+02\"]]}]}}");
        QVERIFY(result.has_value());
        const auto &samples = result->series[0].samples;
        QCOMPARE(samples.size(), 4);
        QVERIFY(std::isnan(samples[0].value));
        QVERIFY(std::isinf(samples[1].value) && samples[1].value > 0);
        QVERIFY(std::isinf(samples[2].value) && samples[2].value < 0);
        QCOMPARE(samples[3].value, 100.0);
    }

    void scalarsStringsAndNothingAreRead()
    {
        QCOMPARE(parsePrometheusResult(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"2.5\"]}}")->value(), std::optional(2.5));
        QCOMPARE(parsePrometheusResult(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[1,\"text\"]}}")->text, u"text"_s);
        const auto nothing = parsePrometheusResult(200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}");
        QVERIFY(nothing.has_value());
        QVERIFY(!nothing->value());
    }

    void nativeHistogramsAreRead()
    {
        const auto result = parsePrometheusResult(
            200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"histogram\":[1,{\"count\":\"3\",\"sum\":\"4.5\",\"buckets\":[[3,\"-0.001\",\"0.001\",\"1\"],[0,\"1\",\"+Inf\",\"2\"]]}]}]}}");
        QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
        QVERIFY(result->series[0].samples.isEmpty());
        const PrometheusHistogram &histogram = result->series[0].histograms.first();
        QCOMPARE(histogram.count, 3.0);
        QCOMPARE(histogram.sum, 4.5);
        QCOMPARE(histogram.buckets.size(), 2);
        QCOMPARE(histogram.buckets[0], (HistogramBucket{HistogramBucket::Bounds::ClosedBoth, -0.001, 0.001, 1}));
        QVERIFY(std::isinf(histogram.buckets[1].upper));
    }

    void aSeriesCarriesValuesAndHistogramsAtDifferentTimes()
    {
        const auto result = parsePrometheusResult(
            200, "{\"status\":\"success\",\"data\":{\"result\":[{\"metric\":{\"a\":\"b\\n\\u00e4\"},\"values\":[[1,\"1\"]],\"histograms\":[[2,{\"count\":\"0\",\"sum\":\"0\"}],[3.5,{\"count\":\"0\",\"sum\":\"NaN\",\"buckets\":null}]]}],\"resultType\":\"matrix\"},\"infos\":[\"i\"]}");
        QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().message));
        QCOMPARE(result->series[0].samples.size(), 1);
        QCOMPARE(result->series[0].histograms.size(), 2);
        QCOMPARE(result->series[0].labels.value(u"a"_s), u"b\nä"_s);
        QCOMPARE(result->infos, QStringList{u"i"_s});
        QVERIFY(result->warnings.isEmpty());
    }

    void theTextOfAnErrorKeepsItsPlace()
    {
        const auto named = parsePrometheusResult(400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"invalid parameter \\\"query\\\": 3:15: parse error: unclosed left parenthesis\"}");
        QCOMPARE(expressionPlace(named.error()), (ExpressionPlace{3, 15, u"unclosed left parenthesis"_s}));
        QCOMPARE(expressionPlace({ErrorKind::Invalid, {}, u"parse error at line 2, char 4: bad"_s}), (ExpressionPlace{2, 4, u"bad"_s}));
        QVERIFY(!expressionPlace({ErrorKind::Invalid, {}, u"at 10:20 it failed"_s}));
    }

    void errorsHaveTheirKind_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorKind>("kind");
        const auto stated = [](const char *type) -> QByteArray { return QByteArray("{\"status\":\"error\",\"errorType\":\"") + type + "\",\"error\":\"1:5: parse error\"}"; };
        QTest::newRow("bad_data") << 400 << stated("bad_data") << ErrorKind::Invalid;
        QTest::newRow("execution") << 422 << stated("execution") << ErrorKind::Rejected;
        QTest::newRow("timeout") << 503 << stated("timeout") << ErrorKind::Timeout;
        QTest::newRow("canceled") << 499 << stated("canceled") << ErrorKind::Cancelled;
        QTest::newRow("unavailable") << 500 << stated("unavailable") << ErrorKind::Unavailable;
        QTest::newRow("internal") << 500 << stated("internal") << ErrorKind::Internal;
        QTest::newRow("unknown") << 500 << stated("else") << ErrorKind::Internal;
        QTest::newRow("starting") << 503 << QByteArray("Service Unavailable") << ErrorKind::Unavailable;
        QTest::newRow("another server") << 404 << QByteArray("404 page not found") << ErrorKind::NotFound;
        QTest::newRow("a login page") << 200 << QByteArray("<html>login</html>") << ErrorKind::Corrupt;
        QTest::newRow("unauthenticated") << 401 << QByteArray() << ErrorKind::Unauthenticated;
        QTest::newRow("forbidden") << 403 << QByteArray("no") << ErrorKind::Denied;
        QTest::newRow("no data") << 200 << QByteArray("{\"status\":\"success\"}") << ErrorKind::Corrupt;
        QTest::newRow("unknown type") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"cube\",\"result\":[]}}") << ErrorKind::Corrupt;
        QTest::newRow("a number for a text") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,2]}]}}")
                                             << ErrorKind::Corrupt;
        QTest::newRow("no number") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"x\"]}]}}")
                                   << ErrorKind::Corrupt;
        QTest::newRow("time runs back") << 200
                                        << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[[2,\"1\"],[1,\"1\"]]}]}}")
                                        << ErrorKind::Corrupt;
        QTest::newRow("a bucket of an unknown rule") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\",\"sum\":\"1\",\"buckets\":[[4,\"0\",\"1\",\"1\"]]}]}]}}") << ErrorKind::Corrupt;
        QTest::newRow("a bucket upside down") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\",\"sum\":\"1\",\"buckets\":[[0,\"2\",\"1\",\"1\"]]}]}]}}") << ErrorKind::Corrupt;
        QTest::newRow("a histogram without a sum") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\"}]}]}}") << ErrorKind::Corrupt;
        QTest::newRow("a sample of three") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"1\",2]}]}}") << ErrorKind::Corrupt;
        QTest::newRow("two members of one name") << 200 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"a\":\"1\",\"a\":\"2\"},\"value\":[1,\"1\"]}]}}") << ErrorKind::Corrupt;
        QTest::newRow("too deep") << 200 << "{\"status\":\"success\",\"data\":" + QByteArray(100, '[') + QByteArray(100, ']') + "}" << ErrorKind::Corrupt;
        QTest::newRow("success by a failing server") << 502 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}") << ErrorKind::Unavailable;
        QTest::newRow("a label that is no text") << 200
                                                 << QByteArray("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{\"a\":1},\"value\":[1,\"1\"]}]}}")
                                                 << ErrorKind::Corrupt;
    }
    void errorsHaveTheirKind()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(ErrorKind, kind);
        const auto result = parsePrometheusResult(status, body);
        QVERIFY(!result.has_value());
        QCOMPARE(result.error().kind, kind);
        QVERIFY(!result.error().message.isEmpty());
    }

    void limitsHold()
    {
        PrometheusLimits limits;
        limits.series = 1;
        const QByteArray two = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"1\"]},{\"metric\":{\"a\":\"b\"},\"value\":[1,\"1\"]}]}}";
        QCOMPARE(parsePrometheusResult(200, two, limits).error().kind, ErrorKind::Exhausted);
        limits = {};
        limits.samples = 1;
        QCOMPARE(parsePrometheusResult(200, two, limits).error().kind, ErrorKind::Exhausted);
        limits = {};
        limits.bytes = 10;
        QCOMPARE(parsePrometheusResult(200, two, limits).error().kind, ErrorKind::Exhausted);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusReply)
#include "tst_prometheusreply.moc"
