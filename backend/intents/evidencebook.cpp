#include "backend/intents/evidencebook.h"

#include <QHashFunctions>

#include <algorithm>
#include <limits>
#include <tuple>

namespace countersign {

namespace {

constexpr qsizetype longestEvidence = 1024;
constexpr std::size_t mostRecords = 256; ///< a relayer that retries for ever must not fill the memory
constexpr qsizetype roomForLines = 32 * 1024; ///< of the blob's 64 KiB: hashes and reasons always find a place

/// What a relayer says again at every attempt. The rest decides, and has room of its own.
bool repeats(FactKind kind)
{
    return kind == FactKind::Received || kind == FactKind::Queued || kind == FactKind::Submitted || kind == FactKind::AttemptFailed;
}

quint64 identityOf(const Fact &fact)
{
    constexpr std::size_t seed = 0x0c5b;
    const auto kind = static_cast<int>(fact.kind);
    switch (fact.source) {
    case FactSource::Ledger:
        // Every participant that hosts a stakeholder reports the same event, each at an offset of its own.
        return qHashMulti(seed, kind, fact.contractId.isEmpty() ? fact.reference : fact.contractId);
    case FactSource::RelayerLog:
        return qHashMulti(seed, kind, fact.origin, fact.time.micros(), fact.reference, fact.number);
    case FactSource::Chain:
        return qHashMulti(seed, kind, fact.origin, fact.reference, fact.blockHash, fact.logIndex);
    }
    return 0;
}

/// Takes a text over when there is none yet, or when the new one comes first in order: any rule that order of arrival cannot change.
bool prefer(IntentEvidence &evidence, quint16 &at, QByteArrayView text)
{
    if (text.isEmpty())
        return false;
    const QByteArrayView kept = evidence.text(at);
    if (!kept.isEmpty() && kept.compare(text) <= 0)
        return false;
    at = evidence.keep(text);
    return true;
}

} // namespace

QByteArrayView IntentEvidence::text(quint16 position) const
{
    if (position == 0)
        return {};
    const auto *at = reinterpret_cast<const unsigned char *>(blob.constData()) + position;
    return QByteArrayView(blob).sliced(position + 2, at[0] | (at[1] << 8));
}

quint16 IntentEvidence::keep(QByteArrayView given)
{
    const QByteArrayView text = given.first(std::min(given.size(), longestEvidence));
    if (text.isEmpty())
        return 0;
    for (const EvidenceRecord &record : records) { // the hash of a transaction stands in three hops
        for (const quint16 position : {record.reference, record.contractId, record.blockHash}) {
            if (this->text(position) == text)
                return position;
        }
    }
    if (blob.isEmpty())
        blob.append('\0');
    const qsizetype position = blob.size();
    if (position + text.size() + 2 > std::numeric_limits<quint16>::max())
        return 0;
    blob.append(static_cast<char>(text.size() & 0xff));
    blob.append(static_cast<char>(text.size() >> 8));
    blob.append(text);
    return static_cast<quint16>(position);
}

quint32 EvidenceBook::open()
{
    if (!m_free.empty()) {
        const quint32 slot = m_free.back();
        m_free.pop_back();
        return slot;
    }
    m_slots.emplace_back();
    return static_cast<quint32>(m_slots.size());
}

void EvidenceBook::close(quint32 slot)
{
    m_slots[slot - 1] = IntentEvidence();
    m_free.push_back(slot);
}

bool EvidenceBook::record(quint32 slot, const Fact &fact, StringPool &relayers)
{
    IntentEvidence &evidence = at(slot);
    const quint64 identity = identityOf(fact);
    const auto found = std::ranges::find(evidence.records, identity, &EvidenceRecord::identity);
    const bool isNew = found == evidence.records.end();
    if (isNew && evidence.records.size() >= (repeats(fact.kind) ? mostRecords : 2 * mostRecords))
        return false;
    EvidenceRecord fresh;
    EvidenceRecord &record = isNew ? fresh : *found;
    const auto number = static_cast<quint16>(std::min<quint32>(fact.number, std::numeric_limits<quint16>::max()));
    const QByteArray origin = fact.origin.toUtf8();
    bool changed = isNew;
    if (isNew) {
        record.identity = identity;
        record.kind = fact.kind;
        record.source = fact.source;
        record.time = fact.time.micros();
        record.position = fact.position;
        record.origin = static_cast<quint16>(m_origins.intern(fact.origin));
        record.revision = fact.revision;
        record.retracted = fact.retracted;
    } else {
        if (fact.revision > record.revision) {
            changed = changed || record.retracted != fact.retracted;
            record.revision = fact.revision;
            record.retracted = fact.retracted;
        } else if (fact.revision == record.revision && fact.retracted && !record.retracted) {
            record.retracted = true;
            changed = true;
        }
        if (!fact.time.isNull() && (record.time == 0 || fact.time.micros() < record.time)) {
            record.time = fact.time.micros();
            changed = true;
        }
        const auto kept = std::pair(m_origins.text(record.origin).toUtf8(), record.position);
        if (std::pair(origin, fact.position) < kept) {
            record.origin = static_cast<quint16>(m_origins.intern(fact.origin));
            record.position = fact.position;
            changed = true;
        }
    }
    if (number > record.number) {
        record.number = number;
        changed = true;
    }
    if (fact.outcome > record.outcome) {
        record.outcome = fact.outcome;
        changed = true;
    }
    if (!fact.relayer.isEmpty()) {
        const QString kept = relayers.text(record.relayer);
        if (kept.isEmpty() || fact.relayer < kept) {
            record.relayer = static_cast<quint16>(relayers.intern(fact.relayer));
            changed = true;
        }
    }
    changed |= prefer(evidence, record.reference, fact.reference);
    changed |= prefer(evidence, record.contractId, fact.contractId);
    changed |= prefer(evidence, record.blockHash, fact.blockHash);
    changed |= prefer(evidence, record.reason, fact.reason.toUtf8());
    if (evidence.blob.size() < roomForLines)
        changed |= prefer(evidence, record.evidence, fact.evidence);
    if (isNew) {
        if (evidence.records.capacity() == 0)
            evidence.records.reserve(4);
        evidence.records.push_back(record);
    }
    return changed;
}

QVector<Hop> EvidenceBook::hops(quint32 slot) const
{
    QVector<Hop> hops;
    if (slot == 0)
        return hops;
    const IntentEvidence &evidence = at(slot);
    hops.reserve(static_cast<qsizetype>(evidence.records.size()));
    const auto text = [&evidence](quint16 position) { return QString::fromUtf8(evidence.text(position)); };
    for (const EvidenceRecord &record : evidence.records) {
        Hop hop;
        hop.kind = record.kind;
        hop.source = record.source;
        hop.outcome = record.outcome;
        hop.retracted = record.retracted;
        hop.phase = phaseOf(record.kind);
        hop.time = Timestamp::fromMicros(record.time);
        hop.origin = m_origins.text(record.origin);
        hop.position = record.position;
        hop.reference = text(record.reference);
        hop.contractId = text(record.contractId);
        hop.blockHash = text(record.blockHash);
        hop.number = record.number;
        hop.reason = text(record.reason);
        hop.evidence = text(record.evidence);
        hops.append(hop);
    }
    std::ranges::sort(hops, {}, [](const Hop &hop) { return std::tuple(hop.time, hop.kind, hop.reference, hop.blockHash, hop.origin, hop.number); });
    // What has no time stands after all that comes before it on the road, not at the beginning.
    const auto timed = std::ranges::find_if(hops, [](const Hop &hop) { return !hop.time.isNull(); });
    const QVector<Hop> untimed(hops.begin(), timed);
    hops.remove(0, untimed.size());
    for (const Hop &hop : untimed) {
        qsizetype at = hops.size();
        while (at > 0 && hops[at - 1].kind > hop.kind)
            --at;
        hops.insert(at, hop);
    }
    return hops;
}

} // namespace countersign
