#pragma once

#include "backend/evm/chainclient.h"
#include "backend/proposals/proposal.h"
#include "backend/safe/safestate.h"

#include <QCoroTask>
#include <QHash>
#include <QList>
#include <QSet>

#include <stop_token>

namespace countersign {

/// Largest number of claims that the chain is asked about at a time.
inline constexpr qsizetype maxClaimsAsked = 200;

/// Which claims of \a items the chain confirms at the block of \a state: approvedHashes for an approval, the owner's
/// isValidSignature for a contract's signature, asked as the Safe's version asks. A claim by somebody who is no owner
/// is not asked about, and one that nobody answers is not confirmed. `chain` outlives the task.
QCoro::Task<QHash<Hash32, QSet<Address>>> confirmClaims(
    ChainClient &chain, SafeState state, QList<ExchangeItem> items, std::stop_token stop = {});

} // namespace countersign
