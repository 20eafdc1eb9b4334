#pragma once

#include "backend/descriptors/descriptorstore.h"
#include "backend/environment/environment.h"
#include "backend/evm/initializers.h"
#include "backend/policy/policy.h"
#include "backend/proposals/proposal.h"
#include "backend/review/artifactstore.h"
#include "backend/review/claimedbuilds.h"
#include "backend/review/contractfacts.h"
#include "backend/review/policypast.h"
#include "backend/review/review.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestate.h"
#include "backend/types/error.h"

#include <QList>
#include <QString>

#include <memory>
#include <optional>

namespace countersign {

/// A vault as far as a key of the registry matters to it.
struct VaultFacts {
    QString name;
    Address address;
    bool usesRegistry = false; ///< looks its signer up in the registry
    bool servesParty = false; ///< the party is authorised on it
};

/// A registry as it stands at the block, for a party that the transaction is about.
struct RegistryFacts {
    Address registry;
    Address owner;
    Hash32 partyId;
    Address key; ///< zero: none
    QList<VaultFacts> vaults;
};

/// What a vault has registered under an adapter id that the transaction is about.
struct AdapterFacts {
    Address vault;
    Hash32 adapterId;
    Address adapter; ///< zero: none
    friend bool operator==(const AdapterFacts &, const AdapterFacts &) = default;
};

/// Whether the chain has an instruction that new code may run.
struct OpcodeFacts {
    quint8 opcode = 0;
    std::optional<bool> isThere; ///< absent: the node does not tell
    friend bool operator==(const OpcodeFacts &, const OpcodeFacts &) = default;
};

/// How often a contract notes that it was initialised; zero: never.
struct InitializerFacts {
    Address contract;
    Uint256 version;
    friend bool operator==(const InitializerFacts &, const InitializerFacts &) = default;
};

/// What executing the transaction with the approvals of `threshold` owners did in simulation, guard active.
struct SimulationFacts : SafeSimulation {
    std::optional<Address> keyAfter; ///< registry key of the party afterwards
};

/// What a second endpoint said about the same block.
struct SecondOpinion {
    QString endpoint;
    std::optional<Error> error; ///< it could not be asked
    QStringList disagreements; ///< empty: it agrees
};

/// All that a review rests on besides its subject: read from the chain at one named block, and from the environment.
struct ReviewContext {
    static constexpr quint64 freshBlocks = 7'200; ///< a day at twelve seconds

    const Environment *environment = nullptr; ///< null: no address book
    const ArtifactStore *artifacts = nullptr; ///< null: none
    QList<ClaimProblem> claimProblems; ///< builds that came with proposals and could not be used
    std::shared_ptr<const DescriptorStore> descriptors; ///< hints at what calls mean; null: none
    std::shared_ptr<const Policy> policy; ///< null: none
    std::optional<Error> policyError; ///< a policy was named and cannot be read
    bool isOnline = true; ///< false: no endpoint was named, and the checks that need one do not run
    std::optional<ChainId> rpcChainId; ///< what the endpoint says
    SafeState safe; ///< its address is zero when it could not be read
    QHash<Address, SafeState> otherSafes; ///< Safes that it calls, and owners that are Safes
    ContractFactsByAddress contracts; ///< every account that the transaction calls or names
    QString endpoint;
    std::optional<SecondOpinion> second;
    QList<CollectedSignature> confirmed; ///< what counts because the chain says so, of the Safe's owners
    std::optional<Hash32> contractHash; ///< getTransactionHash, the contract's own opinion; absent when it did not answer
    QList<RegistryFacts> registries;
    QList<AdapterFacts> adapters;
    QList<OpcodeFacts> opcodes;
    QList<InitializerFacts> initialised; ///< new implementations, and the proxies in front of them
    std::optional<SimulationFacts> simulation;
    std::optional<Error> simulationError; ///< why there is none
    QList<ExchangeItem> others; ///< other proposals of the exchange: rivals for the nonce
    ReviewActor actor; ///< for whom
    PolicyPast past;
    std::optional<PastExecutions> executions; ///< of the Safe, as far back as the policy asks; absent: not read
    /// The proxies among `contracts` as they stood at the first block that somebody signed this for.
    ContractFactsByAddress reviewedProxies;
    std::optional<BlockNumber> reviewedBlock; ///< that block; absent: nobody signed, or said at which
    std::optional<Error> reviewedError; ///< why the node does not show it
    std::optional<quint64> waitingIntents; ///< of the party, as this console counts them
    Timestamp now;

    const ContractFacts *contract(const Address &address) const
    {
        const auto found = contracts.constFind(address);
        return found == contracts.constEnd() ? nullptr : &*found;
    }
    const RegistryFacts *registry(const Address &address, const Hash32 &partyId) const
    {
        for (const RegistryFacts &facts : registries) {
            if (facts.registry == address && facts.partyId == partyId)
                return &facts;
        }
        return nullptr;
    }
};

} // namespace countersign
