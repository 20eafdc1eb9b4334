#pragma once

#include "backend/proposals/proposal.h"
#include "backend/types/hash32.h"

namespace countersign {

/// Names of variables as promises and effects use them.
QString registryKeyVariable(const Hash32 &partyId); ///< "CantonKeyRegistry.cantonPartyToKey(0x…)"
/// A key of the registry as promises and effects write it: the address, or "none".
QString keyText(const Address &key);

/// What a revocation needs; the key and the nonce as the chain has them now.
struct RevokeKeyRequest {
    ChainId chainId;
    Address safe;
    Address registry;
    Hash32 partyId;
    QString partyName; ///< for the title; may be empty
    Address currentKey;
    Uint256 nonce;
    QString rationale;
    Timestamp now;
};

/// revokeKey(partyId) on the registry, all gas fields zero, promising that the party has no key afterwards.
ProposalDraft draftRevokeKey(const RevokeKeyRequest &request);

} // namespace countersign
