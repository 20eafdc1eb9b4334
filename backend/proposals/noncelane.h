#pragma once

#include "backend/proposals/exchangesnapshot.h"
#include "backend/proposals/proposalstanding.h"

#include <map>

namespace countersign {

/// What is proposed for one nonce. More than one proposal: rivals, of which one at most can be executed.
struct NonceSlot {
    Uint256 nonce;
    QList<Hash32> proposals; ///< safeTxHashes, oldest first
    std::map<Address, QList<Hash32>> signedBy; ///< which of them each owner has signed
    bool isOpen = false; ///< one of them may still be executed as planned
    friend bool operator==(const NonceSlot &, const NonceSlot &) = default;
};

/// Nonces that nothing is proposed for, though something is for later ones: those wait for ever.
struct NonceGap {
    Uint256 first;
    Uint256 last;
    friend bool operator==(const NonceGap &, const NonceGap &) = default;
};

/// The queue of one Safe by nonce, from the Safe's present nonce up.
struct NonceLane {
    ChainId chainId;
    Address safe;
    Uint256 current; ///< the nonce that the Safe takes next
    QList<NonceSlot> nonces; ///< those that have proposals, by nonce
    QList<NonceGap> gaps; ///< by nonce
    /// The first nonce without an open proposal by an owner: a stranger's file must not push ours to where it can never
    /// be executed. Zero when there is none left.
    Uint256 nextFree;

    static NonceLane of(const ExchangeSnapshot &snapshot, const SafeFacts &facts, Timestamp now);
};

} // namespace countersign
