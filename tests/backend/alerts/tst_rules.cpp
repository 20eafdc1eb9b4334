#include "backend/alerts/rulecheck.h"
#include "backend/alerts/ruledryrun.h"
#include "backend/alerts/rulefile.h"
#include "backend/metrics/managedprometheus.h"
#include "backend/types/strings.h"

#include <QCoroTask>
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

Result<RuleCheck> check(const QByteArray &yaml, const QString &program = u"promtool"_s, std::chrono::milliseconds deadline = 20s)
{
    auto checking = checkRuleFile(yaml, program, deadline);
    while (!checking.isFinished())
        QTest::qWait(5);
    return checking.takeResult();
}

constexpr auto step = 30s;

Timestamp at(int index)
{
    return Timestamp::fromSeconds(1'700'000'000 + index * 30);
}

/// A series that is there at these steps.
PrometheusResult present(const QList<int> &indexes)
{
    PrometheusSeries series;
    series.labels = {{u"__name__"_s, u"up"_s}, {u"job"_s, u"relayer"_s}};
    for (const int index : indexes)
        series.samples.append({at(index), static_cast<double>(index)});
    PrometheusResult result;
    result.series = {series};
    return result;
}

RuleText rule(std::chrono::milliseconds holdFor, std::chrono::milliseconds keep = 0ms)
{
    RuleText rule;
    rule.name = u"Down"_s;
    rule.holdFor = holdFor;
    rule.keepFiringFor = keep;
    rule.labels = {{u"severity"_s, u"critical"_s}};
    return rule;
}

} // namespace

class TestRules final : public QObject
{
    Q_OBJECT

private slots:
    void durationsAreReadAsPrometheusReadsThem()
    {
        QCOMPARE(parsePrometheusDuration(u"5m"_s).value(), 300'000ms);
        QCOMPARE(parsePrometheusDuration(u"1h30m"_s).value(), 5'400'000ms);
        QCOMPARE(parsePrometheusDuration(u"1d12h1ms"_s).value(), 129'600'001ms);
        QCOMPARE(parsePrometheusDuration(u"0"_s).value(), 0ms);
        for (const char *bad : {"", "5", "m", "30m1h", "5 m", "1.5h", "-5m", "999y"})
            QVERIFY2(!parsePrometheusDuration(QString::fromLatin1(bad)), bad);
    }

    void aRuleFileIsReadWithItsPlaces()
    {
        const auto groups = parseRuleFile("groups:\n  - name: g\n    interval: 30s\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 5m\n        keep_firing_for: 1m\n        labels: {severity: critical}\n      - record: r\n        expr: |\n          sum(up)\n");
        QVERIFY2(groups.has_value(), groups ? "" : qPrintable(groups.error().message));
        QCOMPARE(groups->first().interval, 30'000ms);
        const RuleText &down = groups->first().rules[0];
        QCOMPARE(down.expression, u"up == 0"_s);
        QCOMPARE(down.holdFor, 300'000ms);
        QCOMPARE(down.keepFiringFor, 60'000ms);
        QCOMPARE(down.line, 5);
        QCOMPARE(down.expressionLine, 6);
        QCOMPARE(down.expressionColumn, 15);
        QVERIFY(!groups->first().rules[1].isAlert);
        QCOMPARE(groups->first().rules[1].expression, u"sum(up)"_s);
        QVERIFY(parseRuleFile("groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up\n        for: soon\n").error().message.contains(u"Line 6"_s));
        QVERIFY(!parseRuleFile("groups: 1"));
        QVERIFY(!parseRuleFile("groups: ["));
        const QDir folder(QStringLiteral(COUNTERSIGN_RESOURCES "/alerts"));
        for (const QString &name : {u"vault.yml"_s, u"alerting.yml"_s}) {
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray yaml = file.readAll();
            const auto read = parseRuleFile(yaml);
            QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().message));
            int rules = 0;
            for (const RuleGroupText &group : *read)
                rules += static_cast<int>(group.rules.size());
            const auto judged = check(yaml);
            QVERIFY(judged->isGood);
            QCOMPARE(judged->rules, rules);
        }
    }

    void promtoolsFindingsHaveTheirPlace()
    {
        const auto expression = check("groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(up\n");
        QVERIFY(!expression->isGood);
        QCOMPARE(expression->problems.size(), 1);
        QCOMPARE(expression->problems[0].line, 5);
        QCOMPARE(expression->problems[0].column, 15);
        QVERIFY(expression->problems[0].text.contains(u"unclosed left parenthesis"_s));
        const auto field = check("groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up\n        four: 3\n");
        QCOMPARE(field->problems.value(0).line, 6);
        QVERIFY(field->problems[0].text.startsWith(u"field four not found"_s));
        const auto yaml = check("groups: [\n");
        QCOMPARE(yaml->problems.size(), 1);
        QCOMPARE(yaml->problems[0].line, 1);
        QVERIFY(!yaml->output.contains(u"/tmp/"_s));
        const auto missing = check("groups: []\n", u"no-such-promtool"_s);
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        QVERIFY(check("groups: []\n")->isGood);
    }

    void aSlowPromtoolIsEnded()
    {
        const QTemporaryDir dir;
        QFile script(dir.filePath(u"promtool"_s));
        QVERIFY(script.open(QIODevice::WriteOnly) && script.write("#!/bin/sh\nexec sleep 60\n") > 0);
        script.close();
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QCOMPARE(check("groups: []\n", script.fileName(), 200ms).error().kind, ErrorKind::Timeout);
    }

    void forAndKeepFiringAreKept()
    {
        const auto atOnce = dryRunOf(rule(0ms), present({2, 3}), at(0), at(10), step);
        QCOMPARE(atOnce.fired(), 1);
        QCOMPARE(atOnce.alerts[0].firedAt, at(2));
        QCOMPARE(atOnce.alerts[0].endedAt, at(4));
        QCOMPARE(atOnce.alerts[0].peak, 3.0);
        QCOMPARE(atOnce.alerts[0].labels, (AlertLabels{{u"alertname"_s, u"Down"_s}, {u"job"_s, u"relayer"_s}, {u"severity"_s, u"critical"_s}}));

        const auto held = dryRunOf(rule(60s), present({0, 1, 4, 5, 6, 7}), at(0), at(10), step);
        QCOMPARE(held.alerts.size(), 2);
        QVERIFY(!held.alerts[0].fired()); // 30 seconds are too short
        QCOMPARE(held.alerts[1].firedAt, at(6));
        QCOMPARE(held.onlyPending(), 1);

        const auto kept = dryRunOf(rule(0ms, 90s), present({0, 2, 3, 9}), at(0), at(12), step);
        QCOMPARE(kept.fired(), 2); // the gap at 1 is bridged, the gap from 4 to 8 is not
        QCOMPARE(kept.alerts[0].endedAt, at(7));
        QVERIFY(kept.alerts[1].endedAt == at(13) || kept.alerts[1].endedAt.isNull());

        const auto lasting = dryRunOf(rule(0ms), present({9, 10}), at(0), at(10), step);
        QVERIFY(lasting.alerts[0].endedAt.isNull());
    }

    void historyTellsHowOftenItWouldHaveFired()
    {
        const QTemporaryDir dir;
        SystemClock clock;
        const qint64 end = clock.now().millis() / 1000 - 600;
        QByteArray text("# TYPE depth gauge\n");
        for (int i = -240; i <= 0; ++i) // an hour; deep from minute 10 to 20, and from 40 to 42
            text += "depth " + QByteArray::number((i >= -200 && i < -160) || (i >= -80 && i < -72) ? 14 : 1) + ' ' + QByteArray::number(end + i * 15) + '\n';
        QVERIFY(QDir().mkpath(dir.filePath(u"p/data"_s)));
        QFile file(dir.filePath(u"in.om"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text + "# EOF\n") > 0);
        file.close();
        QCOMPARE(QProcess::execute(u"promtool"_s, {u"tsdb"_s, u"create-blocks-from"_s, u"openmetrics"_s, u"-q"_s, file.fileName(), dir.filePath(u"p/data"_s)}), 0);
        ManagedPrometheusSettings settings;
        settings.folder = dir.filePath(u"p"_s);
        ManagedPrometheus prometheus(settings, clock);
        prometheus.start();
        QTRY_VERIFY_WITH_TIMEOUT(!prometheus.url().isEmpty(), 60'000);
        HttpClient http;
        PrometheusClient client(http, prometheus.url());
        RuleText deep = rule(5min);
        deep.expression = u"depth > 10"_s;
        const auto run = QCoro::waitFor(dryRunOf(client, deep, Timestamp::fromSeconds(end - 3600), Timestamp::fromSeconds(end), 15s));
        QVERIFY2(run.has_value(), run ? "" : qPrintable(run.error().message));
        QCOMPARE(run->fired(), 1);
        QCOMPARE(run->onlyPending(), 1);
        QVERIFY(!run->isCoarse);
        QCOMPARE(run->alerts[0].activeAt, Timestamp::fromSeconds(end - 200 * 15));
        QCOMPARE(run->alerts[0].firedAt, Timestamp::fromSeconds(end - 180 * 15));
        const auto week = QCoro::waitFor(dryRunOf(client, deep, Timestamp::fromSeconds(end - 7 * 86400), Timestamp::fromSeconds(end), 15s));
        QVERIFY(week->isCoarse && week->step == 75s);
        deep.expression = u"depth >"_s;
        const auto wrong = QCoro::waitFor(dryRunOf(client, deep, Timestamp::fromSeconds(end - 60), Timestamp::fromSeconds(end), 15s));
        QVERIFY(expressionPlace(wrong.error()).has_value());
    }
};

QTEST_GUILESS_MAIN(TestRules)
#include "tst_rules.moc"
