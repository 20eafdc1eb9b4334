#pragma once

#include "backend/review/checks/reviewcheck.h"

#include <memory>
#include <vector>

namespace countersign {

// One function a check, in the file of its name; the classes behind them are nobody else's business.
std::unique_ptr<ReviewCheck> makeChainCheck();
std::unique_ptr<ReviewCheck> makeSafeCodeCheck();
std::unique_ptr<ReviewCheck> makeHashesCheck();
std::unique_ptr<ReviewCheck> makeSignaturesCheck();
std::unique_ptr<ReviewCheck> makeComparisonCheck();
std::unique_ptr<ReviewCheck> makeSignerCheck();
std::unique_ptr<ReviewCheck> makeDeviceCheck();
std::unique_ptr<ReviewCheck> makeOperationCheck();
std::unique_ptr<ReviewCheck> makeBatchCheck();
std::unique_ptr<ReviewCheck> makeTargetCheck();
std::unique_ptr<ReviewCheck> makeRefundCheck();
std::unique_ptr<ReviewCheck> makeNonceBurnCheck();
std::unique_ptr<ReviewCheck> makeDecodingCheck();
std::unique_ptr<ReviewCheck> makeCanonicalCheck();
std::unique_ptr<ReviewCheck> makeProxyCheck();
std::unique_ptr<ReviewCheck> makeAdministrationCheck();
std::unique_ptr<ReviewCheck> makeOwnershipCheck();
std::unique_ptr<ReviewCheck> makeUpgradeCheck();
std::unique_ptr<ReviewCheck> makeAdapterCheck();
std::unique_ptr<ReviewCheck> makeKeyCheck();
std::unique_ptr<ReviewCheck> makeTokenCheck();
std::unique_ptr<ReviewCheck> makeLookAlikeCheck();
std::unique_ptr<ReviewCheck> makeDeploymentCheck();
std::unique_ptr<ReviewCheck> makeProvenanceCheck();
std::unique_ptr<ReviewCheck> makeExpectationCheck();
std::unique_ptr<ReviewCheck> makeNonceCheck();
std::unique_ptr<ReviewCheck> makeExpiryCheck();
std::unique_ptr<ReviewCheck> makeSimulationCheck();
std::unique_ptr<ReviewCheck> makeHazardsCheck();
std::unique_ptr<ReviewCheck> makePrerequisitesCheck();
std::unique_ptr<ReviewCheck> makeValueCheck();
std::unique_ptr<ReviewCheck> makeExecutorCheck();
std::unique_ptr<ReviewCheck> makePolicyCheck();
std::unique_ptr<ReviewCheck> makeProposerCheck();
std::unique_ptr<ReviewCheck> makeFatigueCheck();
std::unique_ptr<ReviewCheck> makeHintCheck();
std::unique_ptr<ReviewCheck> makeStorageCheck();
std::unique_ptr<ReviewCheck> makeProxiableCheck();
std::unique_ptr<ReviewCheck> makeOpcodeCheck();

std::vector<std::unique_ptr<ReviewCheck>> makeAllChecks();

} // namespace countersign
