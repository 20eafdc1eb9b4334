#pragma once

#include "backend/evm/merkleproof.h"

#include <QHash>
#include <QJsonValue>

#include <vector>

namespace countersign {

/// An account and some of its storage as a state root proves them.
struct ProvenAccount {
    /// Absent: there is no such account.
    std::optional<AccountState> account = {};
    QHash<Hash32, Uint256> storage = {}; ///< each slot that was asked for
};

/// Reads what eth_getProof answers (EIP-1186) and believes of it only what follows from `stateRoot`.
/// Errors: Invalid for another shape or other slots than those asked for; Corrupt when a proof does not hold, or when
/// the plain values beside it say something else.
Result<ProvenAccount> provenAccountFromJson(const QJsonValue &answer, const Address &account, const std::vector<Hash32> &slotsAsked,
                                            const Hash32 &stateRoot);

} // namespace countersign
