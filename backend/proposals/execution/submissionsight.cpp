#include "backend/proposals/execution/submissionsight.h"

#include "backend/proposals/safeoutcomes.h"
#include "backend/safe/safestatereader.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

using Kind = SubmissionSight::Kind;

QCoro::Task<Result<std::optional<TransactionReceipt>>> findReceipt(
    ChainClient &chain, QList<SentTransaction> sent, std::stop_token stop)
{
    for (const SentTransaction &one : std::as_const(sent)) {
        const Hash32 hash = one.hash;
        auto receipt = co_await chain.getTransactionReceipt(hash, stop);
        if (!receipt || *receipt)
            co_return receipt;
    }
    co_return std::optional<TransactionReceipt>();
}

// The Safe is past the nonce: by whom, and by what.
QCoro::Task<Result<SubmissionSight>> lookAtSafe(ChainClient &chain, Submission submission, BlockNumber head, std::stop_token stop)
{
    const Address safe = submission.safe;
    const BlockRef latest = BlockRef::latest();
    const auto state = co_await readSafeState(chain, safe, latest, stop);
    if (!state)
        co_return std::unexpected(state.error());
    const QList<Hash32> asked{submission.safeTxHash};
    const SafeState &known = *state;
    const auto outcomes = co_await readSafeOutcomes(chain, known, asked, stop);
    if (!outcomes)
        co_return std::unexpected(outcomes.error());
    const auto outcome = outcomes->found.constFind(submission.safeTxHash);
    if (outcome == outcomes->found.cend()) {
        // A node that shows no old events cannot say who took the nonce.
        if (outcomes->from > BlockNumber(0))
            co_return fail(ErrorKind::NotFound,
                u"The Safe is past nonce %1, but the node shows no events before block %2: who used it cannot be told"_s
                    .arg(submission.safeNonce.toDecimal(), QString::number(outcomes->from.value())));
        co_return SubmissionSight{Kind::SafeNonceUsed, {}, head};
    }
    const Hash32 executedIn = outcome->transactionHash;
    const auto receipt = co_await chain.getTransactionReceipt(executedIn, stop);
    if (!receipt)
        co_return std::unexpected(receipt.error());
    if (!*receipt)
        co_return SubmissionSight{Kind::Waiting, {}, head}; // the chain moved between two questions
    co_return SubmissionSight{submission.find(executedIn) ? Kind::Mined : Kind::ExecutedByOther, *receipt, head};
}

} // namespace

QCoro::Task<Result<SubmissionSight>> lookAtSubmission(ChainClient &chain, Submission submission, std::stop_token stop)
{
    const auto head = co_await chain.blockNumber(stop);
    if (!head)
        co_return std::unexpected(head.error());
    const BlockNumber height = *head;
    const QList<SentTransaction> sent = submission.sent;
    const auto receipt = co_await findReceipt(chain, sent, stop);
    if (!receipt)
        co_return std::unexpected(receipt.error());
    const SentTransaction *mined = *receipt ? submission.find((*receipt)->transactionHash) : nullptr;
    if (mined && mined->purpose != SubmissionPurpose::Cancellation && (*receipt)->succeeded)
        co_return SubmissionSight{Kind::Mined, *receipt, height};

    // What reverted, or was called back, may have been executed by somebody else.
    const Address safe = submission.safe;
    const Address from = submission.from;
    const BlockRef latest = BlockRef::latest();
    const Hash32 nonceSlot = slotNumber(SafeStorage::nonce);
    const auto word = co_await chain.getStorageAt(safe, nonceSlot, latest, stop);
    if (!word)
        co_return std::unexpected(word.error());
    if (Uint256::fromBigEndian(word->view()).value_or(Uint256()) > submission.safeNonce) {
        const auto sight = co_await lookAtSafe(chain, submission, height, stop);
        if (!sight || sight->kind != Kind::SafeNonceUsed || !mined || mined->purpose != SubmissionPurpose::Cancellation)
            co_return sight;
    }
    if (mined)
        co_return SubmissionSight{Kind::Mined, *receipt, height};

    const auto used = co_await chain.getTransactionCount(from, latest, stop);
    if (!used)
        co_return std::unexpected(used.error());
    if (used->value() > submission.nonce().value()) {
        // It may have been mined since it was asked for.
        const auto meanwhile = co_await findReceipt(chain, sent, stop);
        if (!meanwhile)
            co_return std::unexpected(meanwhile.error());
        co_return SubmissionSight{*meanwhile ? Kind::Mined : Kind::NonceUsed, *meanwhile, height};
    }
    for (const SentTransaction &one : sent) {
        const Hash32 hash = one.hash;
        const auto known = co_await chain.knowsTransaction(hash, stop);
        if (!known)
            co_return std::unexpected(known.error());
        if (*known)
            co_return SubmissionSight{Kind::Waiting, {}, height};
    }
    co_return SubmissionSight{Kind::Dropped, {}, height};
}

} // namespace countersign
