#include "models/approvals/composeforms.h"

#include "backend/proposals/compose/actionfields.h"

#include <QCoreApplication>

#include <type_traits>

namespace countersign {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("ComposeForms", text);
}

QString accountHelp()
{
    return tr("0x…, a name of the environment, or #1 for what step 1 creates");
}

ComposeField vaultField()
{
    return {u"vault"_s, tr("Vault"), accountHelp(), FieldKind::Vault};
}
ComposeField partyField()
{
    return {u"party"_s, tr("Party"), tr("A name of the environment, or 0x and 64 digits"), FieldKind::Party};
}
ComposeField adapterIdField()
{
    return {u"adapterId"_s, tr("Adapter id"), tr("0x and 64 digits, or a word that is hashed"), FieldKind::Word};
}
ComposeField registryField()
{
    return {u"registry"_s, tr("Registry"), tr("Empty: the environment's"), FieldKind::Contract, true};
}
ComposeField accountField(const QString &name, const QString &label, bool isOptional = false)
{
    return {name, label, isOptional ? tr("Empty: none") : accountHelp(), FieldKind::Account, isOptional};
}
ComposeField thresholdField(bool isOptional)
{
    return {u"threshold"_s, tr("Signatures needed"), isOptional ? tr("Empty: as it is") : QString(), FieldKind::Number, isOptional};
}

ComposeForm form(const DeployAction & /*a*/)
{
    return {tr("Deploy a contract"),
        tr("The review predicts the address, compares the code with our build, and reads it back after the execution."),
        {{u"artifact"_s, tr("Contract"), {}, FieldKind::Artifact},
            {u"json"_s, tr("Own build"), tr("An artifact file instead of a known build"), FieldKind::File, true},
            {u"arguments"_s, tr("Arguments"), {}, FieldKind::Arguments},
            {u"method"_s, tr("Created"), {}, FieldKind::Method},
            {u"salt"_s, tr("Salt"), tr("Empty: zero. Another salt gives another address"), FieldKind::Word, true},
            {u"value"_s, tr("Ether, in wei"), tr("Empty: none"), FieldKind::Number, true}}};
}
ComposeForm form(const RegisterAdapterAction & /*a*/)
{
    return {tr("Register an adapter"), tr("Intents may name it from then on. It takes the place of the one that has the id."),
        {vaultField(), adapterIdField(), {u"adapter"_s, tr("Adapter"), accountHelp(), FieldKind::Contract}}};
}
ComposeForm form(const RemoveAdapterAction & /*a*/)
{
    return {tr("Remove an adapter"), tr("Intents that name it are refused from then on."), {vaultField(), adapterIdField()}};
}
ComposeForm form(const TransferOwnershipAction & /*a*/)
{
    return {tr("Transfer ownership"),
        tr("Where the contract does it in two steps, the new owner has to accept; until then the Safe keeps it. Where it "
           "does it at once, a wrong address is lost for good."),
        {{u"contract"_s, tr("Contract"), accountHelp(), FieldKind::Contract}, accountField(u"newOwner"_s, tr("New owner"))}};
}
ComposeForm form(const AcceptOwnershipAction & /*a*/)
{
    return {tr("Accept ownership"), tr("The second step: the contract has named this Safe as its next owner."),
        {{u"contract"_s, tr("Contract"), accountHelp(), FieldKind::Contract}}};
}
ComposeForm form(const RegisterKeyAction & /*a*/)
{
    return {tr("Register a key"), tr("The key speaks for the party on this chain. One that it had before no longer counts."),
        {partyField(), accountField(u"key"_s, tr("Address of the key")), registryField()}};
}
ComposeForm form(const RevokeKeyAction & /*a*/)
{
    return {tr("Revoke a key"), tr("No vault accepts an intent of the party any more, until a new key is registered."),
        {partyField(), registryField()}};
}
ComposeForm form(const SetCantonSignerAction & /*a*/)
{
    return {tr("Set who signs intents"), tr("An account that signs for every party, or a registry that knows each party's key."),
        {vaultField(), accountField(u"signer"_s, tr("Signer or registry"))}};
}
ComposeForm form(const AuthorisePartyAction & /*a*/)
{
    return {tr("Let a party in, or shut it out"), tr("Whether the vault serves the party's intents."),
        {vaultField(), partyField(), {u"authorised"_s, tr("Serve its intents"), {}, FieldKind::Flag}}};
}
ComposeForm form(const PauseAction & /*a*/)
{
    return {tr("Pause a vault"), tr("Stops all intents until it is resumed."), {vaultField()}};
}
ComposeForm form(const UnpauseAction & /*a*/)
{
    return {tr("Resume a vault"), tr("Intents are carried out again."), {vaultField()}};
}
ComposeForm form(const SetEmergencyContactAction & /*a*/)
{
    return {tr("Set the emergency contact"), tr("May pause the vault, and nothing else."),
        {vaultField(), accountField(u"contact"_s, tr("Contact"), true)}};
}
ComposeForm form(const AddOwnerAction & /*a*/)
{
    return {tr("Add an owner"), tr("One more who may sign for the Safe."),
        {accountField(u"owner"_s, tr("Owner")), thresholdField(true)}};
}
ComposeForm form(const RemoveOwnerAction & /*a*/)
{
    return {tr("Remove an owner"), tr("Signatures of this owner count no longer, also those on proposals that wait."),
        {accountField(u"owner"_s, tr("Owner")), thresholdField(true)}};
}
ComposeForm form(const SwapOwnerAction & /*a*/)
{
    return {tr("Exchange an owner"), tr("One owner goes, another comes; the threshold stays."),
        {accountField(u"owner"_s, tr("Who goes")), accountField(u"newOwner"_s, tr("Who comes"))}};
}
ComposeForm form(const ChangeThresholdAction & /*a*/)
{
    return {tr("Change the threshold"), tr("How many owners have to sign."), {thresholdField(false)}};
}
ComposeForm form(const EnableModuleAction & /*a*/)
{
    return {tr("Enable a module"), tr("A module acts for the Safe without any signature. Its code decides alone."),
        {{u"module"_s, tr("Module"), accountHelp(), FieldKind::Contract}}};
}
ComposeForm form(const DisableModuleAction & /*a*/)
{
    return {tr("Disable a module"), tr("It can act for the Safe no longer."),
        {{u"module"_s, tr("Module"), accountHelp(), FieldKind::Contract}}};
}
ComposeForm form(const SetGuardAction & /*a*/)
{
    return {tr("Set the transaction guard"), tr("A guard can refuse every transaction, also the one that would remove it."),
        {accountField(u"guard"_s, tr("Guard"), true)}};
}
ComposeForm form(const SetModuleGuardAction & /*a*/)
{
    return {tr("Set the module guard"), tr("For Safes of 1.5.0: may refuse what modules do."),
        {accountField(u"guard"_s, tr("Guard"), true)}};
}
ComposeForm form(const SetFallbackHandlerAction & /*a*/)
{
    return {tr("Set the fallback handler"), tr("Answers in the name of the Safe, also whether it has signed a message."),
        {accountField(u"handler"_s, tr("Handler"), true)}};
}
ComposeForm form(const MigrateAction & /*a*/)
{
    return {tr("Migrate the Safe"), tr("To the published contract of another version, by the published library."),
        {{u"version"_s, tr("Version"), {}, FieldKind::Version},
            {u"withFallbackHandler"_s, tr("With its fallback handler"), {}, FieldKind::Flag}}};
}
ComposeForm form(const CancelNonceAction & /*a*/)
{
    return {tr("Cancel a nonce"),
        tr("The Safe sends nothing to itself, and the nonce is used up: whatever else was signed for it can never be executed. "
           "Choose the nonce below."),
        {}};
}
ComposeForm form(const RawCallAction & /*a*/)
{
    return {tr("Any call"), tr("For experts. It is decoded and reviewed like every other."),
        {accountField(u"to"_s, tr("To")), {u"value"_s, tr("Ether, in wei"), tr("Empty: none"), FieldKind::Number, true},
            {u"data"_s, tr("Data"), u"0x"_s, FieldKind::Data, true},
            {u"isDelegate"_s, tr("As delegatecall"), {}, FieldKind::Flag}}};
}
ComposeForm form(const BuilderFileAction & /*a*/)
{
    return {tr("Transactions of a file"), tr("All transactions of a file of Safe's transaction builder. The words in it are not believed."),
        {{u"file"_s, tr("File"), {}, FieldKind::File}}};
}

} // namespace

ComposeForm formOf(const ComposeAction &action)
{
    return std::visit([](const auto &one) { return form(one); }, action);
}

QList<ComposeChoice> composeChoices()
{
    const QString vaults = tr("Vaults");
    const QString ownership = tr("Ownership");
    const QString keys = tr("Canton keys");
    const QString safe = tr("This Safe");
    const QString experts = tr("For experts");
    return {
        {vaults, tr("Deploy a vault"), DeployAction{.artifact = u"CantonDeFiVault"_s}},
        {vaults, tr("Deploy an adapter"), DeployAction{.artifact = u"TreasuryAdapter"_s}},
        {vaults, tr("Register an adapter"), RegisterAdapterAction{}},
        {vaults, tr("Remove an adapter"), RemoveAdapterAction{}},
        {vaults, tr("Let a party in, or shut it out"), AuthorisePartyAction{}},
        {vaults, tr("Set who signs intents"), SetCantonSignerAction{}},
        {vaults, tr("Pause"), PauseAction{}},
        {vaults, tr("Resume"), UnpauseAction{}},
        {vaults, tr("Set the emergency contact"), SetEmergencyContactAction{}},
        {ownership, tr("Transfer ownership"), TransferOwnershipAction{}},
        {ownership, tr("Accept ownership"), AcceptOwnershipAction{}},
        {keys, tr("Register a key"), RegisterKeyAction{}},
        {keys, tr("Revoke a key"), RevokeKeyAction{}},
        {keys, tr("Deploy a registry"), DeployAction{.artifact = u"CantonKeyRegistry"_s}},
        {safe, tr("Add an owner"), AddOwnerAction{}},
        {safe, tr("Remove an owner"), RemoveOwnerAction{}},
        {safe, tr("Exchange an owner"), SwapOwnerAction{}},
        {safe, tr("Change the threshold"), ChangeThresholdAction{}},
        {safe, tr("Enable a module"), EnableModuleAction{}},
        {safe, tr("Disable a module"), DisableModuleAction{}},
        {safe, tr("Set the transaction guard"), SetGuardAction{}},
        {safe, tr("Set the module guard"), SetModuleGuardAction{}},
        {safe, tr("Set the fallback handler"), SetFallbackHandlerAction{}},
        {safe, tr("Migrate to another version"), MigrateAction{.version = u"1.4.1"_s}},
        {safe, tr("Cancel a nonce"), CancelNonceAction{}},
        {experts, tr("Deploy any contract"), DeployAction{}},
        {experts, tr("Any call"), RawCallAction{}},
        {experts, tr("Transactions of a file"), BuilderFileAction{}},
    };
}

QVariant fieldValue(const ComposeAction &action, const QString &field)
{
    ComposeAction copy = action;
    QVariant value;
    visitFields(copy, [&]<class T>(QLatin1StringView name, const T &member) {
        if (name != field)
            return;
        if constexpr (std::is_same_v<T, CreateMethod>)
            value = static_cast<int>(member);
        else
            value = QVariant::fromValue(member);
    });
    return value;
}

bool setFieldValue(ComposeAction &action, const QString &field, const QVariant &value)
{
    bool isSet = false;
    visitFields(action, [&]<class T>(QLatin1StringView name, T &member) {
        if (name != field)
            return;
        if constexpr (std::is_same_v<T, CreateMethod>) {
            const int method = value.toInt(&isSet);
            isSet = isSet && method >= 0 && method <= static_cast<int>(CreateMethod::SafeSingletonFactory);
            if (isSet)
                member = static_cast<CreateMethod>(method);
        } else if (value.metaType() == QMetaType::fromType<T>()) {
            member = value.value<T>();
            isSet = true;
        }
    });
    return isSet;
}

} // namespace countersign
