#include "backend/proposals/compose/composesite.h"

#include "backend/safe/safecreate.h"

namespace countersign {

std::optional<Address> ComposeSite::library(SafeContract kind, SafeVersion ofVersion) const
{
    for (const SafeDeployment &deployment : safeDeployments()) {
        if (deployment.contract != kind || deployment.version != ofVersion)
            continue;
        const ContractFacts *facts = contract(deployment.address);
        if (facts && facts->codeHash == deployment.codeHash)
            return deployment.address;
    }
    return std::nullopt;
}

QList<Address> libraryCandidates(SafeVersion version)
{
    QList<Address> candidates{deployerAddress(DeterministicDeployer::Arachnid),
        deployerAddress(DeterministicDeployer::SafeSingletonFactory)};
    const auto add = [&candidates](const Address &address) {
        if (!candidates.contains(address))
            candidates.append(address);
    };
    for (const SafeDeployment &deployment : safeDeployments()) {
        const bool isOfItsVersion = deployment.version == version
            && (deployment.contract == SafeContract::MultiSend || deployment.contract == SafeContract::MultiSendCallOnly
                || deployment.contract == SafeContract::CreateCall);
        // A migration is of the version that it leads to.
        if (isOfItsVersion || deployment.contract == SafeContract::SafeMigration)
            add(deployment.address);
    }
    return candidates;
}

} // namespace countersign
