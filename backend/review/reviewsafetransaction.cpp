#include "backend/review/reviewsafetransaction.h"

#include "backend/review/checks/reviewcheck.h"
#include "backend/policy/policyseverities.h"
#include "backend/review/policyoverrides.h"
#include "backend/review/policyquestions.h"
#include "backend/review/sentence.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safetrust.h"
#include "backend/types/strings.h"

#include <limits>
#include <utility>

namespace countersign {

namespace {

QString howSigned(SafeSignatureKind kind)
{
    switch (kind) {
    case SafeSignatureKind::Ecdsa:
        return u"ECDSA"_s;
    case SafeSignatureKind::EthSign:
        return u"eth_sign"_s;
    case SafeSignatureKind::Contract:
        return u"contract"_s;
    case SafeSignatureKind::Approved:
        break;
    }
    return u"approved on the chain"_s;
}

// The version by which the hashes are taken: what the Safe's code proves, else what the subject claims.
SafeVersion versionOf(const ReviewSubject &subject, const ReviewContext &context)
{
    const bool isRead = context.isOnline && context.safe.safe == subject.safe;
    const auto proven = isRead ? SafeVersion::parse(judgeSafe(context.safe).version)
                               : Result<SafeVersion>(fail(ErrorKind::NotFound, QString()));
    return proven ? *proven : subject.version.value_or(SafeVersion::v141());
}

void fillSigners(Review &review, const ReviewSubject &subject, const ReviewContext &context)
{
    const auto nameOf = [&context](const Address &address) {
        const HolderSettings *holder = context.environment ? context.environment->holder(address) : nullptr;
        return holder ? holder->name : QString();
    };
    for (const Address &owner : context.safe.owners) {
        ReviewSigner signer{owner, nameOf(owner), false, {}, false};
        for (const CollectedSignature &signature : subject.signatures) {
            if (signature.owner == owner && signature.safeTxHash == review.hashes.safeTx) {
                const QString how = howSigned(signature.signature.kind());
                signer.hasSigned = !signature.isClaim();
                signer.how = signer.hasSigned ? how : u"%1: a claim"_s.arg(how);
            }
        }
        for (const CollectedSignature &signature : context.confirmed) {
            if (signature.owner != owner || signature.safeTxHash != review.hashes.safeTx || signer.hasSigned)
                continue;
            signer.hasSigned = true;
            signer.how = howSigned(signature.signature.kind());
            signer.isApprovedOnChain = signature.signature.kind() == SafeSignatureKind::Approved;
        }
        // What was given to one member only is a claim until it is open where the review is made.
        for (const Statement &statement : subject.statements) {
            if (statement.kind != StatementKind::SealedSignature || statement.author != owner
                || statement.safeTxHash != review.hashes.safeTx || signer.hasSigned)
                continue;
            const QString name = nameOf(statement.recipient);
            signer.how = u"sealed for %1"_s.arg(name.isEmpty() ? statement.recipient.toString() : name);
        }
        review.signers.append(signer);
    }
    for (const CollectedSignature &signature : subject.signatures) {
        if (!context.safe.isOwner(signature.owner) && !review.strangers.contains(signature.owner))
            review.strangers.append(signature.owner);
    }
    if (!subject.envelope)
        return;
    const QString proposer = nameOf(subject.envelope->proposer);
    review.proposer = proposer.isEmpty() ? subject.envelope->proposer.toString() : proposer;
}

ReviewBasis basisOf(const ReviewContext &context)
{
    ReviewBasis basis;
    if (context.isOnline)
        basis.nodes.append({context.endpoint, context.safe.blockNumber, context.safe.blockHash, {}});
    if (context.second) {
        const SecondOpinion &second = *context.second;
        basis.nodes.append({second.endpoint, context.safe.blockNumber, context.safe.blockHash,
            second.error ? second.error->message : second.disagreements.join(u"; "_s)});
    }
    if (context.simulation) {
        const SimulationFacts &facts = *context.simulation;
        basis.simulation = ReviewedSimulation{facts.succeeded, facts.method, facts.reason, facts.gasUsed,
            facts.assumesPredecessors, facts.innerCallOnly, facts.limits};
    }
    if (context.policy) {
        basis.policyName = context.policy->name;
        basis.policyVersion = context.policy->version;
        basis.policyId = context.policy->id();
    }
    return basis;
}

// The policy may raise any finding, and lower those for which it says why.
void applySeverities(QList<Finding> &findings, const Policy &policy)
{
    for (Finding &finding : findings) {
        const Severity severity = severityOf(severityUnder(policy, finding.code, policySeverityOf(finding.severity)));
        if (severity == finding.severity)
            continue;
        finding.evidence += (finding.evidence.isEmpty() ? QString() : u"; "_s) + u"severity by the policy %1"_s.arg(policy.name);
        finding.severity = severity;
    }
}

} // namespace

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

Review reviewSafeTransaction(const ReviewSubject &subject, const ReviewContext &context)
{
    const ChainSettings *chain = context.environment ? context.environment->chain(subject.chainId) : nullptr;
    const AddressBook book(context.environment, chain, context.policy.get());
    const ReviewTree tree(subject, context, book);
    const SafeVersion version = versionOf(subject, context);
    const SafeHashes hashes = safeHashes(version, subject.chainId, subject.safe, subject.transaction);

    Review review;
    review.chainId = subject.chainId;
    review.chainName = chain ? chain->name : u"chain %1"_s.arg(subject.chainId.value());
    review.safe = subject.safe;
    review.hashes = {hashes.domainHash, hashes.messageHash, hashes.safeTxHash};
    review.nonce = subject.transaction.nonce;
    review.safeNonce = context.safe.nonce;
    review.threshold = context.safe.threshold.toU64().value_or(std::numeric_limits<quint64>::max());
    review.blockNumber = context.safe.blockNumber;
    review.blockHash = context.safe.blockHash;
    review.reviewedAt = context.now;
    review.call = tree.decoded();
    review.sentence = reviewSentence(tree, subject.transaction, book, context, review.chainName);
    fillSigners(review, subject, context);
    review.basis = basisOf(context);

    const ReviewDesk desk{subject, context, chain, book, tree, version, review};
    for (const auto &check : reviewChecks()) {
        check->lookAtTransaction(desk, CheckReport(review, check->info(), u"transaction"_s));
        for (const ReviewedCall &call : tree.calls())
            check->lookAtCall(desk, call, CheckReport(review, check->info(), call.where));
    }
    if (context.policy)
        applySeverities(review.findings, *context.policy);
    if (context.policy)
        applyOverrides(review, *context.policy);
    sortFindings(review.findings);
    return review;
}

Review reviewSafeTransaction(const ExchangeItem &item, const ReviewContext &context)
{
    return reviewSafeTransaction(ReviewSubject::of(item), context);
}

} // namespace countersign
