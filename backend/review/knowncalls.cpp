#include "backend/review/knowncalls.h"

#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"

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

constexpr auto commonEntries = R"(
{"type":"function","name":"transfer","stateMutability":"nonpayable","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
{"type":"function","name":"approve","stateMutability":"nonpayable","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
{"type":"function","name":"increaseAllowance","stateMutability":"nonpayable","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[]},
{"type":"function","name":"setApprovalForAll","stateMutability":"nonpayable","inputs":[{"name":"operator","type":"address"},{"name":"approved","type":"bool"}],"outputs":[]},
{"type":"function","name":"grantRole","stateMutability":"nonpayable","inputs":[{"name":"role","type":"bytes32"},{"name":"account","type":"address"}],"outputs":[]},
{"type":"function","name":"revokeRole","stateMutability":"nonpayable","inputs":[{"name":"role","type":"bytes32"},{"name":"account","type":"address"}],"outputs":[]},
{"type":"function","name":"upgradeTo","stateMutability":"nonpayable","inputs":[{"name":"implementation","type":"address"}],"outputs":[]},
{"type":"function","name":"upgradeToAndCall","stateMutability":"payable","inputs":[{"name":"implementation","type":"address"},{"name":"data","type":"bytes"}],"outputs":[]},
{"type":"function","name":"changeAdmin","stateMutability":"nonpayable","inputs":[{"name":"newAdmin","type":"address"}],"outputs":[]},
{"type":"function","name":"multiSend","stateMutability":"payable","inputs":[{"name":"transactions","type":"bytes"}],"outputs":[]})";

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
    static const JsonAbi common = load({commonEntries, ownableEntries});
    return common;
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
