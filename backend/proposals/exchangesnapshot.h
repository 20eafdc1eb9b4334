#pragma once

#include "backend/proposals/exchangelog.h"
#include "backend/proposals/proposal.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>

namespace countersign {

enum class RejectionCause {
    Foreign, ///< no file of the exchange
    Link,
    NotRegular, ///< a pipe, a device
    TooLarge,
    Malformed, ///< not what its format demands, changed after it was signed, or of another version
    Misnamed, ///< valid, but under the name of another entry: moved or swapped
    Unreadable,
};

/// A file of the exchange that was not believed.
struct RejectedFile {
    QString name;
    QString reason;
    bool quarantined = false; ///< moved into quarantine/ with its reason beside it; false: it could not be moved
    RejectionCause cause = RejectionCause::Malformed;
    friend bool operator==(const RejectedFile &, const RejectedFile &) = default;
};

enum class ExchangeConflictKind {
    RivalNonce, ///< several proposals with one (chain, Safe, nonce)
    CompetingEnvelopes, ///< several authors describe one transaction, or an edit does not name the one before
    SignedOldEnvelope, ///< an owner signed what an earlier envelope described
    SignedReplaced, ///< an owner signed a proposal that its proposer has replaced
    SignedRivals, ///< an owner signed several proposals of one nonce: whichever executes first wins
    SignedAndRejected, ///< an owner rejected what they signed; the signature still counts on the chain
    WrongExchange, ///< an entry names a transaction of another Safe or chain
    MissingAttachment, ///< a proposal rests on a document that is not here
};

/// Valid entries that do not go together.
struct ExchangeConflict {
    ExchangeConflictKind kind = ExchangeConflictKind::RivalNonce;
    QList<Hash32> proposals; ///< safeTxHashes concerned
    QList<Address> members; ///< who is concerned
    Hash32 subject; ///< envelope, entry or attachment; zero where the proposals say it all
    QString text; ///< one sentence
    friend bool operator==(const ExchangeConflict &, const ExchangeConflict &) = default;
};

/// What an exchange held when it was last read.
struct ExchangeSnapshot {
    QList<ExchangeItem> items; ///< by creation, oldest first
    QList<RejectedFile> rejected; ///< since this object exists
    std::shared_ptr<const ExchangeSet> set = std::make_shared<ExchangeSet>();
    QList<ExchangeConflict> conflicts;
    QList<ExchangeAlarm> alarms;
    LaneHeads heads; ///< of each author's log, as far as it is sound
    QList<Hash32> orphans; ///< entry hashes of what is about a proposal that is not here (yet)
    QHash<Hash32, qsizetype> index = {}; ///< of items, by safeTxHash

    const ExchangeItem *find(const Hash32 &safeTxHash) const;
};

/// Joins what belongs together and says what does not. Depends on the set alone, not on how it came about. Alarms are
/// not its matter (ExchangeLog).
ExchangeSnapshot snapshotOf(std::shared_ptr<const ExchangeSet> set);

/// All proposals with this nonce of this Safe: at most one of them can be executed. Oldest first.
QList<ExchangeItem> rivals(const ExchangeSnapshot &snapshot, ChainId chain, const Address &safe, const Uint256 &nonce);
/// Those beside \a item itself.
QList<ExchangeItem> rivalsOf(const ExchangeSnapshot &snapshot, const ExchangeItem &item);

} // namespace countersign
