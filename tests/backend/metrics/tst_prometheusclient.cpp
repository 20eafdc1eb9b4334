#include "backend/metrics/managedprometheus.h"
#include "backend/metrics/prometheusclient.h"
#include "backend/types/strings.h"
#include "tests/backend/metrics/fakehttp.h"

#include <QCoroTask>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

template<class T>
T wait(QCoro::Task<T> task)
{
    return QCoro::waitFor(std::move(task));
}

QByteArray nothing()
{
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";
}

} // namespace

class TestPrometheusClient final : public QObject
{
    Q_OBJECT

private slots:
    /// An hour of a counter in two series, made by promtool, behind a real Prometheus.
    void initTestCase()
    {
        m_end = Timestamp::fromSeconds(m_clock.now().millis() / 1000 / 60 * 60 - 600);
        QByteArray text("# HELP intents_total Intents.\n# TYPE intents_total counter\n");
        for (const char *relayer : {"relayer-1", "relayer-2"}) {
            for (int i = 0; i <= 240; ++i)
                text += "intents_total{relayer=\"" + QByteArray(relayer) + "\"} " + QByteArray::number(i * 3) + ' '
                    + QByteArray::number(m_end.millis() / 1000 - 3600 + i * 15) + '\n';
        }
        text += "# EOF\n";
        QVERIFY(QDir().mkpath(m_dir.filePath(u"p/data"_s)));
        QFile file(m_dir.filePath(u"in.om"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        file.close();
        QProcess promtool;
        promtool.start(u"promtool"_s, {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, file.fileName(), m_dir.filePath(u"p/data"_s)});
        QVERIFY(promtool.waitForFinished(60'000));
        QCOMPARE(promtool.exitCode(), 0);
        ManagedPrometheusSettings settings;
        settings.folder = m_dir.filePath(u"p"_s);
        m_prometheus = std::make_unique<ManagedPrometheus>(settings, m_clock);
        const QSignalSpy ready(m_prometheus.get(), &ManagedPrometheus::ready);
        m_prometheus->start();
        QTRY_COMPARE_WITH_TIMEOUT(ready.size(), 1, 60'000);
    }
    void cleanupTestCase() { m_prometheus.reset(); }

    void whatIsStoredIsAnswered()
    {
        PrometheusClient client(m_http, m_prometheus->url());
        const auto range = wait(client.queryRange(u"intents_total"_s, m_end - 1h, m_end, 15s));
        QVERIFY2(range.has_value(), range ? "" : qPrintable(range.error().message));
        QCOMPARE(range->series.size(), 2);
        QCOMPARE(range->series[0].samples.size(), 241);
        QCOMPARE(range->series[1].samples.last(), (PrometheusSample{m_end, 720}));
        QCOMPARE(wait(client.query(u"sum(rate(intents_total[10m]))"_s, m_end))->value(), std::optional(0.4));
        QCOMPARE(wait(client.query(u"scalar(vector(2.5))"_s, m_end))->type, PrometheusResult::Type::Scalar);
        QCOMPARE(wait(client.query(u"\"text\""_s))->text, u"text"_s);

        const PrometheusSelection hour{.matchers = {u"intents_total"_s}, .start = m_end - 1h, .end = m_end, .limit = 0};
        QCOMPARE(wait(client.series(hour))->size(), 2);
        QVERIFY(wait(client.labelNames(hour))->contains(u"relayer"_s));
        QCOMPARE(wait(client.labelValues(u"relayer"_s, hour)).value(), (QStringList{u"relayer-1"_s, u"relayer-2"_s}));
        QCOMPARE(wait(client.series({})).error().kind, ErrorKind::Invalid);
    }

    void whatTheServerIsIsAnswered()
    {
        PrometheusClient client(m_http, m_prometheus->url());
        QVERIFY(wait(client.buildInfo())->major >= 2);
        QVERIFY(wait(client.metadata()).has_value());
        QVERIFY(wait(client.targets())->isEmpty());
        QVERIFY(wait(client.rules()).has_value());
        QVERIFY(wait(client.alerts())->isEmpty());
        QVERIFY(wait(client.alertmanagers())->active.isEmpty());
        QCOMPARE(wait(client.formatQuery(u"up+1"_s)).value(), u"up + 1"_s);
    }

    void aMistakeInAnExpressionHasItsPlace()
    {
        PrometheusClient client(m_http, m_prometheus->url());
        const auto open = wait(client.query(u"sum(up"_s));
        QCOMPARE(open.error().kind, ErrorKind::Invalid);
        const auto place = expressionPlace(open.error());
        QVERIFY(place.has_value());
        QCOMPARE(place->line, 1);
        QVERIFY(place->column >= 5);
        QVERIFY2(place->what.contains(u"parenthes"_s), qPrintable(place->what));
        const auto second = wait(client.queryRange(u"up +\n  sum(up) by ((x)"_s, m_end - 1min, m_end, 15s));
        QCOMPARE(expressionPlace(second.error())->line, 2);
        QVERIFY(!expressionPlace(wait(client.query(u"intents_total * on () intents_total"_s, m_end)).error()).has_value());
        QCOMPARE(wait(client.query(u"intents_total * on () intents_total"_s, m_end)).error().kind, ErrorKind::Rejected);
    }

    void aLargeAnswerIsReadOnAnotherThread()
    {
        PrometheusClient client(m_http, m_prometheus->url());
        const auto large = wait(client.queryRange(u"intents_total"_s, m_end - 2h, m_end, 1s));
        QVERIFY(large.has_value());
        QCOMPARE(large->series.size(), 2);
        QVERIFY(large->series[0].samples.size() > 3600);
    }

    void itSaysWhoAsks()
    {
        FakeHttp server([](const FakeRequest &) { return FakeAnswer{.status = 200, .body = nothing()}; });
        HttpAccess access{.base = server.url(u"/prometheus/"_s), .headers = {{"X-Scope-OrgID", "treasury"}}, .username = u"reader"_s, .secret = "s3cret", .tls = {}};
        QVERIFY(wait(PrometheusClient(m_http, access).query(u"up{a=\"+ &\"}"_s)).has_value());
        const FakeRequest &asked = server.requests.last();
        QCOMPARE(asked.method, "POST");
        QCOMPARE(asked.url.path(), u"/prometheus/api/v1/query"_s);
        QCOMPARE(asked.headers.value("x-scope-orgid"), "treasury");
        QCOMPARE(asked.headers.value("authorization"), "Basic " + QByteArray("reader:s3cret").toBase64());
        QCOMPARE(asked.body, "query=up%7Ba%3D%22%2B%20%26%22%7D");
        access.username.clear();
        QVERIFY(wait(PrometheusClient(m_http, access).query(u"up"_s)).has_value());
        QCOMPARE(server.requests.last().headers.value("authorization"), "Bearer s3cret");

        access.base = QUrl(u"http://prometheus.example.com"_s);
        const auto refused = wait(PrometheusClient(m_http, access).query(u"up"_s));
        QCOMPARE(refused.error().kind, ErrorKind::Denied);
        QVERIFY(!(refused.error().message + refused.error().detail).contains(u"s3cret"_s));
    }

    void whatLiesIsNotBelieved()
    {
        QByteArray body;
        int status = 200;
        FakeHttp server([&](const FakeRequest &) { return FakeAnswer{.status = status, .body = body}; });
        PrometheusClient client(m_http, server.url());
        client.setDeadline(2s);
        body = "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[1,\"1\"]},"; // cut off
        QCOMPARE(wait(client.query(u"up"_s)).error().kind, ErrorKind::Corrupt);
        body = nothing();
        status = 500;
        QCOMPARE(wait(client.query(u"up"_s)).error().kind, ErrorKind::Internal);
        status = 401;
        QCOMPARE(wait(client.query(u"up"_s)).error().kind, ErrorKind::Unauthenticated);
    }

private:
    SystemClock m_clock;
    HttpClient m_http;
    QTemporaryDir m_dir;
    Timestamp m_end;
    std::unique_ptr<ManagedPrometheus> m_prometheus;
};

QTEST_GUILESS_MAIN(TestPrometheusClient)
#include "tst_prometheusclient.moc"
