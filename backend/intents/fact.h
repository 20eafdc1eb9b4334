#pragma once

#include "backend/types/hash32.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace countersign {

enum class FactSource : quint8 { Ledger, RelayerLog, Chain };

/// What one source said about one intent.
enum class FactKind : quint8 {
    Requested, ///< ledger: the request was created
    RequestClosed, ///< ledger: the request was archived; authorised or withdrawn, the other facts decide
    Authorised, ///< ledger: the authorised intent was created
    Received, ///< relayer: it saw the intent
    Queued, ///< relayer: it waits for its turn
    Submitted, ///< relayer: a transaction was sent
    AttemptFailed, ///< relayer: an attempt failed; it may try again
    Executed, ///< chain: the vault's IntentExecuted
    Confirmed, ///< relayer or chain: enough blocks stand upon the transaction
    RelayerAcknowledged, ///< relayer: it exercised the acknowledgement
    Receipted, ///< ledger: the receipt was created
};

inline constexpr std::size_t factKindCount = 11;

enum class FactOutcome : quint8 { None, Executed, Failed, Expired, Rejected };
std::optional<FactOutcome> factOutcomeFromString(QStringView word);

/// What an intent is about, as far as one source knows; empty means not said. Names, not codes: "treasury", "ethereum".
struct IntentTerms {
    QString vault;
    QString chain;
    QString party;
    QString action;
    QString asset;
    QString amount; ///< decimal, as the ledger has it
    QString adapter;
    std::optional<qint64> nonce;
    std::optional<Timestamp> deadline;
};

/// One observation of one intent, with its evidence. Facts may arrive in any order and more than once.
struct Fact {
    FactKind kind = FactKind::Requested;
    FactSource source = FactSource::Ledger;
    FactOutcome outcome = FactOutcome::None; ///< of RelayerAcknowledged and Receipted
    bool retracted = false; ///< of Executed: the block is no longer in the chain
    quint32 revision = 0; ///< of Executed: counts what the chain's follower said; the highest one holds
    Timestamp time; ///< as the source states it; null: not said
    QString intentId; ///< the ledger's id; empty when only the hash is known
    std::optional<Hash32> intentHash; ///< keccak256 of the id's UTF-8; may be left out where the id is given
    IntentTerms terms;
    QString origin; ///< who said it: participant, relayer or chain name
    qint64 position = 0; ///< ledger offset, byte offset in the log, block number
    QByteArray reference; ///< update id or transaction hash, as text
    QByteArray contractId; ///< of ledger facts: ties an archive to its create
    QByteArray blockHash; ///< of Executed, as text
    quint32 logIndex = 0; ///< of Executed
    quint32 number = 0; ///< attempt, queue depth or confirmations
    QString reason; ///< why it failed, as the source says it
    QString relayer; ///< who handles it, where the fact tells
    QByteArray evidence; ///< the log line, or what else was read; at most 1 KiB is kept
};

/// keccak256 of the UTF-8 of a ledger id: the name that chains know an intent by.
Hash32 intentHashOf(const QString &intentId);

} // namespace countersign
