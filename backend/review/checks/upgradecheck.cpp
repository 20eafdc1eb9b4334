#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QSet>

namespace countersign {

namespace {

class UpgradeCheck final : public ReviewCheck {
public:
    UpgradeCheck()
        : ReviewCheck({18, "upgrade"_L1, u"New code behind a known address",
            u"An upgrade is allowed only to code that is one of the known builds, byte for byte. A new implementation that "
            u"nobody initialises belongs to whoever does it first.",
            u"WazirX (July 2024) and Radiant (October 2024): the implementation was replaced by the attacker's."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        static const QSet<QString> upgrades{u"upgradeTo"_s, u"upgradeToAndCall"_s, u"upgrade"_s, u"upgradeAndCall"_s,
            u"setImplementation"_s, u"setLendingPoolImpl"_s, u"diamondCut"_s};
        const ReadCall &read = call.read;
        if (!upgrades.contains(read.name))
            return;
        report.warn("upgrade.code"_L1,
            u"This replaces the code behind %1"_s.arg(desk.book.describe(call.node->to)), read.decoded.signature);
        if (!desk.context.isOnline) {
            report.notRun(u"The new code is on the chain"_s);
            return;
        }
        for (const Address &implementation : implementations(read))
            lookAtImplementation(desk, implementation, report);
        if (read.name == "upgradeTo"_L1 || read.name == "upgrade"_L1 || read.name == "setImplementation"_L1)
            report.warn("upgrade.initializer"_L1,
                u"Nothing is called after the upgrade: if the new code has an initializer, anyone may be the first to call it"_s);
    }

private:
    static QList<Address> implementations(const ReadCall &read)
    {
        for (const QStringView name : {QStringView(u"implementation"), QStringView(u"newImplementation"), QStringView(u"pool")}) {
            if (const auto address = read.addressArgument(name))
                return {*address};
        }
        return read.addresses();
    }

    static void lookAtImplementation(const ReviewDesk &desk, const Address &implementation, const CheckReport &report)
    {
        const ContractFacts *facts = desk.context.contract(implementation);
        const ReviewedCreation *created = desk.tree.createdAt(implementation);
        if (created && created->isClaimed()) {
            report.block("upgrade.claimed"_L1,
                u"The new code is created by this transaction, and that it is %1 is its proposer's word alone"_s.arg(
                    created->match->artifact->contractName()),
                implementation.toString());
            return;
        }
        if (created && created->isBuild()) {
            report.info("upgrade.build"_L1,
                u"The new code is created by this transaction, from the build %1"_s.arg(created->match->artifact->contractName()));
            return;
        }
        const ContractArtifact *artifact
            = facts && desk.context.artifacts ? desk.context.artifacts->ofRuntime(facts->code) : nullptr;
        if (!facts || !facts->hasCode())
            report.block("upgrade.nocode"_L1, u"There is no code at the new implementation"_s, implementation.toString());
        else if (!artifact)
            report.block("upgrade.unknown"_L1, u"The new code is none of the known builds"_s,
                u"%1, code %2"_s.arg(implementation.toString(), facts->codeHash.toString()));
        else
            report.info("upgrade.build"_L1, u"The new code is the build %1"_s.arg(artifact->contractName()),
                implementation.toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeUpgradeCheck()
{
    return std::make_unique<UpgradeCheck>();
}

} // namespace countersign
