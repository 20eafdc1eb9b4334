#include "models/intents/intentorder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace countersign {

namespace {

/// An integer that orders as the double does.
qint64 ordered(double value)
{
    const auto bits = std::bit_cast<qint64>(value);
    return bits >= 0 ? bits : std::numeric_limits<qint64>::min() - bits;
}

struct Pair {
    quint64 key;
    quint32 row;
};

/// Least significant digit first, a byte at a time, leaving out bytes that all keys share. Stable, so that rows which come in ascending
/// stay so within one key.
void radixSort(std::vector<Pair> &pairs)
{
    std::vector<Pair> other(pairs.size());
    std::array<std::array<quint32, 256>, 8> counts{};
    for (const Pair &pair : pairs) {
        for (std::size_t digit = 0; digit < 8; ++digit)
            ++counts[digit][(pair.key >> (digit * 8)) & 0xff];
    }
    for (std::size_t digit = 0; digit < 8; ++digit) {
        auto &count = counts[digit];
        if (std::ranges::any_of(count, [&](quint32 c) { return c == pairs.size(); }))
            continue;
        quint32 sum = 0;
        for (quint32 &c : count) {
            const quint32 here = c;
            c = sum;
            sum += here;
        }
        for (const Pair &pair : pairs)
            other[count[(pair.key >> (digit * 8)) & 0xff]++] = pair;
        pairs.swap(other);
    }
}

} // namespace

IntentOrder::IntentOrder(const IntentStore &store)
    : m_store(store)
{
}

qint64 IntentOrder::number(const IntentRow &row) const
{
    const IntentTexts &texts = m_store.texts();
    switch (m_key) {
    case IntentSortKey::Created:
        return row.created;
    case IntentSortKey::Since:
        return row.created + static_cast<qint64>(row.since) * 1000;
    case IntentSortKey::Age: // what is open outranks what is settled, whatever the clock says: all open ones age alike
        return row.settled() ? static_cast<qint64>(row.since) * 1000 : std::numeric_limits<qint64>::max() - row.created;
    case IntentSortKey::State:
        return static_cast<qint64>(indexOf(row.phase));
    case IntentSortKey::Id:
        return 0;
    case IntentSortKey::Vault:
        return texts.vaults.ranks()[row.vault];
    case IntentSortKey::Chain:
        return texts.chains.ranks()[row.chain];
    case IntentSortKey::Party:
        return texts.parties.ranks()[row.party];
    case IntentSortKey::Action:
        return texts.actions.ranks()[row.action];
    case IntentSortKey::Amount:
        return ordered(CompactAmount{row.amount, row.amountScale}.toDouble());
    case IntentSortKey::Asset:
        return texts.assets.ranks()[row.asset];
    case IntentSortKey::Nonce:
        return row.nonce;
    case IntentSortKey::Attempts:
        return row.attempts;
    case IntentSortKey::Relayer:
        return texts.relayers.ranks()[row.relayer];
    case IntentSortKey::Reason:
        return texts.reasons.ranks()[row.reason];
    }
    return 0;
}

qint64 IntentOrder::number(quint32 row) const
{
    if (!m_before.isEmpty()) {
        if (const auto before = m_before.constFind(row); before != m_before.constEnd())
            return number(*before);
    }
    return number(keyOf(row));
}

/// The row with only those columns read that the key is made of: a whole row lies in two dozen places of the memory.
IntentRow IntentOrder::keyOf(quint32 at) const
{
    const IntentColumns &columns = m_store.columns(at >> IntentColumns::bits);
    const std::size_t i = at & (IntentColumns::rows - 1);
    IntentRow row;
    switch (m_key) {
    case IntentSortKey::Created:
        row.created = columns.created[i];
        break;
    case IntentSortKey::Since:
    case IntentSortKey::Age:
        row.created = columns.created[i];
        row.since = columns.since[i];
        row.phase = columns.phase[i];
        break;
    case IntentSortKey::State:
        row.phase = columns.phase[i];
        break;
    case IntentSortKey::Id:
        break;
    case IntentSortKey::Vault:
        row.vault = columns.vault[i];
        break;
    case IntentSortKey::Chain:
        row.chain = columns.chain[i];
        break;
    case IntentSortKey::Party:
        row.party = columns.party[i];
        break;
    case IntentSortKey::Action:
        row.action = columns.action[i];
        break;
    case IntentSortKey::Amount:
        row.amount = columns.amount[i];
        row.amountScale = columns.amountScale[i];
        break;
    case IntentSortKey::Asset:
        row.asset = columns.asset[i];
        break;
    case IntentSortKey::Nonce:
        row.nonce = columns.nonce[i];
        break;
    case IntentSortKey::Attempts:
        row.attempts = columns.attempts[i];
        break;
    case IntentSortKey::Relayer:
        row.relayer = columns.relayer[i];
        break;
    case IntentSortKey::Reason:
        row.reason = columns.reason[i];
        break;
    }
    return row;
}

QByteArrayView IntentOrder::id(quint32 row) const
{
    if (!m_before.isEmpty()) {
        if (const auto before = m_before.constFind(row); before != m_before.constEnd())
            return m_store.ids().at(before->id);
    }
    return m_store.idUtf8(row);
}

bool IntentOrder::less(quint32 a, quint32 b) const
{
    if (m_key == IntentSortKey::Id) {
        const int byText = id(a).compare(id(b));
        return byText != 0 ? byText < 0 : a < b;
    }
    const qint64 left = number(a);
    const qint64 right = number(b);
    return left != right ? left < right : a < b;
}

void IntentOrder::sort(std::vector<quint32> &rows) const
{
    if (m_key == IntentSortKey::Id || rows.size() < 64) {
        std::ranges::sort(rows, [this](quint32 a, quint32 b) { return less(a, b); });
        return;
    }
    std::vector<Pair> pairs;
    pairs.reserve(rows.size());
    bool sorted = true;
    bool ascending = true;
    qint64 last = std::numeric_limits<qint64>::min();
    quint32 lastRow = 0;
    for (const quint32 row : rows) {
        const qint64 key = number(row);
        ascending = ascending && row >= lastRow;
        sorted = sorted && (key > last || (key == last && row >= lastRow));
        last = key;
        lastRow = row;
        pairs.push_back({static_cast<quint64>(key) ^ (quint64(1) << 63), row});
    }
    if (sorted)
        return;
    if (!ascending)
        std::ranges::sort(pairs, {}, &Pair::row);
    radixSort(pairs);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = pairs[i].row;
}

void IntentOrder::assign(std::vector<quint32> rows, IntentSortKey key)
{
    m_key = key;
    m_rows = std::move(rows);
    sort(m_rows);
}

void IntentOrder::remember(quint32 row, const IntentRow &before)
{
    if (!m_before.contains(row))
        m_before.insert(row, before);
}

std::vector<quint32> IntentOrder::remembered() const
{
    std::vector<quint32> rows;
    rows.reserve(static_cast<std::size_t>(m_before.size()));
    for (auto it = m_before.keyBegin(); it != m_before.keyEnd(); ++it)
        rows.push_back(*it);
    return rows;
}

bool IntentOrder::keyChanged(quint32 row) const
{
    const auto before = m_before.constFind(row);
    if (before == m_before.constEnd())
        return false;
    return m_key == IntentSortKey::Id ? m_store.ids().at(before->id) != m_store.idUtf8(row) : number(*before) != number(m_store.row(row));
}

std::size_t IntentOrder::lowerBound(quint32 row) const
{
    const auto at = std::ranges::lower_bound(m_rows, row, [this](quint32 a, quint32 b) { return less(a, b); });
    return static_cast<std::size_t>(at - m_rows.begin());
}

std::optional<std::size_t> IntentOrder::positionOf(quint32 row) const
{
    const std::size_t physicalAt = lowerBound(row);
    if (physicalAt == m_rows.size() || m_rows[physicalAt] != row)
        return std::nullopt;
    return physical(physicalAt);
}

} // namespace countersign
