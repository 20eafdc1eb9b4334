#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/uint256.h"

#include <vector>

namespace countersign {

/// What a new Safe is set up with. The owners stand in the order in which the contract will list them.
struct SafeSetup {
    std::vector<Address> owners;
    Uint256 threshold;
    Address to = {}; ///< of a delegatecall during setup; zero for none
    Bytes data = {};
    Address fallbackHandler = {};
    Address paymentToken = {};
    Uint256 payment = {}; ///< to whoever pays for the creation
    Address paymentReceiver = {};

    friend bool operator==(const SafeSetup &, const SafeSetup &) = default;
};

/// Calldata of setup(...): the initializer of the proxy.
Bytes encodeSafeSetup(const SafeSetup &setup);
/// Strict.
Result<SafeSetup> decodeSafeSetup(QByteArrayView calldata);
/// Calldata of SafeProxyFactory.createProxyWithNonce.
Bytes encodeCreateProxy(const Address &singleton, const Bytes &initializer, const Uint256 &saltNonce);
/// Where that call puts the proxy. `proxyCreationCode` is the factory's, without arguments.
Address safeProxyAddress(const Address &factory, const Address &singleton, const Bytes &initializer, const Uint256 &saltNonce,
                         const Bytes &proxyCreationCode);

} // namespace countersign
