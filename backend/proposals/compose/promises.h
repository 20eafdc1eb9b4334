#pragma once

#include "backend/proposals/proposal.h"
#include "backend/review/review.h"

#include <QList>
#include <QStringList>

namespace countersign {

/// What the proposer can promise of a review's effects: the variables of \a own contracts, which nobody else changes in
/// the meantime; of a token's balances, for one, others make something else every minute, and the promise would be broken
/// without anybody's doing. The Safe's nonce is in the hash and not promised. \a notes gets how many there was no room for.
QList<PromisedEffect> promisesFrom(const Review &review, const QList<Address> &own, QStringList &notes);

} // namespace countersign
