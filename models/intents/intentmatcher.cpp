#include "models/intents/intentmatcher.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace countersign {

namespace {

using Field = IntentFilterTerm::Field;
using Relation = IntentFilterTerm::Relation;

std::vector<quint8> codesOf(const StringPool &pool, const QStringList &words)
{
    std::vector<quint8> codes(pool.size(), 0);
    for (quint32 code = 0; code < pool.size(); ++code) {
        const QString &text = pool.text(code);
        codes[code] = std::ranges::any_of(words, [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); }) ? 1 : 0;
    }
    return codes;
}

template<class T>
bool compare(Relation relation, T left, T right)
{
    switch (relation) {
    case Relation::Is:
        return left == right;
    case Relation::Less:
        return left < right;
    case Relation::LessOrEqual:
        return left <= right;
    case Relation::Greater:
        return left > right;
    case Relation::GreaterOrEqual:
        return left >= right;
    }
    return false;
}

/// Keeps the numbers for which the condition holds; without a branch on the outcome, which no predictor guesses.
template<class Holds>
quint32 select(const quint16 *in, quint32 count, quint16 *out, Holds holds)
{
    quint32 n = 0;
    if (in == nullptr) {
        for (quint32 i = 0; i < count; ++i) {
            out[n] = static_cast<quint16>(i);
            n += holds(i) ? 1U : 0U;
        }
    } else {
        for (quint32 i = 0; i < count; ++i) {
            const quint16 row = in[i];
            out[n] = row;
            n += holds(row) ? 1U : 0U;
        }
    }
    return n;
}

} // namespace

IntentMatcher::IntentMatcher(const IntentFilter &filter, const IntentStore &store, Timestamp now)
    : m_store(store)
    , m_now(now.micros())
{
    const IntentTexts &texts = store.texts();
    for (const IntentFilterTerm &term : filter.terms()) {
        Condition c;
        c.term = term;
        for (const QString &word : term.words)
            c.words.push_back(word.toUtf8());
        const auto pooled = [&](Column column, const StringPool &pool) {
            c.column = column;
            c.codes = codesOf(pool, term.words);
        };
        switch (term.field) {
        case Field::Text:
            c.column = Column::Text;
            c.vaults = codesOf(texts.vaults, term.words);
            c.chains = codesOf(texts.chains, term.words);
            c.parties = codesOf(texts.parties, term.words);
            c.assets = codesOf(texts.assets, term.words);
            c.actions = codesOf(texts.actions, term.words);
            c.reasons = codesOf(texts.reasons, term.words);
            break;
        case Field::Id:
            c.column = Column::Id;
            break;
        case Field::Vault:
            pooled(Column::Vault, texts.vaults);
            break;
        case Field::Chain:
            pooled(Column::Chain, texts.chains);
            break;
        case Field::Party:
            pooled(Column::Party, texts.parties);
            break;
        case Field::Asset:
            pooled(Column::Asset, texts.assets);
            break;
        case Field::Action:
            pooled(Column::Action, texts.actions);
            break;
        case Field::Adapter:
            pooled(Column::Adapter, texts.adapters);
            break;
        case Field::Relayer:
            pooled(Column::Relayer, texts.relayers);
            break;
        case Field::Reason:
            pooled(Column::Reason, texts.reasons);
            break;
        case Field::State:
            c.column = Column::State;
            break;
        case Field::Age:
            c.column = Column::Age;
            break;
        case Field::Amount:
            c.column = Column::Amount;
            break;
        case Field::Nonce:
            c.column = Column::Nonce;
            break;
        }
        m_conditions.push_back(std::move(c));
    }
    // Cheap columns first: what they rule out need not be searched as text.
    std::partition(m_conditions.begin(), m_conditions.end(), [](const Condition &c) { return c.column != Column::Text && c.column != Column::Id; });
}

bool IntentMatcher::idContains(const Condition &condition, quint32 position) const
{
    const QByteArrayView id = m_store.ids().at(position);
    std::array<char, 256> lower;
    const auto size = static_cast<std::size_t>(id.size());
    for (std::size_t i = 0; i < size; ++i) {
        const char c = id[static_cast<qsizetype>(i)];
        lower[i] = static_cast<char>(c + ((c >= 'A' && c <= 'Z') ? 32 : 0));
    }
    return std::ranges::any_of(condition.words, [&](const QByteArray &word) {
        return memmem(lower.data(), size, word.constData(), static_cast<std::size_t>(word.size())) != nullptr;
    });
}

bool IntentMatcher::holds(const Condition &c, const IntentColumns &columns, std::size_t i) const
{
    const IntentFilterTerm &term = c.term;
    bool found = false;
    switch (c.column) {
    case Column::Id:
        found = idContains(c, columns.id[i]);
        break;
    case Column::Text:
        found = (c.vaults[columns.vault[i]] | c.chains[columns.chain[i]] | c.parties[columns.party[i]] | c.assets[columns.asset[i]]
                 | c.actions[columns.action[i]] | c.reasons[columns.reason[i]])
                != 0
            || idContains(c, columns.id[i]);
        break;
    case Column::State: {
        const auto phase = columns.phase[i];
        found = ((term.phases >> indexOf(phase)) & 1U) != 0 || (columns.flags[i] & term.flags) != 0 || (term.open && !isSettled(phase));
        break;
    }
    case Column::Age: {
        const qint64 end = isSettled(columns.phase[i]) ? columns.created[i] + static_cast<qint64>(columns.since[i]) * 1000 : m_now;
        found = compare(term.relation, end - columns.created[i], term.number);
        break;
    }
    case Column::Amount:
        found = compare(term.relation, CompactAmount{columns.amount[i], columns.amountScale[i]}.toDouble(), term.amount);
        break;
    case Column::Nonce:
        found = columns.nonce[i] >= 0 && compare(term.relation, columns.nonce[i], term.number);
        break;
    case Column::Vault:
        found = c.codes[columns.vault[i]] != 0;
        break;
    case Column::Chain:
        found = c.codes[columns.chain[i]] != 0;
        break;
    case Column::Party:
        found = c.codes[columns.party[i]] != 0;
        break;
    case Column::Asset:
        found = c.codes[columns.asset[i]] != 0;
        break;
    case Column::Action:
        found = c.codes[columns.action[i]] != 0;
        break;
    case Column::Adapter:
        found = c.codes[columns.adapter[i]] != 0;
        break;
    case Column::Relayer:
        found = c.codes[columns.relayer[i]] != 0;
        break;
    case Column::Reason:
        found = c.codes[columns.reason[i]] != 0;
        break;
    }
    return found != term.negated;
}

quint32 IntentMatcher::narrow(const Condition &c, const IntentColumns &columns, const quint16 *in, quint32 count, quint16 *out) const
{
    const quint8 flip = c.term.negated ? 1 : 0;
    const auto byCode = [&](const auto &column) {
        return select(in, count, out, [&](std::size_t i) { return (c.codes[column[i]] ^ flip) != 0; });
    };
    switch (c.column) {
    case Column::State:
        if (c.term.flags == 0) {
            const quint32 phases = c.term.phases | (c.term.open ? (1U << indexOf(IntentPhase::Acknowledged)) - 1U : 0U);
            const quint32 wanted = c.term.negated ? ~phases : phases;
            return select(in, count, out, [&](std::size_t i) { return ((wanted >> indexOf(columns.phase[i])) & 1U) != 0; });
        }
        break;
    case Column::Vault:
        return byCode(columns.vault);
    case Column::Chain:
        return byCode(columns.chain);
    case Column::Party:
        return byCode(columns.party);
    case Column::Asset:
        return byCode(columns.asset);
    case Column::Action:
        return byCode(columns.action);
    case Column::Adapter:
        return byCode(columns.adapter);
    case Column::Relayer:
        return byCode(columns.relayer);
    case Column::Reason:
        return byCode(columns.reason);
    default:
        break;
    }
    return select(in, count, out, [&](std::size_t i) { return holds(c, columns, i); });
}

bool IntentMatcher::matches(quint32 row) const
{
    const IntentColumns &columns = m_store.columns(row >> IntentColumns::bits);
    const std::size_t i = row & (IntentColumns::rows - 1);
    return std::ranges::all_of(m_conditions, [&](const Condition &c) { return holds(c, columns, i); });
}

void IntentMatcher::scan(quint32 from, quint32 to, std::vector<quint32> &found) const
{
    std::array<quint16, IntentColumns::rows> first;
    std::array<quint16, IntentColumns::rows> second;
    for (quint32 chunk = from >> IntentColumns::bits; from < to; ++chunk) {
        const quint32 base = chunk << IntentColumns::bits;
        const quint32 end = std::min(to, base + IntentColumns::rows);
        const IntentColumns &columns = m_store.columns(chunk);
        quint32 count = end - base;
        const quint16 *in = nullptr;
        quint16 *out = first.data();
        for (const Condition &condition : m_conditions) {
            count = narrow(condition, columns, in, count, out);
            in = out;
            out = out == first.data() ? second.data() : first.data();
        }
        const std::size_t before = found.size();
        found.resize(before + count);
        quint32 *at = found.data() + before;
        for (quint32 k = 0; k < count; ++k)
            at[k] = base + (in == nullptr ? k : in[k]);
        if (from > base) {
            const auto start = found.begin() + static_cast<std::ptrdiff_t>(before);
            found.erase(start, std::lower_bound(start, found.end(), from));
        }
        from = end;
    }
}

} // namespace countersign
