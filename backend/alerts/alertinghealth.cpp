#include "backend/alerts/alertinghealth.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

using Kind = AlertingProblem::Kind;

void judgeManagers(const HealthQuestion &question, QVector<AlertingProblem> &problems)
{
    const auto isLive = [](const ManagerView &view) { return view.isLive; };
    if (question.managers.isEmpty()) {
        problems.append({Kind::NoManagerAnswers, u"No Alertmanager is known to this console: name one in the environment file."_s, {}});
        return;
    }
    if (std::ranges::none_of(question.managers, isLive)) {
        problems.append({Kind::NoManagerAnswers, u"No Alertmanager answers. New alerts are not seen here; those shown are old."_s, {}});
        return;
    }
    for (const ManagerView &view : question.managers) {
        if (!view.isLive)
            problems.append({Kind::ManagerDown, u"The Alertmanager %1 does not answer; the others do."_s.arg(view.id), {}});
    }
}

bool hasRule(const QVector<PrometheusRuleGroup> &groups, const QString &name)
{
    return std::ranges::any_of(groups, [&name](const PrometheusRuleGroup &group) {
        return std::ranges::any_of(group.rules, [&name](const PrometheusRule &rule) { return rule.kind == PrometheusRule::Kind::Alerting && rule.name == name; });
    });
}

void judgeRules(const PrometheusFacts &prometheus, QVector<AlertingProblem> &problems)
{
    for (const PrometheusRuleGroup &group : prometheus.groups) {
        for (const PrometheusRule &rule : group.rules) {
            if (rule.health == u"err"_s)
                problems.append({Kind::RuleFails, u"The rule %1 of the group %2 cannot be evaluated: %3"_s.arg(rule.name, group.name, rule.lastError.left(200)), {}});
        }
    }
}

void judgePrometheus(const PrometheusFacts &prometheus, QVector<AlertingProblem> &problems)
{
    if (!prometheus.answers) {
        problems.append({Kind::PrometheusDown, u"Prometheus does not answer, so its rules may not be evaluated: %1"_s.arg(prometheus.error), {}});
        return;
    }
    if (prometheus.managers == 0)
        problems.append({Kind::NoManagerKnown, u"Prometheus sends its alerts to no Alertmanager. Look at “alerting” in its configuration."_s, {}});
    judgeRules(prometheus, problems);
}

void judgeWatchdog(const HealthQuestion &question, QVector<AlertingProblem> &problems)
{
    const bool anyLive = std::ranges::any_of(question.managers, [](const ManagerView &view) { return view.isLive; });
    const bool isThere = std::ranges::any_of(question.merged.alerts,
        [&question](const MergedAlert &merged) { return !merged.isStale && merged.alert.name() == question.watchdog; });
    if (question.watchdog.isEmpty() || !anyLive || isThere)
        return;
    const bool asked = question.prometheus && question.prometheus->answers;
    if (question.watchdogWasSeen || (asked && hasRule(question.prometheus->groups, question.watchdog)))
        problems.append({Kind::WatchdogMissing, u"The alert %1, which always fires, does not arrive. Other alerts may not arrive either."_s.arg(question.watchdog), {}});
    else if (asked)
        problems.append({Kind::NoWatchdogRule, u"Prometheus has no rule %1 that always fires: nothing would tell if alerts did not arrive."_s.arg(question.watchdog), {}});
}

} // namespace

QVector<AlertingProblem> alertingProblems(const HealthQuestion &question)
{
    QVector<AlertingProblem> problems;
    judgeManagers(question, problems);
    if (question.prometheus)
        judgePrometheus(*question.prometheus, problems);
    judgeWatchdog(question, problems);
    std::ranges::sort(problems, [](const AlertingProblem &a, const AlertingProblem &b) {
        return a.isSilence() != b.isSilence() ? a.isSilence() : std::pair(a.kind, a.text) < std::pair(b.kind, b.text);
    });
    return problems;
}

} // namespace countersign
