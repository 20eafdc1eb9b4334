#pragma once

#include "backend/intents/hop.h"
#include "backend/intents/routestatistics.h"
#include "backend/intents/stringpool.h"

#include <QByteArray>
#include <QVector>

#include <array>
#include <vector>

namespace countersign {

/// One fact as it is kept: 56 bytes, its texts in the intent's own blob.
struct EvidenceRecord {
    quint64 identity = 0; ///< two reports of the same thing have the same
    qint64 time = 0;
    qint64 position = 0;
    quint32 revision = 0;
    quint16 number = 0;
    quint16 origin = 0; ///< pool code
    quint16 relayer = 0; ///< pool code
    quint16 reference = 0; ///< these five: positions in the blob; 0: none
    quint16 contractId = 0;
    quint16 blockHash = 0;
    quint16 reason = 0;
    quint16 evidence = 0;
    FactKind kind = FactKind::Requested;
    FactSource source = FactSource::Ledger;
    FactOutcome outcome = FactOutcome::None;
    bool retracted = false;
};

/// The terms of which the best source so far is remembered, so that the order of arrival does not decide.
enum class Term : quint8 { Vault, Chain, Party, Action, Asset, Amount, Adapter, Nonce, Deadline };
inline constexpr std::size_t termCount = 9;

/// Everything that was said about one intent.
struct IntentEvidence {
    std::vector<EvidenceRecord> records;
    QByteArray blob;
    std::array<quint8, termCount> ranks{};
    bool named = false; ///< the ledger's id is known
    bool cut = false; ///< the amount that was taken has more digits than a row holds

    QByteArrayView text(quint16 position) const;
    quint16 keep(QByteArrayView text);
};

/// What the facts of an intent amount to.
struct IntentState {
    IntentPhase phase = IntentPhase::Created;
    quint8 flags = 0; ///< all but Stuck, Sealed and Cut
    quint8 attempts = 0;
    quint16 relayer = 0;
    qint64 created = 0;
    qint64 since = 0;
    RouteStatistics::Entries entries{};
    QString reason;
};

/// Computes the state from the set of facts; their order has no influence.
IntentState foldEvidence(const IntentEvidence &evidence);

/// Keeps the facts of intents aside from their rows, by slot. Slots start at 1.
class EvidenceBook final
{
public:
    quint32 open();
    void close(quint32 slot);
    IntentEvidence &at(quint32 slot) { return m_slots[slot - 1]; }
    const IntentEvidence &at(quint32 slot) const { return m_slots[slot - 1]; }

    /// Adds a fact or merges it with an earlier report of the same thing. False when nothing new was said.
    bool record(quint32 slot, const Fact &fact, StringPool &relayers);

    QVector<Hop> hops(quint32 slot) const;

private:
    std::vector<IntentEvidence> m_slots;
    std::vector<quint32> m_free;
    StringPool m_origins;
};

} // namespace countersign
