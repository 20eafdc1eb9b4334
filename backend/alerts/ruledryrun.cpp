#include "backend/alerts/ruledryrun.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr qint64 mostSteps = 10'000; // Prometheus takes 11,000 in one question

AlertLabels labelsOf(const RuleText &rule, const PrometheusLabels &element)
{
    AlertLabels labels = element;
    labels.remove(u"__name__"_s);
    for (auto label = rule.labels.cbegin(); label != rule.labels.cend(); ++label)
        labels.insert(label.key(), label.value());
    labels.insert(u"alertname"_s, rule.name);
    return labels;
}

/// One element's way through pending and firing, evaluation by evaluation.
class Life {
public:
    Life(const RuleText &rule, AlertLabels labels, QVector<WouldFire> &alerts)
        : m_rule(rule)
        , m_labels(std::move(labels))
        , m_alerts(alerts)
    {
    }
    void present(Timestamp at, double value)
    {
        if (!m_isActive) {
            m_isActive = true;
            m_alert = {m_labels, at, {}, {}, value};
        }
        m_absentSince = {};
        if (!(std::abs(value) <= std::abs(m_alert.peak)))
            m_alert.peak = value;
        if (!m_alert.fired() && at - m_alert.activeAt >= m_rule.holdFor)
            m_alert.firedAt = at;
    }
    void absent(Timestamp at)
    {
        if (!m_isActive)
            return;
        if (m_absentSince.isNull())
            m_absentSince = at;
        if (m_alert.fired() && at - m_absentSince < m_rule.keepFiringFor)
            return;
        m_alert.endedAt = at;
        end();
    }
    void end()
    {
        if (m_isActive)
            m_alerts.append(m_alert);
        m_isActive = false;
        m_absentSince = {};
    }

private:
    const RuleText &m_rule;
    AlertLabels m_labels;
    QVector<WouldFire> &m_alerts;
    WouldFire m_alert;
    Timestamp m_absentSince;
    bool m_isActive = false;
};

} // namespace

int RuleDryRun::fired() const
{
    return static_cast<int>(std::ranges::count_if(alerts, &WouldFire::fired));
}

int RuleDryRun::onlyPending() const
{
    return static_cast<int>(alerts.size()) - fired();
}

RuleDryRun dryRunOf(const RuleText &rule, const PrometheusResult &result, Timestamp start, Timestamp end, std::chrono::milliseconds step)
{
    RuleDryRun run{.alerts = {}, .step = step, .isCoarse = false, .warnings = result.warnings};
    if (step.count() <= 0)
        return run;
    for (const PrometheusSeries &series : result.series) {
        Life life(rule, labelsOf(rule, series.labels), run.alerts);
        auto sample = series.samples.cbegin();
        for (Timestamp at = start; at <= end; at = at + step) {
            while (sample != series.samples.cend() && sample->time < at)
                ++sample;
            if (sample != series.samples.cend() && sample->time == at)
                life.present(at, sample->value);
            else
                life.absent(at);
        }
        life.end();
    }
    std::ranges::sort(run.alerts, {}, &WouldFire::activeAt);
    return run;
}

QCoro::Task<Result<RuleDryRun>> dryRunOf(PrometheusClient &client, RuleText rule, Timestamp start, Timestamp end, std::chrono::milliseconds interval, std::stop_token stop)
{
    if (interval.count() <= 0 || end < start)
        co_return fail(ErrorKind::Invalid, u"A rule is tried over a range that ends after it begins, at an interval."_s);
    const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(end - start);
    const qint64 times = length.count() / (interval.count() * mostSteps) + 1;
    const std::chrono::milliseconds step = interval * times;
    const Timestamp first = Timestamp::fromMillis(start.millis());
    const auto result = co_await client.queryRange(rule.expression, first, Timestamp::fromMillis(end.millis()), step, stop);
    if (!result)
        co_return std::unexpected(result.error());
    RuleDryRun run = dryRunOf(rule, *result, first, end, step);
    run.isCoarse = times > 1;
    co_return run;
}

} // namespace countersign
