#include "backend/intents/intentstore.h"

#include "backend/intents/evidencebook.h"
#include "backend/types/strings.h"

#include <cstring>

namespace countersign {

namespace {

/// The key is half of a keccak digest: any eight bytes of it are a hash already.
std::size_t slotOf(const std::array<quint8, 16> &key, std::size_t mask)
{
    quint64 bits = 0;
    std::memcpy(&bits, key.data(), sizeof(bits));
    return static_cast<std::size_t>(bits) & mask;
}

std::array<quint8, 16> keyOf(const Hash32 &hash)
{
    std::array<quint8, 16> key;
    std::memcpy(key.data(), hash.view().data(), key.size());
    return key;
}

} // namespace

IntentStore::IntentStore()
    : m_index(1024, 0)
    , m_evidence(std::make_unique<EvidenceBook>())
{
}

IntentStore::~IntentStore() = default;

IntentRow IntentStore::row(quint32 row) const
{
    const IntentColumns &c = *m_chunks[row >> IntentColumns::bits];
    const std::size_t i = row & (IntentColumns::rows - 1);
    IntentRow value;
    value.key = c.key[i];
    value.created = c.created[i];
    value.amount = c.amount[i];
    value.nonce = c.nonce[i];
    value.id = c.id[i];
    value.reason = c.reason[i];
    value.deadline = c.deadline[i];
    value.since = c.since[i];
    value.evidence = c.evidence[i];
    value.vault = c.vault[i];
    value.chain = c.chain[i];
    value.party = c.party[i];
    value.asset = c.asset[i];
    value.action = c.action[i];
    value.relayer = c.relayer[i];
    value.adapter = c.adapter[i];
    value.amountScale = c.amountScale[i];
    value.attempts = c.attempts[i];
    value.phase = c.phase[i];
    value.flags = c.flags[i];
    return value;
}

void IntentStore::write(quint32 row, const IntentRow &value)
{
    IntentColumns &c = *m_chunks[row >> IntentColumns::bits];
    const std::size_t i = row & (IntentColumns::rows - 1);
    c.key[i] = value.key;
    c.created[i] = value.created;
    c.amount[i] = value.amount;
    c.nonce[i] = value.nonce;
    c.id[i] = value.id;
    c.reason[i] = value.reason;
    c.deadline[i] = value.deadline;
    c.since[i] = value.since;
    c.evidence[i] = value.evidence;
    c.vault[i] = value.vault;
    c.chain[i] = value.chain;
    c.party[i] = value.party;
    c.asset[i] = value.asset;
    c.action[i] = value.action;
    c.relayer[i] = value.relayer;
    c.adapter[i] = value.adapter;
    c.amountScale[i] = value.amountScale;
    c.attempts[i] = value.attempts;
    c.phase[i] = value.phase;
    c.flags[i] = value.flags;
}

QByteArrayView IntentStore::idUtf8(quint32 row) const
{
    return m_ids.at(m_chunks[row >> IntentColumns::bits]->id[row & (IntentColumns::rows - 1)]);
}

QString IntentStore::id(quint32 row) const
{
    return QString::fromUtf8(idUtf8(row));
}

QString IntentStore::reason(quint32 row) const
{
    return m_texts.reasons.text(m_chunks[row >> IntentColumns::bits]->reason[row & (IntentColumns::rows - 1)]);
}

quint32 IntentStore::probe(const std::array<quint8, 16> &key) const
{
    const std::size_t mask = m_index.size() - 1;
    std::size_t slot = slotOf(key, mask);
    while (m_index[slot] != 0) {
        const quint32 row = m_index[slot] - 1;
        if (m_chunks[row >> IntentColumns::bits]->key[row & (IntentColumns::rows - 1)] == key)
            break;
        slot = (slot + 1) & mask;
    }
    return static_cast<quint32>(slot);
}

std::optional<quint32> IntentStore::find(const Hash32 &intentHash) const
{
    const quint32 slot = probe(keyOf(intentHash));
    return m_index[slot] == 0 ? std::nullopt : std::optional(m_index[slot] - 1);
}

std::optional<quint32> IntentStore::find(const QString &intentId) const
{
    if (intentId.startsWith(u"0x")) {
        if (const auto hash = Hash32::parse(intentId)) {
            if (const auto row = find(*hash))
                return row;
        }
    }
    return find(intentHashOf(intentId));
}

void IntentStore::grow()
{
    std::vector<quint32> old(m_index.size() * 2, 0);
    old.swap(m_index);
    for (const quint32 entry : old) {
        if (entry == 0)
            continue;
        const quint32 row = entry - 1;
        m_index[probe(m_chunks[row >> IntentColumns::bits]->key[row & (IntentColumns::rows - 1)])] = entry;
    }
}

void IntentStore::reserve(quint32 rows)
{
    while (m_index.size() * 4 < static_cast<std::size_t>(rows) * 5)
        grow();
}

quint32 IntentStore::append(const IntentRow &row, QByteArrayView id)
{
    if (m_index.size() * 4 < (static_cast<std::size_t>(m_size) + 1) * 5)
        grow();
    if ((m_size >> IntentColumns::bits) == m_chunks.size())
        m_chunks.push_back(std::make_unique_for_overwrite<IntentColumns>());
    const quint32 at = m_size++;
    IntentRow value = row;
    value.id = m_ids.append(id);
    write(at, value);
    m_index[probe(value.key)] = at + 1;
    account(at, nullptr, value);
    return at;
}

void IntentStore::replace(quint32 row, const IntentRow &changed)
{
    const IntentRow before = this->row(row);
    write(row, changed);
    account(row, &before, changed);
}

void IntentStore::rename(quint32 row, QByteArrayView id)
{
    m_chunks[row >> IntentColumns::bits]->id[row & (IntentColumns::rows - 1)] = m_ids.append(id);
}

void IntentStore::account(quint32 row, const IntentRow *before, const IntentRow &after)
{
    if (before != nullptr) {
        --m_counts[indexOf(before->phase)];
        m_stuck -= before->has(IntentFlag::Stuck) ? 1U : 0U;
    }
    ++m_counts[indexOf(after.phase)];
    m_stuck += after.has(IntentFlag::Stuck) ? 1U : 0U;

    const bool wasOpen = before != nullptr && !before->settled();
    if (!wasOpen && !after.settled()) {
        m_openAt.insert(row, static_cast<quint32>(m_open.size()));
        m_open.push_back(row);
    } else if (wasOpen && after.settled()) {
        const quint32 hole = m_openAt.take(row);
        const quint32 last = m_open.back();
        m_open.pop_back();
        if (last != row) {
            m_open[hole] = last;
            m_openAt[last] = hole;
        }
    }
}

quint32 IntentStore::openCount() const
{
    return static_cast<quint32>(m_open.size());
}

std::optional<quint32> IntentStore::oldestOpen() const
{
    std::optional<quint32> oldest;
    qint64 created = 0;
    for (const quint32 row : m_open) {
        const qint64 c = m_chunks[row >> IntentColumns::bits]->created[row & (IntentColumns::rows - 1)];
        if (!oldest || c < created || (c == created && row < *oldest)) {
            oldest = row;
            created = c;
        }
    }
    return oldest;
}

QVector<Hop> IntentStore::hops(quint32 row) const
{
    return m_evidence->hops(this->row(row).evidence);
}

} // namespace countersign
