#pragma once

#include "backend/evm/create2.h"
#include "backend/safe/safetransaction.h"

#include <optional>

namespace countersign {

/// A call of Safe's CreateCall library: performCreate, or performCreate2 when there is a salt.
struct CreateCall {
    Uint256 value = {};
    Bytes initCode = {};
    std::optional<Hash32> salt = {};

    friend bool operator==(const CreateCall &, const CreateCall &) = default;
};

Bytes encodeCreateCall(const CreateCall &call);
/// Strict. Error NotFound when the data calls something else, Invalid when it is not canonical.
Result<CreateCall> decodeCreateCall(QByteArrayView calldata);

/// Who creates, and where.
struct CreateSite {
    Address safe;
    Nonce safeAccountNonce;         ///< of the account, as eth_getTransactionCount says; not the nonce of Safe transactions
    Address library;                ///< the CreateCall contract that is called
    std::optional<Nonce> libraryNonce = {}; ///< its account's, for performCreate by a plain call
};

struct CreatePrediction {
    std::optional<Address> address; ///< absent when the creator's nonce is needed and not given
    Address creator;                ///< msg.sender of the constructor
    bool orphaned = false;          ///< the constructor's msg.sender is the shared library: an owner by msg.sender is lost for ever
    bool frontRunnable = false;     ///< anyone can take the address before, with the same salt and code
    QString warning;                ///< for people; empty when there is nothing to warn of
};

/// By delegatecall the Safe creates; by a plain call the library does, and ownership by msg.sender goes to nobody.
CreatePrediction predictCreateCall(const CreateCall &call, SafeOperation operation, const CreateSite &site);

/// Deployers that stand at one address on every chain and create from calldata salt || init code.
enum class DeterministicDeployer { Arachnid, SafeSingletonFactory };

Address deployerAddress(DeterministicDeployer deployer);
std::optional<DeterministicDeployer> deployerAt(const Address &address);

struct DeterministicDeployment {
    Hash32 salt;
    Bytes initCode;

    friend bool operator==(const DeterministicDeployment &, const DeterministicDeployment &) = default;
};

/// The deployers take bare bytes, without a selector.
Bytes encodeDeployment(const DeterministicDeployment &deployment);
/// Error Invalid without a whole salt or without code: the deployer would make an empty contract or revert.
Result<DeterministicDeployment> decodeDeployment(QByteArrayView calldata);
/// Where it goes. The constructor's msg.sender is the deployer: ownership must come from an argument or a later call.
Address predictDeployment(DeterministicDeployer deployer, const DeterministicDeployment &deployment);

} // namespace countersign
