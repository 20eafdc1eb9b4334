#pragma once

#include "backend/proposals/chainlink.h"
#include "backend/safe/safetransaction.h"
#include "backend/types/error.h"
#include "backend/types/timestamp.h"

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace countersign {

/// A Safe transaction that came without a proposer's envelope, because its carrier has none (a transaction service).
/// What it does proves itself by its hash; everything that was said of it is a claim of nobody in particular. Where an
/// envelope is here as well, only the envelope counts.
struct ImportedTransaction {
    ChainId chainId;
    Address safe;
    SafeTransaction transaction;
    QString source; ///< who listed it: "transaction service api.safe.global"
    QString origin = {}; ///< what was said of it there, as it was said; may be empty
    Timestamp submittedAt = {}; ///< as the source says; zero: not said

    Hash32 safeTxHash() const;
    /// Names the transaction alone: whoever lists it, it is one entry, and nobody can multiply it by other words.
    Hash32 entryHash() const;
    ExchangeLane lane() const { return {chainId, safe, {}}; }
    /// One line for people, which says that it is a claim.
    QString title() const;
    /// The envelope that the origin speaks of (originOf); a hint where to ask for it.
    std::optional<Hash32> claimedEnvelope() const;

    /// Leaves out a source or an origin that could deceive or is too long.
    static ImportedTransaction make(ChainId chain, const Address &safe, const SafeTransaction &transaction,
        const QString &source, const QString &origin, Timestamp submittedAt);

    friend bool operator==(const ImportedTransaction &, const ImportedTransaction &) = default;
};

/// What a proposal says of itself where only 200 characters of origin go with it: its program and its envelope.
QString originOf(const Hash32 &envelopeDigest);

/// As a file of the exchange, in the form of proposaljson.h. Errors Invalid, Exhausted.
Result<ImportedTransaction> importFromJson(QByteArrayView file);
Bytes importToJson(const ImportedTransaction &import);

} // namespace countersign
