#include "backend/records/recordonchain.h"

#include "backend/safe/safestatereader.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

using Outcome = RecordPoint::Outcome;

RecordPoint point(const QString &id, const QString &title, bool holds, const QString &otherwise)
{
    return {id, title, holds ? Outcome::Ok : Outcome::Failed, holds ? QString() : otherwise};
}

bool hasTheseOwners(const SafeState &state, const Review &review)
{
    return std::ranges::equal(state.owners, review.signers, {}, {}, &ReviewSigner::owner);
}

} // namespace

QCoro::Task<QList<RecordPoint>> verifyRecordOnChain(ChainClient &chain, ApprovalRecord record, std::stop_token stop)
{
    const Review &review = record.review;
    QList<RecordPoint> points;
    const QString blockTitle = u"The reviewed block is on the node's chain"_s;
    const QString safeTitle = u"The Safe had these owners, this threshold and this nonce at the block"_s;
    const auto chainId = co_await chain.chainId(stop);
    if (!chainId) {
        points.append({u"chain.block"_s, blockTitle, Outcome::NotChecked, chainId.error().message});
        points.append({u"chain.safe"_s, safeTitle, Outcome::NotChecked, chainId.error().message});
        co_return points;
    }
    if (*chainId != review.chainId) {
        points.append({u"chain.block"_s, blockTitle, Outcome::Failed,
            u"the node is on chain %1, the record is of chain %2"_s.arg(chainId->value()).arg(review.chainId.value())});
        co_return points;
    }
    const BlockRef height = BlockRef::at(review.blockNumber);
    const auto block = co_await chain.getBlock(height, stop);
    if (!block)
        points.append({u"chain.block"_s, blockTitle,
            block.error().kind == ErrorKind::NotFound ? Outcome::Failed : Outcome::NotChecked, block.error().message});
    else
        points.append(point(u"chain.block"_s, blockTitle, block->hash == review.blockHash,
            u"block %1 is %2 there"_s.arg(review.blockNumber.value()).arg(block->hash.toString())));
    if (!block || block->hash != review.blockHash) {
        points.append({u"chain.safe"_s, safeTitle, Outcome::NotChecked, u"the block is not there"_s});
    } else {
        const BlockRef at = BlockRef::at(review.blockHash);
        const auto state = co_await readSafeState(chain, review.safe, at, stop);
        if (!state)
            points.append({u"chain.safe"_s, safeTitle, Outcome::NotChecked, state.error().message});
        else
            points.append(point(u"chain.safe"_s, safeTitle,
                hasTheseOwners(*state, review) && state->threshold == Uint256(review.threshold)
                    && state->nonce == review.safeNonce,
                u"there it is %1 of %2 owners at nonce %3"_s.arg(state->threshold.toDecimal())
                    .arg(state->owners.size())
                    .arg(state->nonce.toDecimal())));
    }
    if (!record.execution)
        co_return points;
    const QString minedTitle = u"The execution was mined in the block that the record names"_s;
    const Hash32 transaction = record.execution->transactionHash;
    const auto receipt = co_await chain.getTransactionReceipt(transaction, stop);
    if (!receipt)
        points.append({u"chain.execution"_s, minedTitle, Outcome::NotChecked, receipt.error().message});
    else
        points.append(point(u"chain.execution"_s, minedTitle,
            *receipt && (*receipt)->succeeded && (*receipt)->blockNumber == record.execution->blockNumber
                && (*receipt)->gasUsed == record.execution->gasUsed,
            *receipt ? u"it stands in block %1"_s.arg((*receipt)->blockNumber.value())
                     : u"the node does not know the transaction"_s));
    co_return points;
}

} // namespace countersign
