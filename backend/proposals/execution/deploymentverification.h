#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"

#include <QList>
#include <QMetaType>
#include <QString>

namespace countersign {

/// One thing that was looked at, and what was found.
struct VerificationStep {
    QString text; ///< "The code is the build CantonKeyRegistry"
    bool ok = false;
    QString evidence;
    friend bool operator==(const VerificationStep &, const VerificationStep &) = default;
};

/// A contract that an execution created, held against our build and what was promised.
struct DeploymentVerification {
    Address address;
    QString contract; ///< name of the build; empty when it is none
    QString contractId = {}; ///< "contracts/solidity/Vault.sol:Vault", as compilers name it; empty for a claim
    Hash32 codeHash = {}; ///< of the code that stands there
    Bytes constructorArguments = {}; ///< encoded, as they were signed
    QList<VerificationStep> steps = {};
    bool isClaimed = false; ///< the build is one that the proposal brought with it

    bool isVerified() const
    {
        for (const VerificationStep &step : steps) {
            if (!step.ok)
                return false;
        }
        return !steps.isEmpty();
    }
    friend bool operator==(const DeploymentVerification &, const DeploymentVerification &) = default;
};

} // namespace countersign

Q_DECLARE_METATYPE(countersign::DeploymentVerification)
