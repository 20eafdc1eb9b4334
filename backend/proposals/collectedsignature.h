#pragma once

#include "backend/proposals/chainlink.h"
#include "backend/safe/safesignature.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"

#include <optional>

namespace countersign {

/// The block whose state a holder had before them when they signed.
struct ReviewedBlock {
    BlockNumber number;
    Hash32 hash;
    friend bool operator==(const ReviewedBlock &, const ReviewedBlock &) = default;
};

/// One owner's signature over a safeTxHash, as exchanged. The owner is recovered; whether that is an owner, only the
/// chain says. What a SafeTx signature covers is fixed, so everything here but `safeTxHash` and `signature` is what the
/// file says, until the owner's next signed entry covers it through the log.
struct CollectedSignature {
    Hash32 safeTxHash;
    SafeSignature signature;
    Address owner;
    Timestamp signedAt; ///< as the file says
    ChainId chainId = {};
    Address safe = {};
    Hash32 envelope = {}; ///< the envelope that the signer had before them; zero: not said
    std::optional<ReviewedBlock> reviewed = {};
    std::optional<ChainLink> link = {}; ///< absent for what came from elsewhere (a service, a chain)

    /// Puts the signature into its one form (low s) and finds its owner. Error Invalid when nobody can be recovered.
    static Result<CollectedSignature> make(ChainId chain, const Address &safe, const Hash32 &safeTxHash,
        const SafeSignature &signature, Timestamp signedAt);

    /// An approval or a contract's signature: anybody could have written it; only the chain can confirm it.
    bool isClaim() const;
    ExchangeLane lane() const { return {chainId, safe, owner}; }
    /// Names this entry in the owner's log (SignatureEntry of exchangedomain.h); nobody signs it.
    Hash32 entryHash() const;
    /// The signature as execTransaction takes it, alone: 65 bytes, and the data behind for a contract's.
    Bytes blob() const;

    friend bool operator==(const CollectedSignature &, const CollectedSignature &) = default;
};

/// Which of two signatures of one owner over one hash is used: a total order, so that every console picks the same in
/// whatever order they arrive. ECDSA before eth_sign before contract before approval; then in the log before not.
bool isPreferred(const CollectedSignature &a, const CollectedSignature &b);

} // namespace countersign
