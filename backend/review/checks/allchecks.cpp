#include "backend/review/checks/allchecks.h"

namespace countersign {

std::vector<std::unique_ptr<ReviewCheck>> makeAllChecks()
{
    std::vector<std::unique_ptr<ReviewCheck>> checks;
    checks.push_back(makeChainCheck());
    checks.push_back(makeSafeCodeCheck());
    checks.push_back(makeHashesCheck());
    checks.push_back(makeSignaturesCheck());
    checks.push_back(makeComparisonCheck());
    checks.push_back(makeSignerCheck());
    checks.push_back(makeDeviceCheck());
    checks.push_back(makeOperationCheck());
    checks.push_back(makeBatchCheck());
    checks.push_back(makeTargetCheck());
    checks.push_back(makeRefundCheck());
    checks.push_back(makeNonceBurnCheck());
    checks.push_back(makeDecodingCheck());
    checks.push_back(makeCanonicalCheck());
    checks.push_back(makeProxyCheck());
    checks.push_back(makeAdministrationCheck());
    checks.push_back(makeOwnershipCheck());
    checks.push_back(makeUpgradeCheck());
    checks.push_back(makeAdapterCheck());
    checks.push_back(makeKeyCheck());
    checks.push_back(makeTokenCheck());
    checks.push_back(makeLookAlikeCheck());
    checks.push_back(makeDeploymentCheck());
    checks.push_back(makeProvenanceCheck());
    checks.push_back(makeExpectationCheck());
    checks.push_back(makeNonceCheck());
    checks.push_back(makeExpiryCheck());
    checks.push_back(makeSimulationCheck());
    checks.push_back(makeHazardsCheck());
    checks.push_back(makePrerequisitesCheck());
    checks.push_back(makeValueCheck());
    checks.push_back(makeExecutorCheck());
    checks.push_back(makePolicyCheck());
    checks.push_back(makeProposerCheck());
    checks.push_back(makeFatigueCheck());
    checks.push_back(makeHintCheck());
    checks.push_back(makeStorageCheck());
    checks.push_back(makeProxiableCheck());
    checks.push_back(makeOpcodeCheck());
    return checks;
}

} // namespace countersign
