#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposal.h"
#include "backend/review/review.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestate.h"
#include "backend/types/error.h"

#include <QList>
#include <QString>

#include <optional>

namespace countersign {

/// A vault as far as a key of the registry matters to it.
struct VaultFacts {
    QString name;
    Address address;
    bool usesRegistry = false; ///< looks its signer up in the registry
    bool servesParty = false; ///< the party is authorised on it
};

/// The registry as it stands at the block, for the party that the transaction is about.
struct RegistryFacts {
    Address registry;
    Address owner;
    Hash32 partyId;
    Address key; ///< zero: none
    QList<VaultFacts> vaults;
};

/// What executing the transaction with the approvals of `threshold` owners did in simulation, guard active.
struct SimulationFacts {
    bool succeeded = false;
    QString reason; ///< of the revert, decoded
    quint64 gasUsed = 0;
    std::optional<Address> keyAfter; ///< registry key of the party afterwards
    using StorageChange = countersign::StorageChange;
    QList<StorageChange> changes; ///< of all contracts, without the overridden slots
    bool hasChanges = false; ///< the node gave a state difference
    QString method; ///< "debug_traceCall", "eth_simulateV1", "eth_call"
};

/// What a second endpoint said about the same block.
struct SecondOpinion {
    QString endpoint;
    std::optional<Error> error; ///< it could not be asked
    QStringList disagreements; ///< empty: it agrees
};

/// All that a review rests on besides the proposal: read from the chain at one named block, and from the environment.
struct ReviewContext {
    const Environment *environment = nullptr;
    std::optional<ChainId> rpcChainId; ///< what the endpoint says
    SafeState safe;
    QString endpoint;
    std::optional<SecondOpinion> second;
    std::optional<Hash32>
        contractHash; ///< getTransactionHash, the contract's own opinion; absent when it could not be asked
    qsizetype targetCodeSize = 0;
    std::optional<RegistryFacts> registry; ///< when the target is the environment's registry
    std::optional<SimulationFacts> simulation;
    std::optional<Error> simulationError; ///< why there is none
    QList<ExchangeItem> others; ///< other proposals of the exchange: rivals for the nonce
    std::optional<quint64> waitingIntents; ///< of the party, as this console counts them
    Timestamp now;
};

} // namespace countersign
