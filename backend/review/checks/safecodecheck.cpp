#include "backend/review/checks/allchecks.h"
#include "backend/safe/safetrust.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

class SafeCodeCheck final : public ReviewCheck {
public:
    SafeCodeCheck()
        : ReviewCheck({2, "safecode"_L1, u"The Safe runs known code",
            u"What stands at the Safe's address must be a known proxy whose singleton is a known release, both by the hash "
            u"of their code. What the contract says of its version proves nothing.",
            u"A Safe whose singleton was replaced, as at WazirX (July 2024) and Bybit (February 2025)."})
    {
    }

    void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const override
    {
        if (!desk.context.isOnline) {
            report.notRun(u"The Safe's code, owners and settings are on the chain"_s);
            return;
        }
        const SafeState &safe = desk.context.safe;
        if (!desk.hasSafe()) {
            report.block("safe.unread"_L1, u"The Safe could not be read from the chain"_s,
                desk.context.simulationError ? desk.context.simulationError->message : QString());
            return;
        }
        const SafeJudgement judgement = judgeSafe(safe);
        const QString evidence = u"proxy code %1, singleton %2 with code %3, block %4"_s.arg(
            safe.proxyCodeHash.toString(), safe.singleton.toString(), safe.singletonCodeHash.toString(),
            QString::number(safe.blockNumber.value()));
        if (judgement.trust != SafeTrust::Trusted) {
            report.block("safe.code"_L1, u"The Safe's code is not known: %1"_s.arg(judgement.message), evidence);
            return;
        }
        report.info("safe.code"_L1, u"The Safe runs the known code of version %1"_s.arg(judgement.version), evidence);
        const auto version = SafeVersion::parse(judgement.version);
        if (version && *version < SafeVersion::v130())
            report.warn("safe.outdated"_L1,
                u"Version %1 knows no guard, and its signatures do not name the chain: move to a current version"_s.arg(
                    judgement.version));
        lookAtSettings(safe, report);
    }

private:
    static void lookAtSettings(const SafeState &safe, const CheckReport &report)
    {
        if (!safe.guard.isZero())
            report.warn("safe.guard"_L1, u"The Safe has a guard, which may refuse the execution"_s, safe.guard.toString());
        for (const Address &module : safe.modules)
            report.warn("safe.module"_L1, u"A module may act for the Safe without any signature"_s, module.toString());
        if (safe.threshold <= Uint256(1))
            report.warn("safe.threshold"_L1, u"One signature is enough for this Safe"_s);
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeSafeCodeCheck()
{
    return std::make_unique<SafeCodeCheck>();
}

} // namespace countersign
