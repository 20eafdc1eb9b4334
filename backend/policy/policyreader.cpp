#include "backend/policy/policyreader.h"

#include "backend/policy/policyamount.h"
#include "backend/policy/policyreading.h"
#include "backend/types/strings.h"

#include <QRegularExpression>

#include <algorithm>

namespace countersign {

namespace {

using Need = MapReader::Need;

/// MapReader leaves keys that look like secrets to whoever reads the whole tree.
void refuseSecrets(ReadContext &context, const YamlNode &node)
{
    for (const YamlNode::Entry &e : node.entries) {
        if (looksLikeSecretKey(e.key))
            context.problem(e, u"“%1” looks like a secret, and secrets never stand in this file"_s.arg(e.key.left(48)),
                u"remove it, and consider it known to others"_s);
        refuseSecrets(context, *e.value);
    }
    for (const auto &item : node.items)
        refuseSecrets(context, *item);
}

void checkId(MapReader &reader, const PolicyReading &reading, const YamlNode::Entry &at, const QString &id)
{
    static const QRegularExpression pattern(u"\\A[a-z][A-Za-z0-9]{0,31}(\\.[a-z][A-Za-z0-9]{0,31}){1,4}\\z"_s);
    if (!pattern.match(id).hasMatch()) {
        reader.context().problem(
            at, u"“%1” is no id of a check"_s.arg(id.left(48)), u"for example operation.delegatecall"_s);
        return;
    }
    const bool isOwn = id.startsWith(u"policy.");
    if (!isOwn && !reading.options.checks)
        return;
    QStringList ids;
    for (const KnownCheck &check : policyChecks())
        ids.append(check.id);
    for (const KnownCheck &check : reading.options.checks ? *reading.options.checks : QList<KnownCheck>())
        ids.append(check.id);
    if (ids.contains(id))
        return;
    const QString near = nearest(id, ids);
    reader.context().problem(at, u"there is no check “%1”"_s.arg(id.left(48)),
        near.isEmpty() ? u"a check that does not exist protects nobody"_s : u"did you mean “%1”?"_s.arg(near));
}

void readSeverity(MapReader &check, const PolicyReading &reading, const YamlNode::Entry &at, Policy &policy)
{
    CheckSeverity stated;
    const auto severity = PolicyReading::word<PolicySeverity>(check, u"severity"_s, Need::Required);
    stated.severity = severity.value_or(PolicySeverity::Block);
    stated.allowLowering = PolicyReading::boolean(check, u"allowLowering"_s).value_or(false);
    stated.reason = PolicyReading::plainText(check, u"reason"_s, Need::Optional, 500);
    const bool lowers = severity && isLowering(at.key, *severity, reading.options.checks);
    if (lowers && isFixedCheck(at.key))
        check.problem(u"severity"_s, u"“%1” cannot be lowered"_s.arg(at.key),
            u"without this check nothing that is shown before signing can be believed"_s);
    else if (lowers && !stated.allowLowering)
        check.problem(u"severity"_s, u"this would lower “%1”"_s.arg(at.key),
            u"a policy does not weaken a check silently: say “allowLowering: true” and the reason"_s);
    else if (lowers && stated.reason.size() < 10)
        check.problem(u"reason"_s, u"“%1” is lowered without a reason"_s.arg(at.key), u"say in a sentence why"_s);
    else if (severity && !lowers && stated.allowLowering)
        check.problem(u"allowLowering"_s, u"“%1” is not lowered here"_s.arg(at.key), u"remove “allowLowering”"_s);
    policy.severities.insert(at.key, stated);
}

void readOverrides(MapReader &root, const PolicyReading &reading, Policy &policy)
{
    root.texts(u"overrides"_s, Need::Optional, [&](const YamlNode &at, const QString &id) {
        checkId(root, reading, {id, at.line, at.column, nullptr}, id);
        if (isFixedCheck(id))
            root.context().problem(at, u"“%1” can be overridden by nobody"_s.arg(id));
        else if (policy.overrides.contains(id))
            PolicyReading::twice(root.context(), at, id);
        else
            policy.overrides.append(id);
    });
}

void readTimes(MapReader &root, Policy &policy)
{
    root.map(u"coolingOff"_s, u"“coolingOff”"_s, Need::Required, [&](MapReader &reader) {
        policy.coolingOff.otherwise
            = PolicyReading::duration(reader, u"otherwise"_s, Need::Required).value_or(std::chrono::seconds(0));
        for (int i = 0; i < policyWordCount<ActionKind>; ++i) {
            const auto kind = static_cast<ActionKind>(i);
            if (const auto time = PolicyReading::duration(reader, policyWord(kind)))
                policy.coolingOff.kinds.insert(kind, *time);
        }
    });
    root.map(u"expiry"_s, u"“expiry”"_s, Need::Optional, [&](MapReader &reader) {
        policy.expiry.otherwise = PolicyReading::duration(reader, u"otherwise"_s);
        policy.expiry.longest = PolicyReading::duration(reader, u"longest"_s);
        const ProposalExpiry &expiry = policy.expiry;
        for (const QString &key : {u"otherwise"_s, u"longest"_s}) {
            const auto &time = key == u"longest" ? expiry.longest : expiry.otherwise;
            if (time && time->count() == 0)
                reader.problem(key, u"“%1” is 0: every proposal would be expired"_s.arg(key));
        }
        if (expiry.otherwise && expiry.longest && *expiry.otherwise > *expiry.longest)
            reader.problem(u"otherwise"_s, u"“otherwise” is longer than “longest”"_s);
    });
    root.map(u"fatigue"_s, u"“fatigue”"_s, Need::Optional, [&](MapReader &reader) {
        ApprovalFatigue fatigue;
        fatigue.approvals = static_cast<int>(reader.integer(u"approvals"_s, 1, 1000).value_or(fatigue.approvals));
        fatigue.within = PolicyReading::duration(reader, u"within"_s, Need::Required).value_or(fatigue.within);
        if (fatigue.within.count() == 0)
            reader.problem(u"within"_s, u"“within” is 0: nothing would ever be counted"_s);
        policy.fatigue = fatigue;
    });
}

void readWindow(MapReader &reader, ChangeWindow &window)
{
    QStringList words;
    for (int day = 1; day <= 7; ++day)
        words.append(weekdayWord(day));
    reader.texts(u"days"_s, Need::Required, [&](const YamlNode &at, const QString &given) {
        const int day = static_cast<int>(words.indexOf(given)) + 1;
        if (day == 0)
            PolicyReading::notAWord(reader.context(), at, u"days"_s, given, words);
        else if (window.days.contains(day))
            PolicyReading::twice(reader.context(), at, given);
        else
            window.days.append(day);
    });
    std::ranges::sort(window.days);
    const auto timeOfDay = [&reader](const QString &key, int otherwise) {
        const QString given = reader.text(key, Need::Required, 16);
        const auto time = given.isEmpty() ? Result<int>(otherwise) : parseTimeOfDay(given);
        if (!time)
            reader.problem(key, u"“%1” is wrong: %2"_s.arg(key, time.error().message));
        return time.value_or(otherwise);
    };
    window.from = timeOfDay(u"from"_s, 0);
    window.to = timeOfDay(u"to"_s, 24 * 60);
    if (window.from >= window.to)
        reader.problem(u"to"_s, u"the window ends before it begins"_s, u"a window over midnight is two windows"_s);
}

void readChangeWindows(MapReader &root, Policy &policy)
{
    root.map(u"changeWindows"_s, u"“changeWindows”"_s, Need::Optional, [&](MapReader &reader) {
        policy.changeWindows.kinds = PolicyReading::words<ActionKind>(reader, u"kinds"_s, Need::Required);
        reader.list(u"windows"_s, u"a window"_s, Need::Required, [&](MapReader &window) {
            ChangeWindow read;
            readWindow(window, read);
            policy.changeWindows.windows.append(read);
        });
    });
    root.map(u"practice"_s, u"“practice”"_s, Need::Optional, [&](MapReader &reader) {
        policy.waivedInPractice = PolicyReading::words<PolicyWaiver>(reader, u"waive"_s, Need::Required);
    });
}

} // namespace

void readSeverities(MapReader &root, const PolicyReading &reading, Policy &policy)
{
    root.map(u"severities"_s, u"“severities”"_s, Need::Optional, [&](MapReader &reader) {
        for (const YamlNode::Entry &entry : reader.node().entries) {
            checkId(reader, reading, entry, entry.key);
            reader.map(entry.key, u"a severity"_s, Need::Required,
                [&](MapReader &check) { readSeverity(check, reading, entry, policy); });
        }
    });
    readOverrides(root, reading, policy);
}

std::expected<Policy, EnvironmentProblems> readPolicy(const QByteArray &yaml, const PolicyLoadOptions &options)
{
    const auto tree = parseYaml(yaml);
    if (!tree) {
        EnvironmentProblems problems = tree.error();
        for (EnvironmentProblem &problem : problems) {
            // The tree's reader speaks of profiles, which this is not.
            if (problem.message == u"the file is empty")
                problem.hint = u"a policy starts with “format: 1”"_s;
        }
        return std::unexpected(std::move(problems));
    }
    ReadContext context;
    Policy policy;
    const PolicyReading reading(options);
    refuseSecrets(context, **tree);
    {
        MapReader root(context, **tree, u"a policy"_s);
        const auto format = root.integer(u"format"_s, 1, 1'000'000);
        if (format && *format != 1)
            root.problem(u"format"_s, u"this console reads format 1, the file is of format %1"_s.arg(*format),
                u"use a newer console"_s);
        policy.name = PolicyReading::plainText(root, u"name"_s, Need::Required, 64);
        policy.version = static_cast<quint32>(root.integer(u"version"_s, 1, 1'000'000'000).value_or(1));
        readSeverities(root, reading, policy);
        readAllowLists(root, policy);
        readContacts(root, policy);
        readLimits(root, policy);
        readRoles(root, reading, policy);
        readTimes(root, policy);
        readChangeWindows(root, policy);
        readRules(root, reading, policy);
    }
    if (!context.problems.isEmpty())
        return std::unexpected(std::move(context.problems));
    return policy;
}

} // namespace countersign
