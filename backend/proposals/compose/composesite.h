#pragma once

#include "backend/environment/environment.h"
#include "backend/review/artifactstore.h"
#include "backend/review/contractfacts.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safestate.h"

#include <QHash>

#include <memory>
#include <optional>

namespace countersign {

/// What composing for one chain rests on: the Safe and the accounts around it at one block, and our names for them.
struct ComposeSite {
    const Environment *environment = nullptr;
    const ChainSettings *chain = nullptr;
    SafeState safe;
    SafeVersion version = SafeVersion::v141(); ///< proven by code
    bool isL2 = false; ///< the singleton is the one with more events
    ContractFactsByAddress contracts; ///< the Safe, the libraries of its version, the deployers, and what was asked for
    std::shared_ptr<const ArtifactStore> artifacts;
    QHash<Hash32, QList<Address>> created; ///< by proposals that the request depends on; zero where it cannot be known
    quint64 creationsAhead = 0; ///< by proposals that are to be executed before, with the Safe as creator
    bool isQueueCreating = false; ///< other open proposals before this one create contracts as the Safe

    const ContractFacts *contract(const Address &address) const
    {
        const auto found = contracts.constFind(address);
        return found == contracts.constEnd() ? nullptr : &*found;
    }
    Nonce accountNonce() const
    {
        const ContractFacts *facts = contract(safe.safe);
        return facts ? facts->nonce : Nonce(0);
    }
    /// Where the published library stands on this chain, by its code; absent when it does not.
    std::optional<Address> library(SafeContract kind, SafeVersion ofVersion) const;
    std::optional<Address> library(SafeContract kind) const { return library(kind, version); }
};

/// Addresses at which libraries may stand that composing uses, and the deterministic deployers.
QList<Address> libraryCandidates(SafeVersion version);

} // namespace countersign
