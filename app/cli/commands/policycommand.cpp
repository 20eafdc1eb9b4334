#include "app/cli/commands/command.h"
#include "app/cli/commands/input.h"
#include "backend/environment/environment.h"
#include "backend/policy/policy.h"
#include "backend/policy/policyevaluation.h"
#include "backend/policy/policyquestionjson.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QList<QCommandLineOption> options()
{
    return {{u"environment"_s, u"Environment whose holders are the only names that roles may use."_s, u"FILE"_s}};
}

Report::Severity severityOf(PolicySeverity severity)
{
    switch (severity) {
    case PolicySeverity::Block:
        return Report::Severity::Block;
    case PolicySeverity::Warn:
        return Report::Severity::Warn;
    case PolicySeverity::Info:
        break;
    }
    return Report::Severity::Info;
}

Result<Policy> policyOf(const Invocation &invocation)
{
    const auto file = invocation.word(1, u"The policy file"_s);
    const auto yaml = file ? readInput(*file) : Result<QByteArray>(std::unexpected(file.error()));
    if (!yaml)
        return std::unexpected(yaml.error());
    PolicyLoadOptions with;
    Environment environment;
    if (invocation.has(u"environment"_s)) {
        auto loaded = Environment::load(invocation.value(u"environment"_s));
        if (!loaded)
            return std::unexpected(loaded.error());
        environment = *std::move(loaded);
        with.environment = &environment;
    }
    return Policy::parse(*yaml, *file, with);
}

void describe(const Policy &policy, Report &report)
{
    report.add(u"name"_s, policy.name);
    report.add(u"version"_s, QString::number(policy.version));
    report.add(u"id"_s, policy.id().toString());
}

Result<void> check(const Invocation &invocation, Report &report)
{
    const auto policy = policyOf(invocation);
    if (policy) {
        describe(*policy, report);
        report.add(u"rules"_s, QString::number(policy->rules.size()));
        report.add(u"default"_s, policyWord(policy->otherwise));
        return {};
    }
    // What is wrong inside the file is the answer to the question; that it cannot be read at all is not.
    if (policy.error().kind != ErrorKind::Invalid || policy.error().detail.isEmpty()
        || policy.error().detail == u"usage")
        return std::unexpected(policy.error());
    for (const QString &line : policy.error().detail.split(u'\n'))
        report.find(Report::Severity::Block, u"policy.file"_s, line);
    return {};
}

QString outcomeOf(const RuleTrial &trial)
{
    switch (trial.outcome) {
    case RuleTrial::Outcome::Fits:
        return u"fits"_s;
    case RuleTrial::Outcome::Undecided:
        return u"undecided: %1"_s.arg(trial.why);
    case RuleTrial::Outcome::DoesNotFit:
        break;
    }
    return u"does not fit: %1"_s.arg(trial.why);
}

void explain(const Policy &policy, const PolicyQuestion &question, Report &report)
{
    const PolicyVerdict verdict = evaluatePolicy(policy, question);
    auto &calls = report.root().list(u"calls"_s);
    for (const CallVerdict &call : verdict.calls) {
        const PolicyCall &asked = question.calls[call.call];
        auto &group = calls.element(
            u"call %1"_s.arg(call.call + 1), u"%1 to %2"_s.arg(describeKind(asked.kind), asked.to.toString()));
        const bool isUndecided
            = !call.rule && !call.trials.isEmpty() && call.trials.last().outcome == RuleTrial::Outcome::Undecided;
        group.add(u"decidedBy"_s,
            call.rule         ? policy.rules[*call.rule].name
                : isUndecided ? u"nothing: a fact is missing"_s
                              : u"the default"_s,
            u"decided by"_s);
        group.add(u"action"_s, policyWord(call.action));
        auto &trials = group.list(u"rules"_s);
        for (const RuleTrial &trial : call.trials) {
            auto &element = trials.element(trial.rule, outcomeOf(trial));
            element.add(u"rule"_s, trial.rule);
        }
    }
    auto &needs = report.root().list(u"needs"_s);
    for (const PolicyNeed &need : verdict.needs)
        needs.element(need.isMet() ? u"met"_s : u"open"_s, describeNeed(need));
    if (verdict.notBefore) {
        report.add(u"notBefore"_s, verdict.notBefore->toIsoString(), u"not before"_s);
        report.add(u"notBeforeFrom"_s, verdict.knownSince == KnownSince::FirstSeen ? u"firstSeenAt"_s : u"createdAt"_s, u"reckoned from"_s);
    }
    if (verdict.expires)
        report.add(u"expires"_s, verdict.expires->toIsoString());
    for (const PolicyFinding &finding : verdict.findings)
        report.find(severityOf(finding.severity), finding.id,
            finding.evidence.isEmpty() ? finding.message : u"%1: %2"_s.arg(finding.message, finding.evidence));
}

Result<void> run(const Invocation &invocation, Report &report)
{
    const auto task = invocation.word(0, u"What to do (check, id, explain)"_s);
    if (!task)
        return std::unexpected(task.error());
    if (*task == u"check")
        return check(invocation, report);
    if (*task != u"id" && *task != u"explain")
        return fail(
            ErrorKind::Invalid, u"There is no task \"%1\"; there are check, id and explain"_s.arg(*task), u"usage"_s);
    const auto policy = policyOf(invocation);
    if (!policy)
        return std::unexpected(policy.error());
    describe(*policy, report);
    if (*task == u"id")
        return {};
    const auto word = invocation.word(2, u"The question, a JSON file"_s);
    auto json = word ? readInput(*word) : Result<QByteArray>(std::unexpected(word.error()));
    if (!json)
        return std::unexpected(json.error());
    const auto question = policyQuestionFromJson(*std::move(json));
    if (!question)
        return fail(question.error().kind, u"%1: %2"_s.arg(*word, question.error().message));
    explain(*policy, *question, report);
    return {};
}

} // namespace

const Command policyCommand{"policy", "check|id|explain FILE [QUESTION]",
    "check a signing policy, and try it on a question",
    "check: whether the file is a policy; every problem with its line and column.\n"
    "id: what names its content, whatever its comments and spaces; owners sign this.\n"
    "explain: which rule decides each call of a question (JSON), why the ones before it do not, and what else the "
    "policy finds.\n",
    options, run};

} // namespace countersign
