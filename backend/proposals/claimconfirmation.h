#pragma once

#include "backend/evm/chainclient.h"
#include "backend/proposals/proposal.h"
#include "backend/safe/safestate.h"

#include <QCoroTask>
#include <QHash>
#include <QList>

#include <stop_token>

namespace countersign {

/// A transaction of a Safe, and what of its signatures is known already.
struct ClaimSubject {
    Hash32 safeTxHash;
    SafeTransaction transaction;
    QList<CollectedSignature> signatures; ///< proved ones and claims

    static ClaimSubject of(const ExchangeItem &item)
    {
        return {item.id(), item.proposal.transaction, item.signatures + item.claims};
    }
};

/// Largest number of questions that the chain is asked at a time; who would be asked about later is not confirmed.
inline constexpr qsizetype maxClaimsAsked = 500;

/// What counts because the chain says so, by safeTxHash, at the block of \a state: approvals in approvedHashes, also of
/// owners for whom nobody claims one, and contract owners' signatures for which their isValidSignature stands up, asked
/// as the Safe's version asks. One signature an owner, none of those who are no owners or whose signature is proved;
/// what nobody answers is not confirmed. Transactions whose nonce is used are not asked about. `chain` outlives the task.
QCoro::Task<QHash<Hash32, QList<CollectedSignature>>> confirmClaims(
    ChainClient &chain, SafeState state, QList<ClaimSubject> subjects, std::stop_token stop = {});

} // namespace countersign
