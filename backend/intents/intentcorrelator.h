#pragma once

#include "backend/intents/fact.h"
#include "backend/intents/intentstore.h"

#include <QHash>

#include <deque>
#include <span>
#include <vector>

namespace countersign {

/// Turns facts into intents. The state of an intent is a function of the set of its facts: their order and repetitions do not matter.
/// Phases are computed, never set. An execution whose block left the chain is taken back, with the confirmation that rested on it.
class IntentCorrelator final
{
public:
    explicit IntentCorrelator(IntentStore &store);
    ~IntentCorrelator();
    Q_DISABLE_COPY_MOVE(IntentCorrelator)

    /// Facts without an id and a hash, with an id of more than 255 bytes, and archives of contracts that nobody knows, change nothing (the latter are remembered).
    IntentBatch apply(std::span<const Fact> facts);

    /// Marks what got stuck since, and unmarks what moved. Call it about once a second; walks the open rows.
    IntentBatch refresh(Timestamp now);

    /// Settled intents beyond this number, oldest first, give up their hops.
    void setEvidenceLimit(quint32 settledIntents) { m_evidenceLimit = settledIntents; }

private:
    struct Touched;
    void take(const Fact &fact, Touched &touched);
    quint32 rowFor(const Hash32 &hash, const Fact &fact, Touched &touched);
    void settle(quint32 row);
    void seal();

    IntentStore &m_store;
    QHash<quint64, quint32> m_requests; ///< hash of a request's contract id -> row
    QHash<quint64, Fact> m_orphans; ///< archives whose request was not seen yet
    std::deque<quint64> m_orphanOrder;
    std::deque<quint32> m_settled;
    quint32 m_evidenceLimit = 200'000;
};

} // namespace countersign
