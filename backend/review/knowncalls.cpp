#include "backend/review/knowncalls.h"

#include "backend/safe/safecalls.h"
#include "backend/safe/safelibraries.h"
#include "backend/types/strings.h"

#include <QStringList>

namespace countersign {

namespace {

// Interfaces in the form of the JSON ABI, cut to what a proposal can call and a revert can say. A test holds them
// against contracts/abi.
constexpr auto ownableEntries = R"(
{"type":"function","name":"transferOwnership","stateMutability":"nonpayable","inputs":[{"name":"newOwner","type":"address"}],"outputs":[]},
{"type":"function","name":"acceptOwnership","stateMutability":"nonpayable","inputs":[],"outputs":[]},
{"type":"function","name":"renounceOwnership","stateMutability":"nonpayable","inputs":[],"outputs":[]},
{"type":"error","name":"OwnableUnauthorizedAccount","inputs":[{"name":"account","type":"address"}]},
{"type":"error","name":"OwnableInvalidOwner","inputs":[{"name":"owner","type":"address"}]})";

constexpr auto registryEntries = R"(
{"type":"function","name":"registerKey","stateMutability":"nonpayable","inputs":[{"name":"partyId","type":"bytes32"},{"name":"publicKey","type":"address"}],"outputs":[]},
{"type":"function","name":"revokeKey","stateMutability":"nonpayable","inputs":[{"name":"partyId","type":"bytes32"}],"outputs":[]},
{"type":"error","name":"KeyNotRegistered","inputs":[{"name":"partyId","type":"bytes32"}]},
{"type":"error","name":"InvalidKey","inputs":[]},
{"type":"error","name":"InvalidPartyId","inputs":[]})";

constexpr auto vaultEntries = R"(
{"type":"function","name":"registerAdapter","stateMutability":"nonpayable","inputs":[{"name":"adapterId","type":"bytes32"},{"name":"adapter","type":"address"}],"outputs":[]},
{"type":"function","name":"removeAdapter","stateMutability":"nonpayable","inputs":[{"name":"adapterId","type":"bytes32"}],"outputs":[]},
{"type":"function","name":"pause","stateMutability":"nonpayable","inputs":[],"outputs":[]},
{"type":"function","name":"unpause","stateMutability":"nonpayable","inputs":[],"outputs":[]},
{"type":"function","name":"setEmergencyContact","stateMutability":"nonpayable","inputs":[{"name":"newContact","type":"address"}],"outputs":[]},
{"type":"function","name":"setCantonSigner","stateMutability":"nonpayable","inputs":[{"name":"newSigner","type":"address"}],"outputs":[]},
{"type":"function","name":"setPartyAuthorized","stateMutability":"nonpayable","inputs":[{"name":"partyId","type":"bytes32"},{"name":"authorized","type":"bool"}],"outputs":[]},
{"type":"error","name":"AdapterNotRegistered","inputs":[{"name":"adapterId","type":"bytes32"}]},
{"type":"error","name":"EnforcedPause","inputs":[]},
{"type":"error","name":"ExpectedPause","inputs":[]})";

constexpr const char16_t *const commonSignatures[] = {
    // ERC-20, ERC-721, EIP-2612
    u"transfer(address to,uint256 amount)",
    u"transferFrom(address from,address to,uint256 amount)",
    u"safeTransferFrom(address from,address to,uint256 tokenId)",
    u"safeTransferFrom(address from,address to,uint256 tokenId,bytes data)",
    u"approve(address spender,uint256 amount)",
    u"increaseAllowance(address spender,uint256 amount)",
    u"decreaseAllowance(address spender,uint256 amount)",
    u"setApprovalForAll(address operator,bool approved)",
    u"permit(address owner,address spender,uint256 amount,uint256 deadline,uint8 v,bytes32 r,bytes32 s)",
    // Who controls a contract
    u"transferOwnership(address newOwner)",
    u"acceptOwnership()",
    u"renounceOwnership()",
    u"grantRole(bytes32 role,address account)",
    u"revokeRole(bytes32 role,address account)",
    u"renounceRole(bytes32 role,address account)",
    u"beginDefaultAdminTransfer(address newAdmin)",
    u"acceptDefaultAdminTransfer()",
    u"changeAdmin(address newAdmin)",
    u"changeProxyAdmin(address proxy,address newAdmin)",
    u"setAuthority(address newAuthority)",
    u"setOwner(address newOwner)",
    // Whose code it runs
    u"upgradeTo(address implementation)",
    u"upgradeToAndCall(address implementation,bytes data)",
    u"upgrade(address proxy,address implementation)",
    u"upgradeAndCall(address proxy,address implementation,bytes data)",
    u"setImplementation(address implementation)",
    u"setLendingPoolImpl(address pool)",
    u"diamondCut((address facetAddress,uint8 action,bytes4[] functionSelectors)[] cut,address init,bytes data)",
    // What carries other calls
    u"schedule(address target,uint256 value,bytes data,bytes32 predecessor,bytes32 salt,uint256 delay)",
    u"scheduleBatch(address[] targets,uint256[] values,bytes[] payloads,bytes32 predecessor,bytes32 salt,uint256 delay)",
    u"execute(address target,uint256 value,bytes payload,bytes32 predecessor,bytes32 salt)",
    u"executeBatch(address[] targets,uint256[] values,bytes[] payloads,bytes32 predecessor,bytes32 salt)",
    u"multicall(bytes[] data)",
    u"aggregate((address target,bytes callData)[] calls)",
    u"tryAggregate(bool requireSuccess,(address target,bytes callData)[] calls)",
    u"aggregate3((address target,bool allowFailure,bytes callData)[] calls)",
    u"aggregate3Value((address target,bool allowFailure,uint256 value,bytes callData)[] calls)",
    // What shares a selector with one of the above
    u"many_msg_babbage(bytes1)",
    u"gasprice_bit_ether(int128)",
    u"sign_szabo_bytecode(bytes16,uint128)",
};

JsonAbi load(std::initializer_list<QByteArrayView> parts)
{
    QByteArray text = "[";
    for (const QByteArrayView part : parts) {
        if (text.size() > 1)
            text += ',';
        text.append(part);
    }
    text += ']';
    // Our own text: that it loads is what the first test of this file checks.
    return JsonAbi::load(text).value_or(JsonAbi());
}

} // namespace

const JsonAbi *abiOfRole(ContractRole role)
{
    static const JsonAbi registry = load({registryEntries, ownableEntries});
    static const JsonAbi vault = load({vaultEntries, ownableEntries});
    switch (role) {
    case ContractRole::Registry:
        return &registry;
    case ContractRole::Vault:
        return &vault;
    case ContractRole::Safe:
        return &safeAbi();
    case ContractRole::Unknown:
        break;
    }
    return nullptr;
}

const JsonAbi &commonAbi()
{
    static const JsonAbi common = [] {
        std::vector<AbiFunction> functions;
        for (const char16_t *text : commonSignatures)
            functions.push_back(*AbiFunction::parse(text));
        return JsonAbi::ofParts(std::move(functions));
    }();
    return common;
}

std::vector<const AbiFunction *> guessesFor(Selector selector)
{
    static const JsonAbi ours = load({registryEntries, vaultEntries});
    std::vector<const AbiFunction *> found;
    QStringList signatures;
    for (const JsonAbi *abi : {&commonAbi(), &ours, &safeAbi(), &safeLibraryAbi()}) {
        for (const AbiFunction &function : abi->functions()) {
            if (function.selector() != selector || signatures.contains(function.signature()))
                continue;
            found.push_back(&function);
            signatures.append(function.signature());
        }
    }
    return found;
}

const JsonAbi &knownErrors()
{
    static const JsonAbi all = [] {
        JsonAbi merged = load({registryEntries, vaultEntries, ownableEntries});
        merged.merge(safeAbi());
        return merged;
    }();
    return all;
}

} // namespace countersign
