#pragma once

#include "backend/safe/safeversion.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <optional>
#include <span>
#include <vector>

namespace countersign {

enum class SafeContract {
    Safe,
    SafeL2,
    ProxyFactory,
    CompatibilityFallbackHandler,
    DefaultCallbackHandler,
    ExtensibleFallbackHandler,
    TokenCallbackHandler,
    MultiSend,
    MultiSendCallOnly,
    CreateCall,
    SignMessageLib,
    SimulateTxAccessor,
    SafeMigration,
    SafeToL2Migration,
    SafeToL2Setup,
};

/// "MultiSendCallOnly": the name in the contracts' sources.
QLatin1StringView safeContractName(SafeContract contract);

/// Whose deployment it is: the first one, the one for chains that demand EIP-155, the one for zkSync's own machine, whose
/// code is another.
enum class SafeBuild { Canonical, Eip155, ZkSync };
QLatin1StringView safeBuildName(SafeBuild build);

/// A contract as safe-deployments publishes it.
struct SafeDeployment {
    SafeContract contract;
    SafeVersion version;
    SafeBuild build;
    Address address;
    Hash32 codeHash;                 ///< keccak256 of the code on chain
    std::span<const quint64> chains; ///< where it is listed, ascending

    bool isListed(ChainId chain) const;
};

/// Every published contract of 1.0.0 to 1.5.0; of equal ones the canonical build stands first.
std::span<const SafeDeployment> safeDeployments();

struct KnownSafeContract {
    SafeDeployment deployment;
    /// Whether it is listed on the chain asked for. Where it is not, the address says nothing without the code.
    bool listed = false;
};

/// By address. The address alone proves nothing: the code hash must be compared as well.
std::optional<KnownSafeContract> knownSafeContract(const Address &address, ChainId chain);
/// By the keccak256 of the code on chain; empty when no published contract has it.
std::optional<SafeDeployment> knownSafeContractByCode(const Hash32 &codeHash);
/// The address of a contract on a chain: the canonical build where it is listed, else the others'; empty when none is.
std::optional<Address> safeContractAddress(SafeContract contract, SafeVersion version, ChainId chain);

} // namespace countersign
