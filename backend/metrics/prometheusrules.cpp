#include "backend/metrics/prometheusrules.h"

#include "backend/metrics/jsonfields.h"
#include "backend/metrics/jsonscanner.h"
#include "backend/metrics/prometheusdocument.h"
#include "backend/types/strings.h"

#include <limits>

namespace countersign {

namespace {

std::unexpected<Error> corrupt(const QString &what)
{
    return fail(ErrorKind::Corrupt, u"Prometheus answered something unexpected: "_s + what);
}

PrometheusAlert alertOf(const JsonView &object)
{
    PrometheusAlert alert;
    alert.labels = textMapField(object, "labels");
    alert.annotations = textMapField(object, "annotations");
    alert.firing = textField(object, "state") == u"firing"_s;
    alert.activeAt = timeField(object, "activeAt");
    alert.keepFiringSince = timeField(object, "keepFiringSince");
    alert.value = prometheusNumber(textField(object, "value").toLatin1()).value_or(std::numeric_limits<double>::quiet_NaN());
    return alert;
}

QVector<PrometheusAlert> alertsOf(const JsonView &owner)
{
    QVector<PrometheusAlert> alerts;
    if (const auto list = owner.find("alerts"); list && list->isArray()) {
        for (const JsonView entry : *list)
            alerts.append(alertOf(entry));
    }
    return alerts;
}

Result<PrometheusRule> ruleOf(const JsonView &object)
{
    using State = PrometheusRule::State;
    PrometheusRule rule;
    const QString type = textField(object, "type");
    if (type != u"alerting"_s && type != u"recording"_s)
        return corrupt(u"a rule of the type “%1”"_s.arg(type.left(32)));
    rule.kind = type == u"alerting"_s ? PrometheusRule::Kind::Alerting : PrometheusRule::Kind::Recording;
    rule.name = textField(object, "name");
    rule.expression = textField(object, "query");
    rule.labels = textMapField(object, "labels");
    rule.health = textField(object, "health");
    rule.lastError = textField(object, "lastError");
    rule.evaluationSeconds = numberField(object, "evaluationTime");
    rule.lastEvaluation = timeField(object, "lastEvaluation");
    const QString state = textField(object, "state");
    rule.state = state == u"firing"_s ? State::Firing : state == u"pending"_s ? State::Pending : State::Inactive;
    rule.forSeconds = numberField(object, "duration");
    rule.keepFiringSeconds = numberField(object, "keepFiringFor");
    rule.annotations = textMapField(object, "annotations");
    rule.alerts = alertsOf(object);
    return rule;
}

} // namespace

Result<QVector<PrometheusRuleGroup>> parsePrometheusRules(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    const auto list = text->root().find("groups");
    if (!list || !list->isArray())
        return corrupt(u"no list of rule groups"_s);
    QVector<PrometheusRuleGroup> groups;
    qsizetype total = 0;
    for (const JsonView entry : *list) {
        PrometheusRuleGroup group;
        group.name = textField(entry, "name");
        group.file = textField(entry, "file");
        group.intervalSeconds = numberField(entry, "interval");
        group.evaluationSeconds = numberField(entry, "evaluationTime");
        group.lastEvaluation = timeField(entry, "lastEvaluation");
        const auto rules = entry.find("rules");
        if (!rules || !rules->isArray())
            return corrupt(u"a rule group without rules"_s);
        total += rules->size();
        if (total > limits.series)
            return fail(ErrorKind::Exhausted, u"Prometheus has more than %1 rules."_s.arg(limits.series));
        for (const JsonView rule : *rules) {
            auto read = ruleOf(rule);
            if (!read)
                return std::unexpected(read.error());
            group.rules.append(std::move(*read));
        }
        groups.append(std::move(group));
    }
    return groups;
}

Result<QVector<PrometheusAlert>> parsePrometheusAlerts(int httpStatus, const QByteArray &body, const PrometheusLimits &limits)
{
    const auto text = parsePrometheusDocument(httpStatus, body, JsonView::Kind::Object, limits);
    if (!text)
        return std::unexpected(text.error());
    const auto list = text->root().find("alerts");
    if (!list || !list->isArray())
        return corrupt(u"no list of alerts"_s);
    if (auto fits = withinLimit(*list, limits); !fits)
        return std::unexpected(fits.error());
    return alertsOf(text->root());
}

} // namespace countersign
