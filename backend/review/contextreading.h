#pragma once

#include "backend/evm/chainclient.h"
#include "backend/review/reviewcontext.h"
#include "backend/types/error.h"

#include <QCoroTask>

#include <stop_token>

namespace countersign {

class JsonRpcClient;

// The questions of a review to one endpoint, each about the block of \a state. The clients outlive the tasks unless the
// token is stopped.

/// What the Safe itself computes as the hash of the transaction; absent when it does not answer.
QCoro::Task<std::optional<Hash32>> readContractHash(
    ChainClient &chain, SafeState state, SafeTransaction transaction, std::stop_token stop);

/// The registry, and which of \a vaults look the party's key up in it.
QCoro::Task<Result<RegistryFacts>> readRegistry(ChainClient &chain, SafeState state, Address registry, Hash32 partyId,
    QVector<VaultSettings> vaults, std::stop_token stop);

/// Simulates by eth_simulateV1 and debug_traceCall; by eth_call where the endpoint knows neither.
QCoro::Task<Result<SimulationFacts>> readSimulation(JsonRpcClient &rpc, ChainClient &chain, SafeState state,
    SafeTransaction transaction, Hash32 safeTxHash, std::optional<RegistryFacts> registry, std::stop_token stop);

/// What \a chain sees otherwise than \a context at the same block.
QCoro::Task<SecondOpinion> readSecondOpinion(
    ChainClient &chain, QString endpoint, ReviewContext context, Address target, std::stop_token stop);

} // namespace countersign
