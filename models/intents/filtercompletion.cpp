#include "backend/types/strings.h"
#include "models/intents/filterline.h"

#include <algorithm>

namespace countersign {

namespace {

using Field = IntentFilterTerm::Field;
using Completions = QVector<IntentFilter::Completion>;

constexpr qsizetype mostCompletions = 20;

QStringList textsOf(const StringPool &pool)
{
    QStringList texts;
    for (quint32 code = 1; code < std::min<quint32>(pool.size(), 5000); ++code)
        texts.append(pool.text(code));
    return texts;
}

QStringList valuesOf(Field field, const IntentStore &store)
{
    const IntentTexts &texts = store.texts();
    switch (field) {
    case Field::State:
        return filterStates();
    case Field::Age:
        return {u">1m"_s, u">10m"_s, u">1h"_s, u"<10m"_s};
    case Field::Vault:
        return textsOf(texts.vaults);
    case Field::Chain:
        return textsOf(texts.chains);
    case Field::Party:
        return textsOf(texts.parties);
    case Field::Asset:
        return textsOf(texts.assets);
    case Field::Action:
        return textsOf(texts.actions);
    case Field::Adapter:
        return textsOf(texts.adapters);
    case Field::Relayer:
        return textsOf(texts.relayers);
    case Field::Reason:
        return textsOf(texts.reasons);
    default:
        return {};
    }
}

QString labelOf(const QString &key, const IntentStore &store)
{
    if (const auto phase = intentPhaseFromString(key))
        return QString::number(store.count(*phase));
    if (key == u"stuck"_s)
        return QString::number(store.stuckCount());
    if (key == u"open"_s)
        return QString::number(store.openCount());
    return {};
}

/// What begins alike first, then what contains it; in the order of the alphabet.
void offer(Completions &found, const QString &typed, QStringList candidates, qsizetype position, qsizetype length, bool areKeys, const IntentStore &store)
{
    candidates.sort(Qt::CaseInsensitive);
    for (const bool prefix : {true, false}) {
        for (const QString &candidate : std::as_const(candidates)) {
            const bool begins = candidate.startsWith(typed, Qt::CaseInsensitive);
            if (found.size() >= mostCompletions || begins != prefix || (!begins && !candidate.contains(typed, Qt::CaseInsensitive)))
                continue;
            QString text = candidate;
            if (areKeys)
                text += u':';
            else if (text.contains(u' ') || text.contains(u','))
                text = u'"' + text + u'"';
            found.append({text, areKeys ? QString() : labelOf(candidate, store), position, length});
        }
    }
}

} // namespace

QVector<IntentFilter::Completion> IntentFilter::complete(const QString &line, qsizetype cursor, const IntentStore &store)
{
    cursor = std::clamp<qsizetype>(cursor, 0, line.size());
    Completions found;
    if (line.size() > longestLine)
        return found;
    // The word up to the cursor; an open quote is completed as if it were closed there.
    QString before = line.first(cursor);
    if (before.count(u'"') % 2 == 1)
        before += u'"';
    const auto words = splitFilterLine(before);
    const bool atGap = before.isEmpty() || before.back().isSpace();
    if (!words || words->empty() || atGap) {
        offer(found, {}, filterKeyNames(), cursor, 0, true, store);
        return found;
    }
    const FilterWord &word = words->back();
    if (word.key.isEmpty()) {
        const qsizetype start = word.position + (word.negated ? 1 : 0);
        offer(found, word.value, filterKeyNames(), start, cursor - start, true, store);
        return found;
    }
    const auto field = filterKey(word.key);
    if (!field)
        return found;
    qsizetype start = word.valuePosition;
    QString typed = word.value;
    if (!word.quoted) {
        const qsizetype comma = typed.lastIndexOf(u',');
        start += comma + 1;
        typed = typed.sliced(comma + 1);
    }
    offer(found, typed, valuesOf(*field, store), start, cursor - start, false, store);
    return found;
}

} // namespace countersign
