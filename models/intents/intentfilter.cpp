#include "models/intents/intentfilter.h"

#include "backend/types/strings.h"
#include "models/intents/filterline.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

using Term = IntentFilterTerm;
using Field = Term::Field;
using Relation = Term::Relation;
using Failure = std::unexpected<IntentFilterError>;

Failure wrong(qsizetype position, qsizetype length, QString message, QString hint = {})
{
    return Failure(IntentFilterError{position, length, std::move(message), std::move(hint)});
}

Relation takeRelation(QStringView &text)
{
    Relation relation = Relation::Is;
    if (text.startsWith(u">="))
        relation = Relation::GreaterOrEqual;
    else if (text.startsWith(u"<="))
        relation = Relation::LessOrEqual;
    else if (text.startsWith(u'>'))
        relation = Relation::Greater;
    else if (text.startsWith(u'<'))
        relation = Relation::Less;
    else if (!text.startsWith(u'='))
        return relation;
    text = text.sliced(relation == Relation::GreaterOrEqual || relation == Relation::LessOrEqual ? 2 : 1);
    return relation;
}

std::optional<qint64> durationOf(QStringView text)
{
    qsizetype digits = 0;
    while (digits < text.size() && (text[digits].isDigit() || text[digits] == u'.'))
        ++digits;
    bool ok = false;
    const double number = text.first(digits).toDouble(&ok);
    if (!ok || number > 1e9)
        return std::nullopt;
    const QStringView unit = text.sliced(digits);
    double seconds = 0;
    if (unit == u"ms")
        seconds = 0.001;
    else if (unit == u"s")
        seconds = 1;
    else if (unit == u"m" || unit == u"min")
        seconds = 60;
    else if (unit == u"h")
        seconds = 3600;
    else if (unit == u"d")
        seconds = 86'400;
    else
        return std::nullopt;
    return static_cast<qint64>(std::llround(number * seconds * 1e6));
}

bool readState(const QString &word, Term &term)
{
    static const QHash<QString, IntentFlag> flags{{u"stuck"_s, IntentFlag::Stuck},
                                                  {u"retrying"_s, IntentFlag::Retrying},
                                                  {u"reorganised"_s, IntentFlag::Reorganised},
                                                  {u"contradicted"_s, IntentFlag::Contradicted}};
    if (const auto flag = flags.constFind(word); flag != flags.constEnd()) {
        term.flags |= bit(*flag);
        return true;
    }
    if (word == u"open"_s) {
        term.open = true;
        return true;
    }
    if (word == u"settled"_s) {
        for (const IntentPhase phase : allIntentPhases)
            term.phases = static_cast<quint16>(term.phases | (isSettled(phase) ? 1U << indexOf(phase) : 0U));
        return true;
    }
    const auto phase = intentPhaseFromString(word);
    if (phase)
        term.phases = static_cast<quint16>(term.phases | (1U << indexOf(*phase)));
    return phase.has_value();
}

std::expected<Term, IntentFilterError> readNumber(const FilterWord &word, Term term)
{
    QStringView text = word.value;
    term.relation = takeRelation(text);
    const qsizetype at = word.valuePosition;
    const qsizetype length = std::max<qsizetype>(word.end - at, 1);
    if (term.field == Field::Age) {
        const auto duration = durationOf(text);
        if (!duration)
            return wrong(at, length, u"“%1” is no time"_s.arg(text.left(32)), u"for example age:>10m; units are s, m, h and d"_s);
        term.number = *duration;
        if (term.relation == Relation::Is)
            term.relation = Relation::GreaterOrEqual; // nobody asks for an age to the microsecond
        return term;
    }
    bool ok = false;
    if (term.field == Field::Nonce)
        term.number = text.toLongLong(&ok);
    else
        term.amount = text.toDouble(&ok);
    if (!ok)
        return wrong(at, length, u"“%1” is no number"_s.arg(text.left(32)), term.field == Field::Nonce ? u"for example nonce:42"_s : u"for example amount:>=1000000"_s);
    return term;
}

std::expected<Term, IntentFilterError> readTerm(const FilterWord &word)
{
    Term term;
    term.negated = word.negated;
    if (word.key.isEmpty()) {
        term.field = Field::Text;
        term.words = {word.value.toLower()};
        return term;
    }
    const auto key = filterKey(word.key);
    if (!key) {
        const QString near = nearestFilterKey(word.key);
        return wrong(word.position + (word.negated ? 1 : 0), word.key.size(), u"“%1” is no key"_s.arg(word.key.left(32)),
                     near.isEmpty() ? QString(u"keys: "_s + filterKeyNames().join(u", "_s)) : u"did you mean “%1:”?"_s.arg(near));
    }
    term.field = *key;
    if (word.value.isEmpty())
        return wrong(word.position, word.end - word.position, u"“%1:” has no value"_s.arg(word.key), u"write a value after the colon"_s);
    if (term.field == Field::Age || term.field == Field::Amount || term.field == Field::Nonce)
        return readNumber(word, term);
    qsizetype at = word.valuePosition;
    const QStringList parts = word.quoted ? QStringList{word.value} : word.value.split(u',');
    for (const QString &part : parts) {
        if (part.isEmpty())
            return wrong(word.valuePosition, word.end - word.valuePosition, u"an empty value between commas"_s, u"remove the comma"_s);
        if (term.field == Field::State && !readState(part.toLower(), term)) {
            const QString near = nearestOf(part, filterStates());
            return wrong(at, part.size(), u"“%1” is no state"_s.arg(part.left(32)),
                         near.isEmpty() ? QString(u"states: "_s + filterStates().join(u", "_s)) : u"did you mean “%1”?"_s.arg(near));
        }
        term.words.append(part.toLower());
        at += part.size() + 1;
    }
    return term;
}

} // namespace

std::expected<IntentFilter, IntentFilterError> IntentFilter::parse(const QString &line)
{
    if (line.size() > longestLine)
        return wrong(longestLine, line.size() - longestLine, u"the line is longer than %1 characters"_s.arg(longestLine));
    const auto words = splitFilterLine(line);
    if (!words)
        return std::unexpected(words.error());
    IntentFilter filter;
    for (const FilterWord &word : *words) {
        auto term = readTerm(word);
        if (!term)
            return std::unexpected(term.error());
        filter.m_terms.push_back(std::move(*term));
    }
    return filter;
}

bool IntentFilter::dependsOnTime() const
{
    return std::ranges::any_of(m_terms, [](const Term &term) { return term.field == Field::Age; });
}

} // namespace countersign
