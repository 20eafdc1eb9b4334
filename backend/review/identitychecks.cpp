#include "backend/review/reviewchecks.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safetrust.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

void checkChain(const ReviewDesk &desk)
{
    const Proposal &proposal = desk.item.proposal;
    if (!desk.chain) {
        desk.block("chain.unknown"_L1,
            u"The proposal is for chain %1, which this environment does not have"_s.arg(proposal.chainId.value()));
    } else if (!desk.chain->safe || *desk.chain->safe != proposal.safe) {
        desk.block("safe.foreign"_L1,
            u"The proposal is for the Safe %1, which is not the Safe of %2"_s.arg(
                proposal.safe.toString(), desk.chain->name),
            desk.chain->safe ? desk.chain->safe->toString() : QString());
    }
    if (!desk.context.rpcChainId || *desk.context.rpcChainId != proposal.chainId) {
        desk.block("chain.mismatch"_L1, u"The endpoint serves another chain than the proposal is for"_s,
            u"proposal %1, endpoint %2"_s.arg(proposal.chainId.value())
                .arg(desk.context.rpcChainId ? QString::number(desk.context.rpcChainId->value()) : u"unknown"_s));
    } else {
        desk.info("chain.agrees"_L1,
            u"The endpoint serves chain %1, as the proposal says"_s.arg(proposal.chainId.value()),
            desk.context.endpoint);
    }
}

void checkSafe(const ReviewDesk &desk)
{
    const SafeState &safe = desk.context.safe;
    if (safe.safe != desk.item.proposal.safe) {
        desk.block("safe.unread"_L1, u"The Safe could not be read from the chain"_s);
        return;
    }
    const SafeJudgement judgement = judgeSafe(safe);
    const QString evidence = u"proxy code %1, singleton %2 with code %3, block %4"_s.arg(safe.proxyCodeHash.toString(),
        safe.singleton.toString(), safe.singletonCodeHash.toString(), QString::number(safe.blockNumber.value()));
    if (judgement.trust == SafeTrust::Trusted)
        desk.info("safe.code"_L1, u"The Safe runs the known code of version %1"_s.arg(judgement.version), evidence);
    else
        desk.block("safe.code"_L1, u"The Safe's code is not known: %1"_s.arg(judgement.message), evidence);
    if (!safe.guard.isZero())
        desk.warn("safe.guard"_L1, u"The Safe has a guard, which may refuse the execution"_s, safe.guard.toString());
    for (const Address &module : safe.modules)
        desk.warn("safe.module"_L1, u"A module may act for the Safe without any signature"_s, module.toString());
    if (safe.threshold <= Uint256(1))
        desk.warn("safe.threshold"_L1, u"One signature is enough for this Safe"_s);
}

void checkHashes(const ReviewDesk &desk)
{
    const ReviewHashes &hashes = desk.review.hashes;
    const SafeState &safe = desk.context.safe;
    if (!desk.context.contractHash) {
        desk.warn("hash.unconfirmed"_L1,
            u"The Safe could not be asked for the hash of the transaction; it is computed here alone"_s);
    } else if (*desk.context.contractHash != hashes.safeTx) {
        desk.block("hash.mismatch"_L1, u"The Safe computes another hash for this transaction than this program"_s,
            u"here %1, contract %2"_s.arg(hashes.safeTx.toString(), desk.context.contractHash->toString()));
    } else {
        desk.info(
            "hash.agrees"_L1, u"The hash computed here is the one that the Safe computes"_s, hashes.safeTx.toString());
    }
    if (safe.domainSeparator != hashes.domain) {
        desk.block("hash.domain"_L1,
            u"The Safe's domain is not that of its chain and address: its signatures may count elsewhere too"_s,
            u"here %1, contract %2"_s.arg(hashes.domain.toString(), safe.domainSeparator.toString()));
    }
}

void checkEndpoints(const ReviewDesk &desk)
{
    const auto &second = desk.context.second;
    if (!second) {
        desk.warn("endpoint.single"_L1, u"One endpoint only: nobody confirms what it says of the chain"_s,
            desk.context.endpoint);
    } else if (second->error) {
        desk.block("endpoint.silent"_L1, u"The second endpoint could not be asked: %1"_s.arg(second->error->message),
            second->endpoint);
    } else if (!second->disagreements.isEmpty()) {
        desk.block("endpoint.disagrees"_L1, u"The two endpoints tell different things of the same block"_s,
            second->disagreements.join(u"; "_s));
    } else {
        desk.info("endpoint.agrees"_L1, u"A second endpoint sees the same block and state"_s, second->endpoint);
    }
}

void checkSignatures(const ReviewDesk &desk)
{
    for (const CollectedSignature &signature : desk.item.signatures) {
        if (signature.safeTxHash != desk.review.hashes.safeTx) {
            desk.block("signature.foreign"_L1, u"A collected signature is for another transaction"_s,
                signature.safeTxHash.toString());
        } else if (const auto signer = signature.signature.signer(desk.review.hashes.safeTx);
            !signer || *signer != signature.owner) {
            desk.block(
                "signature.invalid"_L1, u"A collected signature is not by whom it names"_s, signature.owner.toString());
        } else if (!desk.context.safe.isOwner(signature.owner)) {
            desk.warn("signature.stranger"_L1,
                u"%1 signed, but is no owner of the Safe; the signature is not counted"_s.arg(
                    desk.book.describe(signature.owner)),
                signature.owner.toString());
        } else if (signature.signature.kind() == SafeSignatureKind::EthSign) {
            desk.warn("signature.ethsign"_L1,
                u"%1 signed by eth_sign: their device could show nothing but one hash"_s.arg(
                    desk.book.describe(signature.owner)));
        }
    }
}

void checkProposer(const ReviewDesk &desk)
{
    const Proposal &proposal = desk.item.proposal;
    const auto proposer = recoverAddress(proposal.envelopeDigest(), proposal.signature);
    if (!proposer || *proposer != proposal.proposer) {
        desk.block("proposer.signature"_L1, u"The proposal is not signed by whom it names as its proposer"_s,
            proposal.proposer.toString());
        return;
    }
    if (!desk.context.safe.isOwner(proposal.proposer))
        desk.warn("proposer.stranger"_L1, u"The proposer is no owner of the Safe"_s, proposal.proposer.toString());
    else
        desk.info("proposer.owner"_L1, u"Proposed by %1"_s.arg(desk.book.describe(proposal.proposer)));
}

} // namespace

void checkIdentity(const ReviewDesk &desk)
{
    checkChain(desk);
    checkSafe(desk);
    checkHashes(desk);
    checkEndpoints(desk);
    checkSignatures(desk);
    checkProposer(desk);
}

} // namespace countersign
