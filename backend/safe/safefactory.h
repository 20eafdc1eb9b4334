#pragma once

#include "backend/safe/safeversion.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <optional>

namespace countersign {

enum class ProxyMethod {
    Create,            ///< createProxy, up to 1.3.0: address by the factory's nonce
    WithNonce,         ///< createProxyWithNonce
    WithCallback,      ///< createProxyWithCallback, up to 1.4.1
    ChainSpecific,     ///< createChainSpecificProxyWithNonce, from 1.4.1: the chain id joins the salt
    WithNonceL2,       ///< createProxyWithNonceL2, 1.5.0: one event more
    ChainSpecificL2,   ///< createChainSpecificProxyWithNonceL2, 1.5.0
};

/// A call of a Safe proxy factory.
struct ProxyCreation {
    ProxyMethod method = ProxyMethod::WithNonce;
    Address singleton = {};
    Bytes initializer = {}; ///< calldata of setup(…)
    Uint256 saltNonce = {}; ///< not of Create
    Address callback = {};  ///< of WithCallback

    friend bool operator==(const ProxyCreation &, const ProxyCreation &) = default;
};

Bytes encodeProxyCreation(const ProxyCreation &creation);
/// Strict. Error NotFound when the data calls something else, Invalid when it is not canonical.
Result<ProxyCreation> decodeProxyCreation(QByteArrayView calldata);

/// The creation code that the factory of a version holds, without the singleton's address behind it. Error NotFound for
/// versions whose factory this program does not know: 1.3.0, 1.4.1 and 1.5.0 are known.
Result<Bytes> proxyCreationCode(SafeVersion factoryVersion);

/// The salt of the factory's CREATE2; absent for Create, which uses none.
std::optional<Hash32> proxySalt(const ProxyCreation &creation, ChainId chain);

/// Where a factory of this version puts the proxy. `chain` matters for the chain specific methods, `factoryNonce` (of the
/// factory's account, at that time) for Create alone. Error NotFound as proxyCreationCode; Invalid for a method that the
/// version does not have.
Result<Address> predictProxy(SafeVersion factoryVersion, const Address &factory, const ProxyCreation &creation, ChainId chain = {},
                             Nonce factoryNonce = {});

} // namespace countersign
