#include "backend/metrics/prometheuscatalogue.h"
#include "backend/metrics/prometheusrules.h"
#include "backend/types/strings.h"

#include <QTest>

#include <cmath>

using namespace countersign;

namespace {

QByteArray success(const QByteArray &data)
{
    return "{\"status\":\"success\",\"data\":" + data + "}";
}

} // namespace

class TestPrometheusCatalogue final : public QObject
{
    Q_OBJECT

private slots:
    void targetsAreRead()
    {
        const auto targets = parsePrometheusTargets(
            200, success("{\"activeTargets\":[{\"labels\":{\"job\":\"relayer\",\"instance\":\"127.0.0.1:1\"},\"scrapePool\":\"relayer-1\",\"scrapeUrl\":\"http://127.0.0.1:1/metrics\",\"lastError\":\"refused\",\"lastScrape\":\"2026-11-22T07:00:00.512345678Z\",\"lastScrapeDuration\":0.01,\"health\":\"down\"},{\"labels\":{\"job\":\"etcd\"},\"health\":\"unknown\",\"lastScrape\":\"0001-01-01T00:00:00Z\"}],\"droppedTargets\":[]}"));
        QVERIFY(targets.has_value());
        QCOMPARE(targets->size(), 2);
        QCOMPARE((*targets)[0].job, u"relayer"_s);
        QCOMPARE((*targets)[0].pool, u"relayer-1"_s);
        QVERIFY(!(*targets)[0].up);
        QCOMPARE((*targets)[0].lastError, u"refused"_s);
        QCOMPARE((*targets)[0].lastScrape.micros() % 1'000'000, 512'345);
        QVERIFY((*targets)[1].lastScrape.isNull());
        QCOMPARE(parsePrometheusTargets(200, success("{}")).error().kind, ErrorKind::Corrupt);
    }

    void namesSeriesMetadataAndBuildAreRead()
    {
        QCOMPARE(parsePrometheusNames(200, success("[\"__name__\",\"job\"]")).value(), (QStringList{u"__name__"_s, u"job"_s}));
        QCOMPARE(parsePrometheusNames(200, success("[1]")).error().kind, ErrorKind::Corrupt);
        const auto series = parsePrometheusSeries(200, success("[{\"__name__\":\"up\",\"job\":\"a\"}]"));
        QCOMPARE(series->value(0).value(u"job"_s), u"a"_s);
        const auto metadata = parsePrometheusMetadata(200, success("{\"up\":[{\"type\":\"gauge\",\"help\":\"h\",\"unit\":\"\"}]}"));
        QCOMPARE(metadata->value(u"up"_s).value(0).type, u"gauge"_s);
        const auto build = parsePrometheusBuild(200, success("{\"version\":\"2.42.0+ds\",\"revision\":\"r\"}"));
        QCOMPARE(build->major, 2);
        QCOMPARE(build->minor, 42);
        const auto managers = parsePrometheusAlertmanagers(200, success("{\"activeAlertmanagers\":[{\"url\":\"http://127.0.0.1:9093/api/v2/alerts\"}],\"droppedAlertmanagers\":[]}"));
        QCOMPARE(managers->active.size(), 1);
        QCOMPARE(parsePrometheusText(200, success("\"up + 1\"")).value(), u"up + 1"_s);
    }

    void rulesAndTheirAlertsAreRead()
    {
        const auto groups = parsePrometheusRules(
            200, success("{\"groups\":[{\"name\":\"g\",\"file\":\"/f.yml\",\"interval\":30,\"evaluationTime\":0.1,\"lastEvaluation\":\"2026-11-22T07:00:00+01:00\",\"rules\":[{\"state\":\"pending\",\"name\":\"Slow\",\"query\":\"q > 1\",\"duration\":300,\"keepFiringFor\":60,\"labels\":{\"severity\":\"warning\"},\"annotations\":{\"summary\":\"{{ $value }}\"},\"alerts\":[{\"labels\":{\"alertname\":\"Slow\"},\"annotations\":{},\"state\":\"pending\",\"activeAt\":\"2026-11-22T06:00:00Z\",\"value\":\"1.4e+01\"}],\"health\":\"ok\",\"type\":\"alerting\"},{\"name\":\"r\",\"query\":\"1\",\"health\":\"err\",\"lastError\":\"no\",\"type\":\"recording\"}]}]}"));
        QVERIFY2(groups.has_value(), groups ? "" : qPrintable(groups.error().message));
        const PrometheusRule &rule = groups->first().rules.first();
        QCOMPARE(rule.state, PrometheusRule::State::Pending);
        QCOMPARE(rule.forSeconds, 300.0);
        QCOMPARE(rule.keepFiringSeconds, 60.0);
        QCOMPARE(rule.alerts.first().value, 14.0);
        QVERIFY(!rule.alerts.first().firing);
        QCOMPARE(groups->first().lastEvaluation.toIsoString(), u"2026-11-22T06:00:00.000Z"_s);
        QCOMPARE(groups->first().rules.last().kind, PrometheusRule::Kind::Recording);
        QCOMPARE(groups->first().rules.last().lastError, u"no"_s);
        const auto alerts = parsePrometheusAlerts(200, success("{\"alerts\":[{\"labels\":{\"a\":\"b\"},\"annotations\":{},\"state\":\"firing\",\"activeAt\":\"2026-11-22T06:00:00Z\",\"value\":\"NaN\"}]}"));
        QVERIFY(alerts->first().firing && std::isnan(alerts->first().value));
        QCOMPARE(parsePrometheusRules(200, success("{\"groups\":[{\"name\":\"g\",\"rules\":[{\"type\":\"else\"}]}]}")).error().kind, ErrorKind::Corrupt);
        QCOMPARE(parsePrometheusRules(401, "Unauthorized").error().kind, ErrorKind::Unauthenticated);
    }

    void limitsHoldInEveryList()
    {
        const PrometheusLimits one{.bytes = 1 << 20, .series = 1, .samples = 8, .depth = 6};
        QCOMPARE(parsePrometheusSeries(200, success("[{},{}]"), one).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parsePrometheusNames(200, success("[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]"), one).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parsePrometheusNames(200, success("[[[[[[[\"a\"]]]]]]]"), one).error().kind, ErrorKind::Corrupt);
        QCOMPARE(parsePrometheusTargets(200, success("{\"activeTargets\":[{},{}]}"), one).error().kind, ErrorKind::Exhausted);
        QCOMPARE(parsePrometheusRules(200, success("{\"groups\":[{\"rules\":[{},{}]}]}"), one).error().kind, ErrorKind::Exhausted);
    }

    void aLabelNameBeyondTheOldAlphabetIsEscaped()
    {
        QCOMPARE(escapedLabelName(u"job"_s), u"job"_s);
        QCOMPARE(escapedLabelName(u"http.status"_s), u"U__http_2e_status"_s);
        QCOMPARE(escapedLabelName(u"a_b.c"_s), u"U__a__b_2e_c"_s);
        QCOMPARE(escapedLabelName(u"größe"_s), u"U__gr_f6__df_e"_s);
        QCOMPARE(escapedLabelName(u"U__x"_s), u"U__U____x"_s);
    }
};

QTEST_GUILESS_MAIN(TestPrometheusCatalogue)
#include "tst_prometheuscatalogue.moc"
