#include "backend/safe/safesetup.h"

#include "backend/evm/create2.h"
#include "backend/safe/safecalls.h"
#include "backend/types/keccak.h"

namespace countersign {

Bytes encodeSafeSetup(const SafeSetup &setup)
{
    const AbiValue::List owners(setup.owners.begin(), setup.owners.end());
    return *safeAbi().function(u"setup")->encodeCall(
        {owners, setup.threshold, setup.to, setup.data, setup.fallbackHandler, setup.paymentToken, setup.payment, setup.paymentReceiver});
}

Result<SafeSetup> decodeSafeSetup(QByteArrayView calldata)
{
    const auto values = safeAbi().function(u"setup")->decodeCall(calldata);
    if (!values)
        return std::unexpected(values.error());
    const auto addressAt = [&values](size_t i) { return *(*values)[i].get<Address>(); };
    SafeSetup setup;
    for (const AbiValue &owner : *(*values)[0].get<AbiValue::List>())
        setup.owners.push_back(*owner.get<Address>());
    setup.threshold = *(*values)[1].get<Uint256>();
    setup.to = addressAt(2);
    setup.data = *(*values)[3].get<Bytes>();
    setup.fallbackHandler = addressAt(4);
    setup.paymentToken = addressAt(5);
    setup.payment = *(*values)[6].get<Uint256>();
    setup.paymentReceiver = addressAt(7);
    return setup;
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
