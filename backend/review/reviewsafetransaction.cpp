#include "backend/review/reviewsafetransaction.h"

#include "backend/review/reviewchecks.h"
#include "backend/review/sentence.h"
#include "backend/safe/safehash.h"
#include "backend/types/strings.h"

#include <limits>
#include <utility>

namespace countersign {

namespace {

void fillSigners(Review &review, const ExchangeItem &item, const ReviewContext &context)
{
    const auto nameOf = [&context](const Address &address) {
        const HolderSettings *holder = context.environment ? context.environment->holder(address) : nullptr;
        return holder ? holder->name : QString();
    };
    for (const Address &owner : context.safe.owners) {
        ReviewSigner signer{owner, nameOf(owner), false, {}};
        for (const CollectedSignature &signature : item.signatures) {
            if (signature.owner == owner && signature.safeTxHash == review.hashes.safeTx) {
                signer.hasSigned = true;
                signer.how = signature.signature.kind() == SafeSignatureKind::EthSign ? u"eth_sign"_s : u"ECDSA"_s;
            }
        }
        review.signers.append(signer);
    }
    for (const CollectedSignature &signature : item.signatures) {
        if (!context.safe.isOwner(signature.owner) && !review.strangers.contains(signature.owner))
            review.strangers.append(signature.owner);
    }
    const QString proposer = nameOf(item.proposal.proposer);
    review.proposer = proposer.isEmpty() ? item.proposal.proposer.toString() : proposer;
}

// Worst first; within a severity in the order of the checks.
void sortFindings(QList<Finding> &findings)
{
    QList<Finding> sorted;
    sorted.reserve(findings.size());
    for (const Severity severity : {Severity::Block, Severity::Warn, Severity::Info}) {
        for (const Finding &finding : std::as_const(findings)) {
            if (finding.severity == severity)
                sorted.append(finding);
        }
    }
    findings = sorted;
}

} // namespace

Review reviewSafeTransaction(const ExchangeItem &item, const ReviewContext &context)
{
    const Proposal &proposal = item.proposal;
    const ChainSettings *chain = context.environment ? context.environment->chain(proposal.chainId) : nullptr;
    const AddressBook book(context.environment, chain);
    const ReadCall call = readCall(proposal.transaction, book);

    Review review;
    review.chainId = proposal.chainId;
    review.chainName = chain ? chain->name : u"chain %1"_s.arg(proposal.chainId.value());
    review.safe = proposal.safe;
    review.hashes.domain = safeDomainHash(proposal.chainId, proposal.safe);
    review.hashes.message = safeMessageHash(proposal.transaction);
    review.hashes.safeTx = safeTxHash(review.hashes.domain, review.hashes.message);
    review.nonce = proposal.transaction.nonce;
    review.safeNonce = context.safe.nonce;
    review.threshold = context.safe.threshold.toU64().value_or(std::numeric_limits<quint64>::max());
    review.blockNumber = context.safe.blockNumber;
    review.blockHash = context.safe.blockHash;
    review.reviewedAt = context.now;
    review.call = call.decoded;
    review.sentence = reviewSentence(call, proposal.transaction, book, context, review.chainName);
    fillSigners(review, item, context);

    const ReviewDesk desk{item, context, chain, book, call, review};
    checkIdentity(desk);
    checkOperation(desk);
    checkMeaning(desk);
    checkTime(desk);
    checkEffects(desk);
    sortFindings(review.findings);
    return review;
}

} // namespace countersign
