#include "backend/safe/safelibraries.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr const char16_t *const signatures[] = {
    // SafeProxyFactory. createProxy is of 1.3.0 and before, the callback went with 1.5.0, the chain specific one came with 1.4.1.
    u"createProxy(address singleton,bytes initializer) returns (address proxy)",
    u"createProxyWithNonce(address singleton,bytes initializer,uint256 saltNonce) returns (address proxy)",
    u"createProxyWithCallback(address singleton,bytes initializer,uint256 saltNonce,address callback) returns (address proxy)",
    u"createChainSpecificProxyWithNonce(address singleton,bytes initializer,uint256 saltNonce) returns (address proxy)",
    u"createProxyWithNonceL2(address singleton,bytes initializer,uint256 saltNonce) returns (address proxy)",
    u"createChainSpecificProxyWithNonceL2(address singleton,bytes initializer,uint256 saltNonce) returns (address proxy)",
    // The Safe itself, up to 1.2.0: another singleton.
    u"changeMasterCopy(address masterCopy)",
    // SafeToL2Setup, inside setup(…), and the migrations, all by delegatecall.
    u"setupToL2(address l2Singleton)",
    u"migrateSingleton()",
    u"migrateWithFallbackHandler()",
    u"migrateL2Singleton()",
    u"migrateL2WithFallbackHandler()",
    u"migrateToL2(address l2Singleton)",
    u"migrateFromV111(address l2Singleton,address fallbackHandler)",
    // SignMessageLib, by delegatecall.
    u"signMessage(bytes data)",
    // ExtensibleFallbackHandler of 1.5.0, called through the Safe.
    u"setSafeMethod(bytes4 selector,bytes32 newMethod)",
    u"setDomainVerifier(bytes32 domainSeparator,address newVerifier)",
    u"setSupportedInterface(bytes4 interfaceId,bool supported)",
    u"addSupportedInterfaceBatch(bytes4 interfaceId,bytes32[] handlerWithSelectors)",
    u"removeSupportedInterfaceBatch(bytes4 interfaceId,bytes4[] selectors)",
    // SimulateTxAccessor by delegatecall; the fallback handler's own, which wraps it.
    u"simulate(address to,uint256 value,bytes data,uint8 operation) returns (uint256 estimate,bool success,bytes returnData)",
    u"simulate(address targetContract,bytes calldataPayload) returns (bytes response)",
};

} // namespace

const JsonAbi &safeLibraryAbi()
{
    static const JsonAbi abi = [] {
        std::vector<AbiFunction> functions;
        for (const char16_t *text : signatures)
            functions.push_back(*AbiFunction::parse(text));
        return JsonAbi::ofParts(std::move(functions));
    }();
    return abi;
}

} // namespace countersign
