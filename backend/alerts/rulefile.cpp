#include "backend/alerts/rulefile.h"

#include "backend/environment/yamltree.h"
#include "backend/types/strings.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr qsizetype largestFile = 1024 * 1024;
constexpr qint64 longestDuration = qint64{100} * 365 * 24 * 3600 * 1000; // a century, in milliseconds

std::unexpected<Error> wrong(const YamlNode &at, const QString &what)
{
    return fail(ErrorKind::Invalid, u"Line %1, column %2: %3"_s.arg(at.line).arg(at.column).arg(what));
}

const YamlNode *valueOf(const YamlNode &map, const QString &key)
{
    const auto found = std::ranges::find(map.entries, key, &YamlNode::Entry::key);
    return found == map.entries.end() || found->value->kind == YamlNode::Kind::Null ? nullptr : found->value.get();
}

QString textOf(const YamlNode &map, const QString &key)
{
    const YamlNode *value = valueOf(map, key);
    return value != nullptr && value->kind == YamlNode::Kind::Scalar ? value->text : QString();
}

Result<std::chrono::milliseconds> durationOf(const YamlNode &map, const QString &key)
{
    const YamlNode *value = valueOf(map, key);
    if (value == nullptr)
        return std::chrono::milliseconds(0);
    auto duration = parsePrometheusDuration(value->text);
    if (!duration)
        return wrong(*value, duration.error().message);
    return duration;
}

AlertLabels textsOf(const YamlNode &map, const QString &key)
{
    AlertLabels texts;
    if (const YamlNode *value = valueOf(map, key)) {
        for (const YamlNode::Entry &entry : value->entries)
            texts.insert(entry.key, entry.value->text);
    }
    return texts;
}

Result<RuleText> ruleOf(const YamlNode &node)
{
    RuleText rule;
    rule.line = node.line;
    rule.isAlert = valueOf(node, u"alert"_s) != nullptr;
    rule.name = textOf(node, rule.isAlert ? u"alert"_s : u"record"_s);
    if (rule.name.isEmpty())
        return wrong(node, u"a rule needs “alert” or “record”"_s);
    const YamlNode *expression = valueOf(node, u"expr"_s);
    if (expression == nullptr || expression->kind != YamlNode::Kind::Scalar)
        return wrong(node, u"the rule %1 needs “expr”"_s.arg(rule.name));
    rule.expression = expression->text.trimmed();
    rule.expressionLine = expression->line;
    rule.expressionColumn = expression->column;
    const auto holdFor = durationOf(node, u"for"_s);
    if (!holdFor)
        return std::unexpected(holdFor.error());
    const auto keep = durationOf(node, u"keep_firing_for"_s);
    if (!keep)
        return std::unexpected(keep.error());
    rule.holdFor = *holdFor;
    rule.keepFiringFor = *keep;
    rule.labels = textsOf(node, u"labels"_s);
    rule.annotations = textsOf(node, u"annotations"_s);
    return rule;
}

} // namespace

Result<std::chrono::milliseconds> parsePrometheusDuration(const QString &text)
{
    static const QRegularExpression form(u"^(?:(\\d{1,9})y)?(?:(\\d{1,9})w)?(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?$"_s);
    constexpr std::array<qint64, 7> units{qint64{365} * 24 * 3600 * 1000, qint64{7} * 24 * 3600 * 1000, qint64{24} * 3600 * 1000, 3'600'000, 60'000, 1000, 1};
    const auto match = form.match(text.trimmed());
    if (text.trimmed() == u"0"_s)
        return std::chrono::milliseconds(0);
    if (text.trimmed().isEmpty() || !match.hasMatch())
        return fail(ErrorKind::Invalid, u"“%1” is no duration, as in 5m or 1h30m"_s.arg(text.left(48)));
    qint64 total = 0;
    for (std::size_t i = 0; i < units.size(); ++i)
        total += match.captured(static_cast<int>(i) + 1).toLongLong() * units[i];
    if (total > longestDuration)
        return fail(ErrorKind::Invalid, u"“%1” is longer than a century"_s.arg(text.left(48)));
    return std::chrono::milliseconds(total);
}

Result<QVector<RuleGroupText>> parseRuleFile(const QByteArray &yaml)
{
    if (yaml.size() > largestFile)
        return fail(ErrorKind::Exhausted, u"A rule file has at most 1 MiB."_s);
    const auto tree = parseYaml(yaml);
    if (!tree) {
        const EnvironmentProblem &problem = tree.error().constFirst();
        return fail(ErrorKind::Invalid, u"Line %1, column %2: %3"_s.arg(problem.line).arg(problem.column).arg(problem.message));
    }
    const YamlNode *groups = valueOf(**tree, u"groups"_s);
    if (groups == nullptr || groups->kind != YamlNode::Kind::Sequence)
        return wrong(**tree, u"a rule file needs the list “groups”"_s);
    QVector<RuleGroupText> read;
    for (const auto &node : groups->items) {
        RuleGroupText group;
        group.name = textOf(*node, u"name"_s);
        const auto interval = durationOf(*node, u"interval"_s);
        if (!interval)
            return std::unexpected(interval.error());
        group.interval = *interval;
        if (const YamlNode *rules = valueOf(*node, u"rules"_s)) {
            for (const auto &item : rules->items) {
                auto rule = ruleOf(*item);
                if (!rule)
                    return std::unexpected(rule.error());
                group.rules.append(std::move(*rule));
            }
        }
        read.append(std::move(group));
    }
    return read;
}

} // namespace countersign
