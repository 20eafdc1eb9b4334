#pragma once

#include "app/practice/relayer/authorisedintent.h"
#include "backend/types/timestamp.h"

#include <QHash>
#include <QList>
#include <QString>

#include <chrono>
#include <map>
#include <optional>

namespace countersign {

/// Where an intent is between the ledger that authorised it and the ledger that reads how it ended.
enum class WorkStage {
    Queued, ///< waits for its turn or for its next try
    Submitting, ///< being checked and sent right now
    Submitted, ///< a transaction is out
    Mined, ///< in a block, not yet deep enough
    Acknowledging, ///< final on the chain, or refused for good; the ledger is being told
};

/// How an intent ended, as the ledger is told.
struct WorkOutcome {
    QString outcome; ///< executed, failed, expired, rejected
    QString reason;
    quint64 gasUsed = 0;
};

struct WorkItem {
    AuthorisedIntent intent;
    WorkStage stage = WorkStage::Queued;
    int attempts = 0;
    Timestamp receivedAt;
    Timestamp notBefore;
    std::optional<Hash32> transaction;
    Timestamp submittedAt;
    BlockNumber submittedAtHead;
    BlockNumber block;
    Hash32 blockHash;
    Timestamp minedAt;
    WorkOutcome outcome;
    bool undone = false; ///< executed, but its block went while the ledger was being told
    bool acknowledged = false; ///< the ledger knows already; only the chain is to be made right again
};

/// The leader's list of intents of one chain: which is next, which waits for what. No clock, no network, no order of
/// its own beyond the ledger's.
class RelayerQueue final {
public:
    /// False when the contract is known already: the ledger may tell of it twice after a resumed stream.
    bool add(AuthorisedIntent intent, Timestamp now);
    /// The ledger archived the contract: nothing more to do.
    bool remove(const QString &contractId);
    void clear();

    WorkItem *find(const QString &contractId);
    /// The oldest item that waits and whose time has come; it is Submitting from then on.
    WorkItem *takeNext(Timestamp now);
    /// The oldest item to acknowledge whose time has come.
    WorkItem *nextToAcknowledge(Timestamp now);
    QList<WorkItem *> inStage(WorkStage stage);

    void submitted(WorkItem &item, const Hash32 &transaction, Timestamp now, BlockNumber head);
    void mined(WorkItem &item, const Hash32 &transaction, BlockNumber block, const Hash32 &blockHash, Timestamp now);
    void settled(WorkItem &item, WorkOutcome outcome);
    /// Back to the end of the wait, with a pause that doubles from half a second to thirty seconds. The transaction is
    /// kept: should it appear after all, it counts.
    void requeue(WorkItem &item, Timestamp now);
    /// Back at once, and without a transaction: its block is gone.
    void unmined(WorkItem &item, Timestamp now);

    /// Intents that are not yet submitted.
    qsizetype depth() const;
    qsizetype size() const { return static_cast<qsizetype>(m_items.size()); }
    /// Age of the oldest intent that is still to be acknowledged.
    std::optional<std::chrono::microseconds> oldestAge(Timestamp now) const;
    /// When the next waiting item is due.
    std::optional<Timestamp> nextDue() const;

private:
    std::map<quint64, WorkItem> m_items; // by arrival
    QHash<QString, quint64> m_byContract;
    quint64 m_next = 0;
};

/// Pause before try number `attempts` + 1.
std::chrono::milliseconds retryPause(int attempts);

} // namespace countersign
