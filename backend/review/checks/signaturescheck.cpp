#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class SignaturesCheck final : public ReviewCheck {
public:
    SignaturesCheck()
        : ReviewCheck({4, "signatures"_L1, u"Who has signed",
            u"Every collected signature is recovered here, over this hash, and must be by an owner of the Safe. What a file "
            u"names as its signer is not believed.",
            u"Signatures that are counted for somebody who did not give them; signatures over a hash that a device could not "
            u"show (eth_sign, as all of Bybit's were)."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        for (const CollectedSignature &signature : desk.subject.signatures)
            lookAt(signature, desk, report);
        for (const CollectedSignature &signature : desk.context.confirmed) {
            if (!desk.subject.signatures.contains(signature))
                report.info("signature.onchain"_L1,
                    u"%1 has approved this hash on the chain: it counts without a signature here"_s.arg(
                        desk.book.describe(signature.owner)),
                    signature.owner.toString());
        }
        if (!desk.subject.signatures.isEmpty() && !desk.hasSafe())
            report.notRun(u"Who owns the Safe is on the chain: signers are recovered, and not known to be owners"_s);
    }

private:
    static void lookAt(const CollectedSignature &signature, const ReviewDesk &desk, const CheckReport &report)
    {
        const Hash32 &hash = desk.review.hashes.safeTx;
        const QString who = desk.book.describe(signature.owner);
        if (signature.safeTxHash != hash) {
            report.block("signature.foreign"_L1, u"A collected signature is for another transaction"_s,
                signature.safeTxHash.toString());
            return;
        }
        const SafeSignatureKind kind = signature.signature.kind();
        if (kind == SafeSignatureKind::Ecdsa || kind == SafeSignatureKind::EthSign) {
            const auto signer = signature.signature.signer(hash);
            if (!signer || *signer != signature.owner) {
                report.block("signature.invalid"_L1, u"A collected signature is not by whom it names"_s,
                    signature.owner.toString());
                return;
            }
        }
        if (desk.hasSafe() && !desk.context.safe.isOwner(signature.owner)) {
            report.warn("signature.stranger"_L1,
                u"%1 signed, but is no owner of the Safe; the signature is not counted"_s.arg(who),
                signature.owner.toString());
            return;
        }
        if (kind == SafeSignatureKind::EthSign)
            report.warn("signature.ethsign"_L1,
                u"%1 signed by eth_sign: their device could show nothing but one hash"_s.arg(who));
        else if (desk.context.confirmed.contains(signature))
            report.info("signature.confirmed"_L1, u"%1: the chain confirms the approval"_s.arg(who), signature.owner.toString());
        else if (kind == SafeSignatureKind::Approved)
            report.warn("signature.approved"_L1,
                u"%1 is said to have approved on the chain: that counts only when the Safe's storage says so"_s.arg(who));
        else if (kind == SafeSignatureKind::Contract)
            lookAtContract(signature.owner, desk, report);
    }

    static void lookAtContract(const Address &owner, const ReviewDesk &desk, const CheckReport &report)
    {
        const SafeState *parent = desk.safeOf(owner);
        report.warn("signature.contract"_L1,
            u"%1 is a contract, which says itself what it has signed"_s.arg(desk.book.describe(owner)),
            parent ? u"a Safe of %1 owners with threshold %2"_s.arg(parent->owners.size()).arg(parent->threshold.toDecimal())
                   : u"not a known Safe"_s);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeSignaturesCheck()
{
    return std::make_unique<SignaturesCheck>();
}

} // namespace countersign
