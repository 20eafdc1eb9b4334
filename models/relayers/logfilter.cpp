#include "models/relayers/logfilter.h"

#include "backend/types/strings.h"
#include "models/intents/filterline.h"

namespace countersign {

namespace {

using Field = LogCondition::Field;

QStringList valuesOf(const FilterWord &word)
{
    return word.quoted ? QStringList{word.value} : word.value.split(u',', Qt::SkipEmptyParts);
}

std::expected<LogCondition, IntentFilterError> levelOf(const FilterWord &word, LogCondition condition)
{
    condition.field = Field::Level;
    if (word.value.startsWith(u">="_s)) {
        condition.atLeast = true;
        condition.words = {word.value.sliced(2)};
    } else {
        condition.words = valuesOf(word);
    }
    for (const QString &value : std::as_const(condition.words)) {
        if (logLevelOf(value) != LogLevel::Unknown)
            continue;
        const QString near = nearestOf(value, {u"trace"_s, u"debug"_s, u"info"_s, u"warning"_s, u"error"_s, u"fatal"_s});
        return std::unexpected(IntentFilterError{word.valuePosition, word.end - word.valuePosition, u"this is no level;"_s,
            near.isEmpty() ? u"write trace, debug, info, warning, error or fatal"_s : u"did you mean %1?"_s.arg(near)});
    }
    return condition;
}

} // namespace

std::expected<LogQuery, IntentFilterError> parseLogFilter(const QString &line)
{
    if (line.size() > IntentFilter::longestLine)
        return std::unexpected(IntentFilterError{IntentFilter::longestLine, line.size() - IntentFilter::longestLine,
            u"the filter is longer than %1 characters"_s.arg(IntentFilter::longestLine), {}});
    const auto words = splitFilterLine(line);
    if (!words)
        return std::unexpected(words.error());
    LogQuery query;
    for (const FilterWord &word : *words) {
        LogCondition condition;
        condition.negated = word.negated;
        condition.words = word.key.isEmpty() ? QStringList{word.value} : valuesOf(word);
        if (condition.words.isEmpty() || condition.words.contains(QString()))
            return std::unexpected(IntentFilterError{word.position, word.end - word.position, u"there is no value after “%1:”"_s.arg(word.key),
                u"write what the field contains"_s});
        if (word.key == "level"_L1) {
            auto level = levelOf(word, std::move(condition));
            if (!level)
                return std::unexpected(level.error());
            condition = std::move(*level);
        } else if (word.key == "relayer"_L1) {
            condition.field = Field::Relayer;
        } else if (word.key == "message"_L1) {
            condition.field = Field::Message;
        } else if (!word.key.isEmpty()) {
            condition.field = Field::Named;
            condition.name = word.key == "intent"_L1 ? u"intentId"_s : word.key;
        }
        query.conditions.append(std::move(condition));
    }
    return query;
}

} // namespace countersign
