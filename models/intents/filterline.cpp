#include "models/intents/filterline.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <array>
#include <utility>

namespace countersign {

namespace {

using Field = IntentFilterTerm::Field;

const std::vector<std::pair<QString, Field>> &keys()
{
    static const std::vector<std::pair<QString, Field>> table{
        {u"vault"_s, Field::Vault},   {u"state"_s, Field::State},     {u"age"_s, Field::Age},         {u"chain"_s, Field::Chain},
        {u"party"_s, Field::Party},   {u"asset"_s, Field::Asset},     {u"action"_s, Field::Action},   {u"amount"_s, Field::Amount},
        {u"id"_s, Field::Id},         {u"reason"_s, Field::Reason},   {u"relayer"_s, Field::Relayer}, {u"nonce"_s, Field::Nonce},
        {u"adapter"_s, Field::Adapter}};
    return table;
}

/// Number of single-character edits, as far as three.
qsizetype editsBetween(QStringView a, QStringView b)
{
    if (std::abs(a.size() - b.size()) > 2 || a.size() > 32)
        return 3;
    std::array<qsizetype, 40> row{};
    for (qsizetype j = 0; j <= b.size(); ++j)
        row[static_cast<std::size_t>(j)] = j;
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<std::size_t>(j);
            const qsizetype above = row[at];
            row[at] = std::min({above + 1, row[at - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[static_cast<std::size_t>(b.size())];
}

bool isKeyCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
}

} // namespace

std::optional<Field> filterKey(const QString &name)
{
    const auto found = std::ranges::find_if(keys(), [&](const auto &key) { return key.first.compare(name, Qt::CaseInsensitive) == 0; });
    return found == keys().end() ? std::nullopt : std::optional(found->second);
}

QStringList filterKeyNames()
{
    QStringList names;
    for (const auto &[name, field] : keys())
        names.append(name);
    return names;
}

QStringList filterStates()
{
    QStringList states;
    for (const IntentPhase phase : allIntentPhases)
        states.append(intentPhaseName(phase));
    return states + QStringList{u"stuck"_s, u"retrying"_s, u"reorganised"_s, u"contradicted"_s, u"open"_s, u"settled"_s};
}

QString nearestOf(const QString &word, const QStringList &candidates)
{
    const QString lower = word.toLower();
    QString best;
    qsizetype bestEdits = 3;
    for (const QString &candidate : candidates) {
        const qsizetype edits = lower.size() >= 3 && candidate.startsWith(lower) ? 0 : editsBetween(lower, candidate);
        if (edits < bestEdits && edits < candidate.size()) {
            bestEdits = edits;
            best = candidate;
        }
    }
    return best;
}

QString nearestFilterKey(const QString &word)
{
    return nearestOf(word, filterKeyNames());
}

std::expected<std::vector<FilterWord>, IntentFilterError> splitFilterLine(const QString &line)
{
    std::vector<FilterWord> words;
    qsizetype i = 0;
    while (i < line.size()) {
        if (line[i].isSpace()) {
            ++i;
            continue;
        }
        FilterWord word;
        word.position = i;
        if (line[i] == u'-' && i + 1 < line.size() && !line[i + 1].isSpace()) {
            word.negated = true;
            ++i;
        }
        qsizetype k = i;
        while (k < line.size() && isKeyCharacter(line[k]))
            ++k;
        if (k > i && k < line.size() && line[k] == u':') {
            word.key = line.sliced(i, k - i).toLower();
            i = k + 1;
        }
        word.valuePosition = i;
        if (i < line.size() && line[i] == u'"') {
            const qsizetype close = line.indexOf(u'"', i + 1);
            if (close < 0)
                return std::unexpected(IntentFilterError{i, line.size() - i, u"the quote is not closed"_s, u"write \" at its end"_s});
            word.quoted = true;
            word.value = line.sliced(i + 1, close - i - 1);
            i = close + 1;
        } else {
            while (i < line.size() && !line[i].isSpace())
                ++i;
            word.value = line.sliced(word.valuePosition, i - word.valuePosition);
        }
        word.end = i;
        if (word.key.isEmpty() && word.value.isEmpty())
            continue;
        words.push_back(word);
    }
    return words;
}

} // namespace countersign
