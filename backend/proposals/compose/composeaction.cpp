#include "backend/proposals/compose/composeaction.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

QString orElse(const QString &text, const QString &otherwise)
{
    const QString trimmed = text.trimmed();
    return trimmed.isEmpty() ? otherwise : trimmed;
}

QString withThreshold(const QString &text, const QString &threshold)
{
    const QString trimmed = threshold.trimmed();
    return trimmed.isEmpty() ? text : u"%1, threshold %2"_s.arg(text, trimmed);
}

struct Describer {
    QString operator()(const DeployAction &action) const
    {
        return u"Deploy %1"_s.arg(action.json.isEmpty() ? orElse(action.artifact, u"a contract"_s) : u"a contract of a file"_s);
    }
    QString operator()(const RegisterAdapterAction &action) const
    {
        return u"Register the adapter %1 on %2"_s.arg(action.adapterId, action.vault);
    }
    QString operator()(const RemoveAdapterAction &action) const
    {
        return u"Remove the adapter %1 from %2"_s.arg(action.adapterId, action.vault);
    }
    QString operator()(const TransferOwnershipAction &action) const
    {
        return u"Transfer the ownership of %1 to %2"_s.arg(action.contract, action.newOwner);
    }
    QString operator()(const AcceptOwnershipAction &action) const { return u"Accept the ownership of %1"_s.arg(action.contract); }
    QString operator()(const RegisterKeyAction &action) const
    {
        return u"Register the Canton key %1 of %2"_s.arg(action.key, action.party);
    }
    QString operator()(const RevokeKeyAction &action) const { return u"Revoke the Canton key of %1"_s.arg(action.party); }
    QString operator()(const SetCantonSignerAction &action) const
    {
        return u"Set the Canton signer of %1 to %2"_s.arg(action.vault, action.signer);
    }
    QString operator()(const AuthorisePartyAction &action) const
    {
        return (action.authorised ? u"Authorise %1 on %2"_s : u"Shut out %1 on %2"_s).arg(action.party, action.vault);
    }
    QString operator()(const PauseAction &action) const { return u"Pause %1"_s.arg(action.vault); }
    QString operator()(const UnpauseAction &action) const { return u"Unpause %1"_s.arg(action.vault); }
    QString operator()(const SetEmergencyContactAction &action) const
    {
        return u"Set the emergency contact of %1 to %2"_s.arg(action.vault, orElse(action.contact, u"nobody"_s));
    }
    QString operator()(const AddOwnerAction &action) const
    {
        return withThreshold(u"Add the owner %1"_s.arg(action.owner), action.threshold);
    }
    QString operator()(const RemoveOwnerAction &action) const
    {
        return withThreshold(u"Remove the owner %1"_s.arg(action.owner), action.threshold);
    }
    QString operator()(const SwapOwnerAction &action) const
    {
        return u"Replace the owner %1 by %2"_s.arg(action.owner, action.newOwner);
    }
    QString operator()(const ChangeThresholdAction &action) const { return u"Set the threshold to %1"_s.arg(action.threshold); }
    QString operator()(const EnableModuleAction &action) const { return u"Enable the module %1"_s.arg(action.module); }
    QString operator()(const DisableModuleAction &action) const { return u"Disable the module %1"_s.arg(action.module); }
    QString operator()(const SetGuardAction &action) const { return u"Set the guard to %1"_s.arg(orElse(action.guard, u"none"_s)); }
    QString operator()(const SetModuleGuardAction &action) const
    {
        return u"Set the module guard to %1"_s.arg(orElse(action.guard, u"none"_s));
    }
    QString operator()(const SetFallbackHandlerAction &action) const
    {
        return u"Set the fallback handler to %1"_s.arg(orElse(action.handler, u"none"_s));
    }
    QString operator()(const MigrateAction &action) const { return u"Migrate the Safe to version %1"_s.arg(action.version); }
    QString operator()(const CancelNonceAction &) const { return u"Use up a nonce without doing anything"_s; }
    QString operator()(const RawCallAction &action) const
    {
        return (action.isDelegate ? u"Run the code of %1 as the Safe"_s : u"Call %1"_s).arg(action.to);
    }
    QString operator()(const BuilderFileAction &) const { return u"Run the transactions of a file"_s; }
};

} // namespace

QString describeAction(const ComposeAction &action)
{
    return std::visit(Describer(), action);
}

} // namespace countersign
