#include "backend/safe/safefactory.h"

#include "backend/evm/create2.h"
#include "backend/safe/safelibraries.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

#include "backend/safe/safeproxycode.inc"

struct Method {
    ProxyMethod method;
    const char16_t *name;
    SafeVersion first;
    SafeVersion last;
};

constexpr std::array methods = {
    Method{.method = ProxyMethod::Create, .name = u"createProxy", .first = SafeVersion::v010(), .last = SafeVersion::v130()},
    Method{.method = ProxyMethod::WithNonce, .name = u"createProxyWithNonce", .first = SafeVersion::v100(), .last = SafeVersion::v150()},
    Method{.method = ProxyMethod::WithCallback, .name = u"createProxyWithCallback", .first = SafeVersion::v111(), .last = SafeVersion::v141()},
    Method{.method = ProxyMethod::ChainSpecific,
           .name = u"createChainSpecificProxyWithNonce",
           .first = SafeVersion::v140(),
           .last = SafeVersion::v150()},
    Method{.method = ProxyMethod::WithNonceL2, .name = u"createProxyWithNonceL2", .first = SafeVersion::v150(), .last = SafeVersion::v150()},
    Method{.method = ProxyMethod::ChainSpecificL2,
           .name = u"createChainSpecificProxyWithNonceL2",
           .first = SafeVersion::v150(),
           .last = SafeVersion::v150()},
};

const Method &methodOf(ProxyMethod method)
{
    return methods[static_cast<size_t>(method)];
}

const AbiFunction &functionOf(const Method &method)
{
    return *safeLibraryAbi().function(QStringView(method.name));
}

} // namespace

Bytes encodeProxyCreation(const ProxyCreation &creation)
{
    std::vector<AbiValue> arguments = {creation.singleton, creation.initializer};
    if (creation.method != ProxyMethod::Create)
        arguments.emplace_back(creation.saltNonce);
    if (creation.method == ProxyMethod::WithCallback)
        arguments.emplace_back(creation.callback);
    return *functionOf(methodOf(creation.method)).encodeCall(arguments);
}

Result<ProxyCreation> decodeProxyCreation(QByteArrayView calldata)
{
    const auto selector = Selector::leading(calldata);
    for (const Method &method : methods) {
        const AbiFunction &function = functionOf(method);
        if (!selector || function.selector() != *selector)
            continue;
        const auto values = function.decodeCall(calldata);
        if (!values)
            return std::unexpected(values.error());
        ProxyCreation creation{.method = method.method,
                               .singleton = *(*values)[0].get<Address>(),
                               .initializer = *(*values)[1].get<Bytes>()};
        if (method.method != ProxyMethod::Create)
            creation.saltNonce = *(*values)[2].get<Uint256>();
        if (method.method == ProxyMethod::WithCallback)
            creation.callback = *(*values)[3].get<Address>();
        return creation;
    }
    return fail(ErrorKind::NotFound, u"The data does not call a Safe proxy factory."_s, u"factory.selector"_s);
}

Result<Bytes> proxyCreationCode(SafeVersion factoryVersion)
{
    for (const ProxyCode &known : proxyCodes) {
        if (known.version == factoryVersion)
            return QByteArray::fromHex(QByteArray::fromRawData(known.hex, static_cast<qsizetype>(std::char_traits<char>::length(known.hex))));
    }
    return fail(ErrorKind::NotFound,
                u"The proxies that the factory of Safe %1 makes are not known to this program; 1.3.0, 1.4.1 and 1.5.0 are."_s.arg(
                    factoryVersion.toString()),
                u"factory.version"_s);
}

std::optional<Hash32> proxySalt(const ProxyCreation &creation, ChainId chain)
{
    Uint256 nonce = creation.saltNonce;
    switch (creation.method) {
    case ProxyMethod::Create:
        return std::nullopt;
    case ProxyMethod::WithCallback: {
        const Bytes packed = nonce.toBigEndian() + creation.callback.bytes();
        nonce = *Uint256::fromBigEndian(keccak256(packed).view());
        break;
    }
    case ProxyMethod::WithNonce:
    case ProxyMethod::WithNonceL2:
    case ProxyMethod::ChainSpecific:
    case ProxyMethod::ChainSpecificL2:
        break;
    }
    Bytes packed = keccak256(creation.initializer).bytes();
    packed += nonce.toBigEndian();
    if (creation.method == ProxyMethod::ChainSpecific || creation.method == ProxyMethod::ChainSpecificL2)
        packed += Uint256(chain.value()).toBigEndian();
    return keccak256(packed);
}

Result<Address> predictProxy(SafeVersion factoryVersion, const Address &factory, const ProxyCreation &creation, ChainId chain, Nonce factoryNonce)
{
    const Method &method = methodOf(creation.method);
    if (factoryVersion < method.first || factoryVersion > method.last)
        return fail(ErrorKind::Invalid,
                    u"The factory of Safe %1 has no %2."_s.arg(factoryVersion.toString(), QStringView(method.name)), u"factory.method"_s);
    auto initCode = proxyCreationCode(factoryVersion);
    if (!initCode)
        return std::unexpected(initCode.error());
    const auto salt = proxySalt(creation, chain);
    if (!salt)
        return createAddress(factory, factoryNonce);
    initCode->append(12, '\0');
    *initCode += creation.singleton.view();
    return create2Address(factory, *salt, keccak256(*initCode));
}

} // namespace countersign
