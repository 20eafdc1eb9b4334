#pragma once

#include "backend/proposals/compose/composeaction.h"
#include "backend/types/strings.h"

#include <array>

namespace countersign {

// The members of each step by name, so that forms, drafts and problems speak of the same fields. \a f is called with
// (QLatin1StringView name, T &member) for T of QString, QStringList, QByteArray, bool and CreateMethod.

template <class F> void visitFields(DeployAction &a, F &&f)
{
    f("artifact"_L1, a.artifact);
    f("json"_L1, a.json);
    f("arguments"_L1, a.arguments);
    f("method"_L1, a.method);
    f("salt"_L1, a.salt);
    f("value"_L1, a.value);
}
template <class F> void visitFields(RegisterAdapterAction &a, F &&f)
{
    f("vault"_L1, a.vault);
    f("adapterId"_L1, a.adapterId);
    f("adapter"_L1, a.adapter);
}
template <class F> void visitFields(RemoveAdapterAction &a, F &&f)
{
    f("vault"_L1, a.vault);
    f("adapterId"_L1, a.adapterId);
}
template <class F> void visitFields(TransferOwnershipAction &a, F &&f)
{
    f("contract"_L1, a.contract);
    f("newOwner"_L1, a.newOwner);
}
template <class F> void visitFields(AcceptOwnershipAction &a, F &&f)
{
    f("contract"_L1, a.contract);
}
template <class F> void visitFields(RegisterKeyAction &a, F &&f)
{
    f("registry"_L1, a.registry);
    f("party"_L1, a.party);
    f("key"_L1, a.key);
}
template <class F> void visitFields(RevokeKeyAction &a, F &&f)
{
    f("registry"_L1, a.registry);
    f("party"_L1, a.party);
}
template <class F> void visitFields(SetCantonSignerAction &a, F &&f)
{
    f("vault"_L1, a.vault);
    f("signer"_L1, a.signer);
}
template <class F> void visitFields(AuthorisePartyAction &a, F &&f)
{
    f("vault"_L1, a.vault);
    f("party"_L1, a.party);
    f("authorised"_L1, a.authorised);
}
template <class F> void visitFields(PauseAction &a, F &&f)
{
    f("vault"_L1, a.vault);
}
template <class F> void visitFields(UnpauseAction &a, F &&f)
{
    f("vault"_L1, a.vault);
}
template <class F> void visitFields(SetEmergencyContactAction &a, F &&f)
{
    f("vault"_L1, a.vault);
    f("contact"_L1, a.contact);
}
template <class F> void visitFields(AddOwnerAction &a, F &&f)
{
    f("owner"_L1, a.owner);
    f("threshold"_L1, a.threshold);
}
template <class F> void visitFields(RemoveOwnerAction &a, F &&f)
{
    f("owner"_L1, a.owner);
    f("threshold"_L1, a.threshold);
}
template <class F> void visitFields(SwapOwnerAction &a, F &&f)
{
    f("owner"_L1, a.owner);
    f("newOwner"_L1, a.newOwner);
}
template <class F> void visitFields(ChangeThresholdAction &a, F &&f)
{
    f("threshold"_L1, a.threshold);
}
template <class F> void visitFields(EnableModuleAction &a, F &&f)
{
    f("module"_L1, a.module);
}
template <class F> void visitFields(DisableModuleAction &a, F &&f)
{
    f("module"_L1, a.module);
}
template <class F> void visitFields(SetGuardAction &a, F &&f)
{
    f("guard"_L1, a.guard);
}
template <class F> void visitFields(SetModuleGuardAction &a, F &&f)
{
    f("guard"_L1, a.guard);
}
template <class F> void visitFields(SetFallbackHandlerAction &a, F &&f)
{
    f("handler"_L1, a.handler);
}
template <class F> void visitFields(MigrateAction &a, F &&f)
{
    f("version"_L1, a.version);
    f("withFallbackHandler"_L1, a.withFallbackHandler);
}
template <class F> void visitFields(CancelNonceAction & /*a*/, F && /*f*/)
{
}
template <class F> void visitFields(RawCallAction &a, F &&f)
{
    f("to"_L1, a.to);
    f("value"_L1, a.value);
    f("data"_L1, a.data);
    f("isDelegate"_L1, a.isDelegate);
}
template <class F> void visitFields(BuilderFileAction &a, F &&f)
{
    f("file"_L1, a.file);
}

template <class F> void visitFields(ComposeAction &action, F &&f)
{
    std::visit([&f](auto &one) { visitFields(one, f); }, action);
}

/// Names of the kinds of step in drafts, in the order of the variant's alternatives.
inline constexpr std::array actionIds{"deploy"_L1, "registerAdapter"_L1, "removeAdapter"_L1, "transferOwnership"_L1,
    "acceptOwnership"_L1, "registerKey"_L1, "revokeKey"_L1, "setCantonSigner"_L1, "authoriseParty"_L1, "pause"_L1,
    "unpause"_L1, "setEmergencyContact"_L1, "addOwner"_L1, "removeOwner"_L1, "swapOwner"_L1, "changeThreshold"_L1,
    "enableModule"_L1, "disableModule"_L1, "setGuard"_L1, "setModuleGuard"_L1, "setFallbackHandler"_L1, "migrate"_L1,
    "cancelNonce"_L1, "rawCall"_L1, "builderFile"_L1};
static_assert(actionIds.size() == std::variant_size_v<ComposeAction>);

} // namespace countersign
