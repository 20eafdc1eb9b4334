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

    void nativeHistogramsAreLeftOutAndSaid()
    {
        const auto result = parsePrometheusResult(
            200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"histogram\":[1,{\"count\":\"1\",\"sum\":\"1\",\"buckets\":[]}]}]}}");
        QVERIFY(result.has_value());
        QVERIFY(result->series[0].samples.isEmpty());
        QCOMPARE(result->warnings.size(), 1);
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

    void targetsAreRead()
    {
        const auto targets = parsePrometheusTargets(
            200, "{\"status\":\"success\",\"data\":{\"activeTargets\":[{\"labels\":{\"job\":\"relayer\",\"instance\":\"127.0.0.1:1\"},\"scrapeUrl\":\"http://127.0.0.1:1/metrics\",\"lastError\":\"refused\",\"lastScrape\":\"2026-11-22T07:00:00.5Z\",\"lastScrapeDuration\":0.01,\"health\":\"down\"},{\"labels\":{\"job\":\"etcd\"},\"health\":\"unknown\",\"lastScrape\":\"0001-01-01T00:00:00Z\"}],\"droppedTargets\":[]}}");
        QVERIFY(targets.has_value());
        QCOMPARE(targets->size(), 2);
        QCOMPARE((*targets)[0].job, u"relayer"_s);
        QVERIFY(!(*targets)[0].up);
        QCOMPARE((*targets)[0].lastError, u"refused"_s);
        QVERIFY(!(*targets)[0].lastScrape.isNull());
        QVERIFY((*targets)[1].lastScrape.isNull());
        QCOMPARE(parsePrometheusTargets(200, "{\"status\":\"success\",\"data\":{}}").error().kind, ErrorKind::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusReply)
#include "tst_prometheusreply.moc"
