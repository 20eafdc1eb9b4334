#include "backend/review/checks/allchecks.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

constexpr qsizetype maxRuntimeCode = 24'576; // EIP-170
constexpr qsizetype maxInitCode = 49'152; // EIP-3860

class DeploymentCheck final : public ReviewCheck {
public:
    DeploymentCheck()
        : ReviewCheck({23, "deployment"_L1, u"What is deployed is the build",
            u"The code that would create the contract must be a known build, byte for byte, followed by arguments that "
            u"decode and encode again to the same bytes. Where it goes, and who its creator is, is computed here.",
            u"One changed byte in a deployment; a contract whose owner is a library that nobody controls."})
    {
    }

    void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const override
    {
        if (!call.creation)
            return;
        const ReviewedCreation &creation = *call.creation;
        if (creation.isOrphaned)
            report.block("create.orphan"_L1,
                u"CreateCall by a plain call: the library is the creator, and a contract that its creator owns is lost for ever"_s,
                creation.creator.toString());
        else if (creation.creator != call.node->runsAs && creation.isBuild() && isOwnedByCreator(*creation.match->artifact))
            report.block("create.orphan"_L1,
                u"The creator is a shared deployer, and the contract belongs to its creator: it would be lost for ever"_s,
                creation.creator.toString());
        if (creation.isFrontRunnable)
            report.warn("deploy.frontrun"_L1, u"Anyone can create this contract at its address first, with the same code"_s);
        lookAtCode(desk, creation, report);
        lookAtSite(desk, creation, report);
    }

private:
    static void lookAtCode(const ReviewDesk &desk, const ReviewedCreation &creation, const CheckReport &report)
    {
        if (creation.initCode.size() > maxInitCode)
            report.block("deploy.size"_L1, u"The creation code is larger than a chain accepts (EIP-3860)"_s,
                u"%1 of %2 bytes"_s.arg(creation.initCode.size()).arg(maxInitCode));
        if (!desk.context.artifacts) {
            report.notRun(u"No builds were named to compare the creation code with"_s);
            return;
        }
        if (!creation.match) {
            report.block("deploy.unknown"_L1, u"The creation code is none of the known builds"_s,
                u"%1 bytes"_s.arg(creation.initCode.size()));
            return;
        }
        const ContractArtifact &artifact = *creation.match->artifact;
        const CodeVerdict &verdict = creation.match->verdict;
        QStringList reasons;
        for (const CodeReason &reason : verdict.reasons)
            reasons.append(reason.position ? u"%1 (byte %2)"_s.arg(reason.text).arg(*reason.position) : reason.text);
        switch (verdict.match) {
        case CodeMatch::Mismatch:
            report.block("deploy.mismatch"_L1,
                u"The creation code begins like the build %1, but is another"_s.arg(artifact.contractName()), reasons.join(u"; "_s));
            return;
        case CodeMatch::MetadataDiffers:
            report.warn("deploy.metadata"_L1,
                u"The creation code is that of %1 made from other sources: comments, names or settings differ"_s.arg(artifact.contractName()),
                reasons.join(u"; "_s));
            break;
        case CodeMatch::Exact:
            report.info("deploy.build"_L1,
                (creation.isClaimed() ? u"The creation code is what its proposer attached as %1, byte for byte"_s
                                      : u"The creation code is the build %1, byte for byte"_s)
                    .arg(artifact.contractName()),
                u"%1 bytes"_s.arg(creation.initCode.size()));
            break;
        }
        if (artifact.runtimeCode().size() > maxRuntimeCode)
            report.block("deploy.size"_L1, u"The contract is larger than a chain accepts (EIP-170)"_s,
                u"%1 of %2 bytes"_s.arg(artifact.runtimeCode().size()).arg(maxRuntimeCode));
        lookAtArguments(desk, artifact, verdict, report);
    }

    static void lookAtArguments(
        const ReviewDesk &desk, const ContractArtifact &artifact, const CodeVerdict &verdict, const CheckReport &report)
    {
        const auto &inputs = artifact.abi().constructorInputs();
        for (size_t i = 0; i < inputs.size() && i < verdict.constructorArguments.size(); ++i) {
            const AbiValue &value = verdict.constructorArguments[i];
            const auto *address = value.get<Address>();
            const QString text = address ? desk.book.describe(*address) : abiToText(inputs[i].type, value);
            report.info("deploy.argument"_L1, u"%1: %2"_s.arg(inputs[i].name, text), inputs[i].type.canonical());
            if (address && !desk.book.contains(*address) && *address != desk.subject.safe && !desk.tree.createdAt(*address))
                report.warn("deploy.argument"_L1,
                    u"%1 of the new contract is an address that this environment does not know"_s.arg(inputs[i].name),
                    address->toString());
        }
    }

    static void lookAtSite(const ReviewDesk &desk, const ReviewedCreation &creation, const CheckReport &report)
    {
        if (!creation.address) {
            report.notRun(u"The new contract's address hangs on the creator's account nonce, which is on the chain"_s);
            return;
        }
        report.info("deploy.address"_L1, u"The contract will stand at %1"_s.arg(creation.address->toString()),
            u"created by %1"_s.arg(desk.book.describe(creation.creator)));
        const ContractFacts *facts = desk.context.contract(*creation.address);
        if (facts && facts->hasCode())
            report.block("deploy.occupied"_L1, u"A contract stands there already: the creation would fail"_s,
                creation.address->toString());
    }
};

} // namespace

std::unique_ptr<ReviewCheck> makeDeploymentCheck()
{
    return std::make_unique<DeploymentCheck>();
}

} // namespace countersign
