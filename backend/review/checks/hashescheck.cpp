#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class HashesCheck final : public ReviewCheck {
public:
    HashesCheck()
        : ReviewCheck({3, "hashes"_L1, u"The hash is computed here",
            u"The three hashes are computed from the ten fields, the chain and the Safe; a file's claim and the contract's "
            u"own answer are compared with them.",
            u"A service that shows one transaction and hands over the hash of another (Bybit, February 2025)."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        const ReviewHashes &hashes = desk.review.hashes;
        if (desk.subject.claimedHash && *desk.subject.claimedHash != hashes.safeTx) {
            report.block("hash.claim"_L1,
                u"The file says that its hash is another one: its fields do not make the transaction that it names"_s,
                u"here %1, file %2"_s.arg(hashes.safeTx.toString(), desk.subject.claimedHash->toString()));
        }
        if (!desk.version.bindsChain()) {
            report.warn("hash.legacy"_L1,
                u"Safes before 1.3.0 sign without the chain: a signature is valid wherever a Safe stands at this address"_s,
                desk.version.toString());
        }
        if (!desk.context.isOnline) {
            report.notRun(u"The contract's own hash and domain are on the chain"_s);
            return;
        }
        if (!desk.context.contractHash) {
            report.warn("hash.unconfirmed"_L1,
                u"The Safe could not be asked for the hash of the transaction; it is computed here alone"_s);
        } else if (*desk.context.contractHash != hashes.safeTx) {
            report.block("hash.mismatch"_L1, u"The Safe computes another hash for this transaction than this program"_s,
                u"here %1, contract %2"_s.arg(hashes.safeTx.toString(), desk.context.contractHash->toString()));
        } else {
            report.info(
                "hash.agrees"_L1, u"The hash computed here is the one that the Safe computes"_s, hashes.safeTx.toString());
        }
        if (desk.hasSafe() && desk.context.safe.domainSeparator != hashes.domain) {
            report.block("hash.domain"_L1,
                u"The Safe's domain is not that of its chain and address: its signatures may count elsewhere too"_s,
                u"here %1, contract %2"_s.arg(hashes.domain.toString(), desk.context.safe.domainSeparator.toString()));
        }
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeHashesCheck()
{
    return std::make_unique<HashesCheck>();
}

} // namespace countersign
