#include "backend/proposals/executionsteps.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestorage.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace countersign {

Result<Bytes> executionCalldata(const ExchangeItem &item, const Review &review)
{
    if (review.isBlocked())
        return fail(ErrorKind::Rejected, u"The review forbids the execution: %1"_s.arg(review.findings.first().message),
            review.findings.first().code);
    if (review.nonce != review.safeNonce)
        return fail(ErrorKind::Rejected,
            u"The Safe is at nonce %1, the proposal at %2"_s.arg(
                review.safeNonce.toDecimal(), review.nonce.toDecimal()));
    std::vector<SafeSignature> signatures;
    for (const ReviewSigner &signer : review.signers) {
        if (!signer.hasSigned || signatures.size() == review.threshold)
            continue;
        const auto collected = std::ranges::find(item.signatures, signer.owner, &CollectedSignature::owner);
        if (collected != item.signatures.end())
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
    ChainClient &chain, Address safe, Review review, TransactionReceipt receipt, std::stop_token stop)
{
    ExecutionReport report{
        review.hashes.safeTx, receipt.transactionHash, receipt.blockNumber, receipt.gasUsed, review.effects, true,
        !review.effects.isEmpty()};
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
