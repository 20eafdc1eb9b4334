#include "backend/proposals/compose/actionplan.h"

#include "backend/review/knowncalls.h"
#include "backend/types/strings.h"

namespace countersign {

ActionPlan::ActionPlan(const ComposeSite &site, const QList<ComposeAction> &actions)
    : m_site(site)
    , m_actions(actions)
    , m_fields(site, actions.size())
    , m_projection(site.safe, site.version)
{
    for (qsizetype i = 0; i < actions.size(); ++i) {
        m_fields.begin(static_cast<int>(i));
        std::visit([this](const auto &action) { plan(action); }, actions.at(i));
    }
    if (problems().isEmpty())
        join();
}

void ActionPlan::append(MultiSendTransaction entry)
{
    m_fields.addAccount(entry.to);
    entry.effectiveTo = entry.to;
    m_entries.push_back(std::move(entry));
}

void ActionPlan::call(ContractRole role, const Address &to, QStringView function, std::initializer_list<AbiValue> arguments)
{
    auto data = abiOfRole(role)->function(function)->encodeCall(arguments);
    if (!data) {
        m_fields.note({}, data.error().message);
        return;
    }
    append({.to = to, .data = *std::move(data)});
}

std::optional<Address> ActionPlan::registry(const QString &text, QStringView function)
{
    return m_fields.contract(u"registry"_s, text.trimmed().isEmpty() ? u"registry"_s : text, function);
}

void ActionPlan::plan(const RegisterAdapterAction &action)
{
    const auto vault = m_fields.contract(u"vault"_s, action.vault, u"registerAdapter");
    const auto id = m_fields.identifier(u"adapterId"_s, action.adapterId);
    const auto adapter = m_fields.contract(u"adapter"_s, action.adapter, u"execute");
    if (vault && adapter && *vault == *adapter)
        m_fields.note(u"adapter"_s, u"A vault cannot be its own adapter"_s);
    if (vault && id && adapter && m_fields.isGood())
        call(ContractRole::Vault, *vault, u"registerAdapter", {AbiValue(*id), AbiValue(*adapter)});
}

void ActionPlan::plan(const RemoveAdapterAction &action)
{
    const auto vault = m_fields.contract(u"vault"_s, action.vault, u"removeAdapter");
    const auto id = m_fields.identifier(u"adapterId"_s, action.adapterId);
    if (vault && id)
        call(ContractRole::Vault, *vault, u"removeAdapter", {AbiValue(*id)});
}

void ActionPlan::plan(const TransferOwnershipAction &action)
{
    const auto contract = m_fields.contract(u"contract"_s, action.contract, u"transferOwnership");
    const auto newOwner = m_fields.account(u"newOwner"_s, action.newOwner);
    if (!contract || !newOwner)
        return;
    call(ContractRole::Vault, *contract, u"transferOwnership", {AbiValue(*newOwner)});
    const FieldReader::Created *created = m_fields.createdAt(*contract);
    const ContractFacts *facts = m_site.contract(*contract);
    const bool isAccepted = created && created->artifact ? created->artifact->abi().function(u"acceptOwnership") != nullptr
                                                         : facts && facts->pendingOwner.has_value();
    if (isAccepted)
        m_notes.append(u"%1 has to accept the ownership of %2 before it counts; until then it can be offered to another"_s.arg(
            action.newOwner.trimmed(), action.contract.trimmed()));
    else if (created || (facts && facts->hasCode()))
        m_notes.append(
            u"The ownership of %1 moves at once: a wrong address cannot be taken back"_s.arg(action.contract.trimmed()));
}

void ActionPlan::plan(const AcceptOwnershipAction &action)
{
    if (const auto contract = m_fields.contract(u"contract"_s, action.contract, u"acceptOwnership"))
        call(ContractRole::Vault, *contract, u"acceptOwnership", {});
}

void ActionPlan::plan(const RegisterKeyAction &action)
{
    const auto at = registry(action.registry, u"registerKey");
    const auto party = m_fields.party(u"party"_s, action.party);
    const auto key = m_fields.account(u"key"_s, action.key);
    if (at && party && key)
        call(ContractRole::Registry, *at, u"registerKey", {AbiValue(*party), AbiValue(*key)});
}

void ActionPlan::plan(const RevokeKeyAction &action)
{
    const auto at = registry(action.registry, u"revokeKey");
    const auto party = m_fields.party(u"party"_s, action.party);
    if (at && party)
        call(ContractRole::Registry, *at, u"revokeKey", {AbiValue(*party)});
}

void ActionPlan::plan(const SetCantonSignerAction &action)
{
    const auto vault = m_fields.contract(u"vault"_s, action.vault, u"setCantonSigner");
    const auto signer = m_fields.account(u"signer"_s, action.signer);
    if (vault && signer)
        call(ContractRole::Vault, *vault, u"setCantonSigner", {AbiValue(*signer)});
}

void ActionPlan::plan(const AuthorisePartyAction &action)
{
    const auto vault = m_fields.contract(u"vault"_s, action.vault, u"setPartyAuthorized");
    const auto party = m_fields.party(u"party"_s, action.party);
    if (vault && party)
        call(ContractRole::Vault, *vault, u"setPartyAuthorized", {AbiValue(*party), AbiValue(action.authorised)});
}

void ActionPlan::plan(const PauseAction &action)
{
    if (const auto vault = m_fields.contract(u"vault"_s, action.vault, u"pause"))
        call(ContractRole::Vault, *vault, u"pause", {});
}

void ActionPlan::plan(const UnpauseAction &action)
{
    if (const auto vault = m_fields.contract(u"vault"_s, action.vault, u"unpause"))
        call(ContractRole::Vault, *vault, u"unpause", {});
}

void ActionPlan::plan(const SetEmergencyContactAction &action)
{
    const auto vault = m_fields.contract(u"vault"_s, action.vault, u"setEmergencyContact");
    const auto contact = m_fields.accountOrNone(u"contact"_s, action.contact);
    if (vault && contact)
        call(ContractRole::Vault, *vault, u"setEmergencyContact", {AbiValue(*contact)});
}

void ActionPlan::manage(const Result<SafeManagementCall> &made, QLatin1StringView subject)
{
    if (made) {
        append({.to = m_site.safe.safe, .data = encodeManagementCall(*made)});
        return;
    }
    const QString &code = made.error().detail;
    if (code == "GS201"_L1 || code == "GS202"_L1)
        m_fields.note(u"threshold"_s, made.error().message);
    else if (code == "GS205"_L1)
        m_fields.note(u"owner"_s, u"That is no owner of the Safe at this step"_s);
    else if (code == "GS103"_L1)
        m_fields.note(u"module"_s, u"That module is not enabled at this step"_s);
    else
        m_fields.note(subject, made.error().message);
}

void ActionPlan::set(const SafeManagementCall &call, QLatin1StringView subject)
{
    const auto applied = m_projection.apply(call);
    manage(applied ? Result<SafeManagementCall>(call) : std::unexpected(applied.error()), subject);
}

void ActionPlan::plan(const AddOwnerAction &action)
{
    const auto owner = m_fields.account(u"owner"_s, action.owner);
    const auto threshold = m_fields.numberOr(u"threshold"_s, action.threshold, m_projection.threshold());
    if (owner && threshold)
        manage(m_projection.addOwner(*owner, *threshold), "owner"_L1);
}

void ActionPlan::plan(const RemoveOwnerAction &action)
{
    const auto owner = m_fields.account(u"owner"_s, action.owner);
    const auto threshold = m_fields.numberOr(u"threshold"_s, action.threshold, m_projection.threshold());
    if (owner && threshold)
        manage(m_projection.removeOwner(*owner, *threshold), "owner"_L1);
}

void ActionPlan::plan(const SwapOwnerAction &action)
{
    const auto owner = m_fields.account(u"owner"_s, action.owner);
    const auto newOwner = m_fields.account(u"newOwner"_s, action.newOwner);
    if (owner && newOwner)
        manage(m_projection.swapOwner(*owner, *newOwner), "newOwner"_L1);
}

void ActionPlan::plan(const ChangeThresholdAction &action)
{
    if (const auto threshold = m_fields.number(u"threshold"_s, action.threshold))
        manage(m_projection.changeThreshold(*threshold), "threshold"_L1);
}

void ActionPlan::plan(const EnableModuleAction &action)
{
    if (const auto module = m_fields.contract(u"module"_s, action.module))
        manage(m_projection.enableModule(*module), "module"_L1);
}

void ActionPlan::plan(const DisableModuleAction &action)
{
    if (const auto module = m_fields.account(u"module"_s, action.module))
        manage(m_projection.disableModule(*module), "module"_L1);
}

void ActionPlan::plan(const SetGuardAction &action)
{
    const auto guard = action.guard.trimmed().isEmpty() ? Address() : m_fields.contract(u"guard"_s, action.guard);
    if (!m_site.version.hasGuard())
        m_fields.note(u"guard"_s, u"Safe %1 knows no guard"_s.arg(m_site.version.toString()));
    else if (guard)
        set(SetGuard{*guard}, "guard"_L1);
}

void ActionPlan::plan(const SetModuleGuardAction &action)
{
    const auto guard = action.guard.trimmed().isEmpty() ? Address() : m_fields.contract(u"guard"_s, action.guard);
    if (!m_site.version.hasModuleGuard())
        m_fields.note(u"guard"_s, u"Safe %1 knows no module guard"_s.arg(m_site.version.toString()));
    else if (guard)
        set(SetModuleGuard{*guard}, "guard"_L1);
}

void ActionPlan::plan(const SetFallbackHandlerAction &action)
{
    const auto handler = action.handler.trimmed().isEmpty() ? Address() : m_fields.contract(u"handler"_s, action.handler);
    if (handler)
        set(SetFallbackHandler{*handler}, "handler"_L1);
}

void ActionPlan::plan(const MigrateAction &action)
{
    const auto version = SafeVersion::parse(action.version.trimmed());
    if (!version) {
        m_fields.note(u"version"_s, version.error().message);
        return;
    }
    if (*version <= m_site.version) {
        m_fields.note(u"version"_s, u"The Safe is of version %1 already"_s.arg(m_site.version.toString()));
        return;
    }
    const auto library = m_site.library(SafeContract::SafeMigration, *version);
    if (!library) {
        m_fields.note(u"version"_s, u"The published SafeMigration %1 does not stand on this chain"_s.arg(version->toString()));
        return;
    }
    const Migrate migrate{.toL2 = m_site.isL2, .withFallbackHandler = action.withFallbackHandler};
    append({.operation = SafeOperation::DelegateCall, .to = *library, .data = encodeManagementCall(migrate)});
}

void ActionPlan::plan(const CancelNonceAction &)
{
    if (m_actions.size() > 1)
        m_fields.note({}, u"Using up a nonce stands alone: whatever else runs uses it up as well"_s);
    else
        append({.to = m_site.safe.safe});
}

void ActionPlan::join()
{
    if (m_entries.empty())
        return;
    if (m_entries.size() == 1) {
        const MultiSendTransaction &only = m_entries.front();
        m_transaction.to = only.to;
        m_transaction.value = only.value;
        m_transaction.data = only.data;
        m_transaction.operation = only.operation;
        return;
    }
    bool needsDelegate = false;
    for (const MultiSendTransaction &entry : m_entries)
        needsDelegate = needsDelegate || entry.operation == SafeOperation::DelegateCall;
    const SafeContract kind = needsDelegate ? SafeContract::MultiSend : SafeContract::MultiSendCallOnly;
    const auto library = m_site.library(kind);
    if (!library) {
        m_fields.noteRequest(u"actions"_s,
            u"The published %1 %2 does not stand on %3, so several steps cannot be one transaction"_s.arg(
                safeContractName(kind), m_site.version.toString(), m_site.chain->name));
        return;
    }
    m_transaction.to = *library;
    m_transaction.operation = SafeOperation::DelegateCall;
    m_transaction.data = encodeMultiSend(m_entries);
}

} // namespace countersign
