#include "backend/logs/logmatcher.h"

#include "backend/relayer/logline.h"

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

using Field = LogCondition::Field;

// The longest part of a word that stands in JSON as it is: letters, digits and a few marks. What else there is may be
// escaped in one of several ways.
QByteArray plainPartOf(const QString &word)
{
    QByteArray best;
    QByteArray part;
    for (const QChar c : word) {
        const bool isPlain = c.unicode() > 0x20 && c.unicode() < 0x7f && c != u'"' && c != u'\\' && c != u'/';
        if (!isPlain) {
            part.clear();
            continue;
        }
        part.append(static_cast<char>(c.unicode()));
        if (part.size() > best.size())
            best = part;
    }
    return best;
}

// Strings, numbers and booleans of fields are JSON text; anything else is not compared.
QString fieldText(const LogLine &line, const QString &name)
{
    for (auto field = line.fields.constBegin(); field != line.fields.constEnd(); ++field) {
        if (field.key().compare(name, Qt::CaseInsensitive) == 0)
            return line.text(field.key());
    }
    return {};
}

bool isAnyIn(const QStringList &words, const QString &text)
{
    return std::ranges::any_of(words, [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool levelHolds(const LogCondition &condition, const QString &level)
{
    const LogLevel is = logLevelOf(level);
    if (condition.atLeast)
        return !condition.words.isEmpty() && is != LogLevel::Unknown && is >= logLevelOf(condition.words.first());
    return std::ranges::any_of(condition.words, [&](const QString &word) {
        const LogLevel wanted = logLevelOf(word);
        return wanted == LogLevel::Unknown ? level.compare(word, Qt::CaseInsensitive) == 0 : wanted == is;
    });
}

} // namespace

LogMatcher::LogMatcher(LogQuery query)
    : m_query(std::move(query))
{
    for (const LogCondition &condition : std::as_const(m_query.conditions))
        m_conditions.push_back(prepared(condition));
    chooseDriver();
}

LogMatcher::Condition LogMatcher::prepared(LogCondition condition)
{
    Condition out{std::move(condition), {}};
    if (out.of.field == Field::Relayer)
        return out;
    QStringList words = out.of.words;
    if (out.of.field == Field::Level) { // any spelling of the levels that are asked for
        words.clear();
        for (const QString &word : std::as_const(out.of.words)) {
            const LogLevel level = logLevelOf(word);
            if (level == LogLevel::Unknown) {
                words.append(word);
                continue;
            }
            for (const QString &spelling : logLevelWords(out.of.atLeast ? level : LogLevel::Trace)) {
                if (out.of.atLeast || logLevelOf(spelling) == level)
                    words.append(spelling);
            }
        }
    }
    for (const QString &word : std::as_const(words)) {
        const QByteArray part = out.of.field == Field::Text ? word.toUtf8() : plainPartOf(word);
        if (part.isEmpty()) {
            out.raw.clear();
            return out;
        }
        out.raw.emplace_back(part);
    }
    return out;
}

void LogMatcher::chooseDriver()
{
    const auto shortest = [](const Condition &condition) {
        return std::ranges::min(condition.raw, {}, [](const LineFinder &finder) { return finder.word().size(); }).word().size();
    };
    for (const Condition &condition : m_conditions) {
        if (condition.of.negated || condition.raw.empty())
            continue;
        const bool isBetter = !m_driver || condition.raw.size() < m_driver->raw.size()
            || (condition.raw.size() == m_driver->raw.size() && shortest(condition) > shortest(*m_driver));
        if (isBetter)
            m_driver = &condition;
    }
}

bool LogMatcher::mayBeOf(const QString &source) const
{
    return std::ranges::all_of(m_conditions, [&source](const Condition &condition) {
        return condition.of.field != Field::Relayer || isAnyIn(condition.of.words, source) != condition.of.negated;
    });
}

bool LogMatcher::mayBeIn(const LogBlock &block) const
{
    if (!block.mayLieIn(m_query.from, m_query.until))
        return false;
    return std::ranges::all_of(m_conditions, [&block](const Condition &condition) {
        return condition.of.negated || condition.raw.empty()
            || std::ranges::any_of(
                condition.raw, [&block](const LineFinder &finder) { return block.mayContain(finder.word()); });
    });
}

bool LogMatcher::holdsIn(const Condition &condition, const LogLine &line, QByteArrayView raw) const
{
    bool holds = false;
    switch (condition.of.field) {
    case Field::Text:
        holds = std::ranges::any_of(condition.raw, [raw](const LineFinder &finder) { return finder.isIn(raw); });
        break;
    case Field::Level:
        holds = levelHolds(condition.of, line.level);
        break;
    case Field::Message:
        holds = isAnyIn(condition.of.words, line.message);
        break;
    case Field::Relayer:
        holds = isAnyIn(condition.of.words, line.relayer);
        break;
    case Field::Named: {
        const QString text = fieldText(line, condition.of.name);
        holds = !text.isEmpty() && isAnyIn(condition.of.words, text);
        break;
    }
    }
    return holds != condition.of.negated;
}

bool LogMatcher::holds(const LogLine &line, QByteArrayView raw) const
{
    if ((m_query.from && line.time < *m_query.from) || (m_query.until && line.time >= *m_query.until))
        return false;
    return std::ranges::all_of(
        m_conditions, [&](const Condition &condition) { return holdsIn(condition, line, raw); });
}

// Relayers are decided before, by the file.
bool LogMatcher::matches(QByteArrayView line, Timestamp &time) const
{
    std::vector<const Condition *> open; // those that the bytes do not decide
    for (const Condition &condition : m_conditions) {
        if (condition.of.field == Field::Relayer)
            continue;
        const bool mayBe = condition.raw.empty()
            || std::ranges::any_of(condition.raw, [line](const LineFinder &finder) { return finder.isIn(line); });
        if (condition.of.field == Field::Text || !mayBe) {
            if (mayBe == condition.of.negated)
                return false;
            continue;
        }
        open.push_back(&condition);
    }
    if (open.empty()) {
        const auto moment = timeOfLogLine(line);
        if (!moment || (m_query.from && *moment < *m_query.from) || (m_query.until && *moment >= *m_query.until))
            return false;
        time = *moment;
        return true;
    }
    const Result<LogLine> read = parseLogLine(line);
    if (!read || (m_query.from && read->time < *m_query.from) || (m_query.until && read->time >= *m_query.until))
        return false;
    time = read->time;
    return std::ranges::all_of(
        open, [&](const Condition *condition) { return holdsIn(*condition, *read, line); });
}

void LogMatcher::scan(
    QByteArrayView lines, const std::function<bool(qsizetype from, qsizetype size, Timestamp time)> &found) const
{
    // Where a word of the driver is next; without a driver every line is looked at.
    std::vector<qsizetype> next(m_driver ? m_driver->raw.size() : 0, -2);
    qsizetype at = 0;
    while (at < lines.size()) {
        if (m_driver) {
            qsizetype nearest = lines.size();
            for (size_t i = 0; i < next.size(); ++i) {
                if (next[i] != -1 && next[i] < at)
                    next[i] = m_driver->raw[i].find(lines, at);
                if (next[i] >= 0)
                    nearest = std::min(nearest, next[i]);
            }
            if (nearest == lines.size())
                return;
            at = std::max(at, lines.first(nearest).lastIndexOf('\n') + 1);
        }
        qsizetype end = lines.indexOf('\n', at);
        if (end < 0)
            end = lines.size();
        Timestamp time;
        if (end > at && end - at <= longestLogLine && matches(lines.sliced(at, end - at), time)
            && !found(at, end - at, time))
            return;
        at = end + 1;
    }
}

} // namespace countersign
