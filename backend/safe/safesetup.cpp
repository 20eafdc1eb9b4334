#include "backend/safe/safesetup.h"

#include "backend/evm/create2.h"
#include "backend/safe/safecalls.h"
#include "backend/types/keccak.h"

namespace countersign {

Bytes encodeSafeSetup(const SafeSetup &setup)
{
    const AbiValue::List owners(setup.owners.begin(), setup.owners.end());
    return *safeAbi().function(u"setup")->encodeCall(
        {owners, setup.threshold, setup.to, setup.data, setup.fallbackHandler, Address(), Uint256(), Address()});
}

Bytes encodeCreateProxy(const Address &singleton, const Bytes &initializer, const Uint256 &saltNonce)
{
    return *safeAbi().function(u"createProxyWithNonce")->encodeCall({singleton, initializer, saltNonce});
}

Address safeProxyAddress(const Address &factory, const Address &singleton, const Bytes &initializer, const Uint256 &saltNonce,
                         const Bytes &proxyCreationCode)
{
    Bytes salted = keccak256(initializer).bytes();
    salted += saltNonce.toBigEndian();
    Bytes initCode = proxyCreationCode;
    initCode.append(12, '\0');
    initCode += singleton.view();
    return create2Address(factory, keccak256(salted), keccak256(initCode));
}

} // namespace countersign
