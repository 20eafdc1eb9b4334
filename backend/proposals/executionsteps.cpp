#include "backend/proposals/executionsteps.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safeexecution.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <algorithm>

namespace countersign {

namespace {

QJsonArray deploymentsJson(const QList<DeploymentVerification> &deployments)
{
    QJsonArray array;
    for (const DeploymentVerification &deployment : deployments) {
        QJsonArray steps;
        for (const VerificationStep &step : deployment.steps)
            steps.append(QJsonObject{{u"step"_s, step.text}, {u"ok"_s, step.ok}, {u"evidence"_s, step.evidence}});
        array.append(QJsonObject{{u"address"_s, deployment.address.toString()}, {u"contract"_s, deployment.contract},
            {u"codeHash"_s, deployment.codeHash.toString()}, {u"steps"_s, steps}});
    }
    return array;
}

} // namespace

Result<void> requirePromises(const Proposal &proposal, const Review &review)
{
    for (const PromisedEffect &promise : proposal.promises) {
        const auto effect = std::ranges::find(review.effects, promise.name, &Effect::variable);
        if (effect == review.effects.end())
            return fail(ErrorKind::Rejected,
                u"The proposer promised a change of %1, which the simulation does not show"_s.arg(promise.name));
        if (effect->before != promise.before || effect->after != promise.after)
            return fail(ErrorKind::Rejected,
                u"The simulation changes %1 from %2 to %3; the proposer promised from %4 to %5"_s.arg(promise.name,
                    effect->before, effect->after.isEmpty() ? u"unknown"_s : effect->after, promise.before, promise.after));
    }
    return {};
}

Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review)
{
    if (review.isBlocked())
        return fail(ErrorKind::Rejected, u"The review forbids the execution: %1"_s.arg(review.findings.first().message),
            review.findings.first().code);
    if (review.nonce != review.safeNonce)
        return fail(ErrorKind::Rejected,
            u"The Safe is at nonce %1, the proposal at %2"_s.arg(
                review.safeNonce.toDecimal(), review.nonce.toDecimal()));
    if (const auto promised = requirePromises(item.proposal, review); !promised)
        return std::unexpected(promised.error());
    std::vector<SafeSignature> signatures;
    for (const ReviewSigner &signer : review.signers) {
        if (!signer.hasSigned || signatures.size() == review.threshold)
            continue;
        if (signer.isApprovedOnChain) {
            signatures.push_back(SafeSignature::approved(signer.owner));
            continue;
        }
        const QList<CollectedSignature> held = item.signatures + item.claims;
        const auto collected = std::ranges::find(held, signer.owner, &CollectedSignature::owner);
        if (collected != held.end())
            signatures.push_back(collected->signature);
    }
    if (signatures.size() < review.threshold)
        return fail(
            ErrorKind::Rejected, u"%1 of %2 signatures are there"_s.arg(signatures.size()).arg(review.threshold));
    const auto blob = encodeSafeSignatures(std::move(signatures), review.hashes.safeTx);
    if (!blob)
        return std::unexpected(blob.error());
    return encodeExecTransaction(item.proposal.transaction, *blob);
}

QCoro::Task<Result<ExecutionReport>> readBack(
    ChainClient &chain, Submission submission, TransactionReceipt receipt, std::stop_token stop)
{
    ExecutionReport report;
    report.safeTxHash = submission.safeTxHash;
    report.transactionHash = receipt.transactionHash;
    report.blockNumber = receipt.blockNumber;
    report.blockHash = receipt.blockHash;
    report.gasUsed = receipt.gasUsed;
    report.submitter = receipt.from;
    report.isByOther = !submission.find(receipt.transactionHash);
    report.effects = submission.effects;
    report.isAsPromised = true;
    report.isReadBack = !report.effects.isEmpty();
    const Address safe = submission.safe;
    const BlockRef block = BlockRef::at(receipt.blockHash);
    for (Effect &effect : report.effects) {
        effect.promised = effect.after;
        if (!effect.place) {
            effect.after.clear(); // named, but no word of the chain to compare with
            report.isReadBack = false;
            continue;
        }
        const EffectSlot place = *effect.place;
        const auto word = co_await chain.getStorageAt(place.contract, place.slot, block, stop);
        if (!word)
            co_return std::unexpected(word.error());
        // Someone else may have used the next nonce in the same block; the effect that was promised is what counts.
        const bool isNonce = place.contract == safe && place.slot == slotNumber(SafeStorage::nonce);
        if (*word == place.after)
            continue;
        effect.after = word->toString();
        if (!isNonce)
            report.isAsPromised = false;
    }
    co_return report;
}

Result<void> judgeOutcome(const Submission &submission, const SubmissionSight &sight)
{
    switch (sight.kind) {
    case SubmissionSight::Kind::NonceUsed:
        return fail(ErrorKind::Conflict,
            u"Nonce %1 of %2 was used by another transaction of that account: the Safe has not executed this proposal"_s
                .arg(submission.nonce().value())
                .arg(submission.from.toString()));
    case SubmissionSight::Kind::SafeNonceUsed:
        return fail(ErrorKind::Conflict,
            u"Another transaction of the Safe used nonce %1: this one can no longer be executed. If ours is still waiting, it will fail and cost its fee"_s
                .arg(submission.safeNonce.toDecimal()));
    case SubmissionSight::Kind::Waiting:
    case SubmissionSight::Kind::Dropped:
        return fail(ErrorKind::Timeout, u"It is not mined yet"_s);
    case SubmissionSight::Kind::Mined:
    case SubmissionSight::Kind::ExecutedByOther:
        break;
    }
    if (!sight.receipt)
        return fail(ErrorKind::Internal, u"An outcome without a receipt"_s);
    const SentTransaction *ours = submission.find(sight.receipt->transactionHash);
    if (ours && ours->purpose == SubmissionPurpose::Cancellation)
        return fail(ErrorKind::Cancelled,
            u"The execution was called back by transaction %1; the Safe's nonce is unchanged, and the proposal can be executed later"_s
                .arg(ours->hash.toString()));
    return checkReceipt(*sight.receipt, submission.safe, submission.safeTxHash);
}

JournalEntry deploymentIncident(const ExecutionReport &report, const QString &holder)
{
    QStringList failed;
    for (const DeploymentVerification &deployment : report.deployments) {
        if (!deployment.isVerified())
            failed.append(deployment.address.toString());
    }
    return JournalEntry::make(JournalKind::Incident, holder, report.safeTxHash.toString(),
        u"What was deployed at %1 is not what it should be"_s.arg(failed.join(u", "_s)),
        {{u"transactionHash"_s, report.transactionHash.toString()}, {u"deployments"_s, deploymentsJson(report.deployments)}});
}

JournalEntry minedEntry(const TransactionReceipt &receipt, const QString &holder, const QString &id)
{
    return JournalEntry::make(JournalKind::Execution, holder, id,
        u"Transaction %1 was mined in block %2"_s.arg(receipt.transactionHash.toString()).arg(receipt.blockNumber.value()),
        {{u"transactionHash"_s, receipt.transactionHash.toString()}, {u"from"_s, receipt.from.toString()},
            {u"block"_s, QString::number(receipt.blockNumber.value())}, {u"blockHash"_s, receipt.blockHash.toString()},
            {u"gasUsed"_s, QString::number(receipt.gasUsed)}, {u"succeeded"_s, receipt.succeeded}});
}

JournalEntry effectEntry(const ExecutionReport &report, const QString &holder, const QString &sentence,
    const QJsonObject &recordEvidence)
{
    QJsonArray effects;
    for (const Effect &effect : report.effects) {
        effects.append(QJsonObject{{u"variable"_s, effect.variable}, {u"before"_s, effect.before},
            {u"promised"_s, effect.promised}, {u"readBack"_s, effect.after}});
    }
    QJsonObject evidence = recordEvidence;
    evidence.insert(u"transactionHash"_s, report.transactionHash.toString());
    evidence.insert(u"block"_s, QString::number(report.blockNumber.value()));
    evidence.insert(u"effects"_s, effects);
    evidence.insert(u"deployments"_s, deploymentsJson(report.deployments));
    return report.isAsPromised
        ? JournalEntry::make(JournalKind::Effect, holder, report.safeTxHash.toString(),
              (report.isReadBack ? u"Done, and read back as promised: %1"_s
                                 : u"Executed; not all of its effect could be read back: %1"_s)
                  .arg(sentence),
              evidence)
        : JournalEntry::make(JournalKind::Incident, holder, report.safeTxHash.toString(),
              u"Executed, but the effect is not what was promised: %1"_s.arg(sentence), evidence);
}

} // namespace countersign
