#pragma once

#include "backend/proposals/compose/fieldreader.h"
#include "backend/review/addressbook.h"
#include "backend/safe/safemultisend.h"
#include "backend/safe/safeprojection.h"

#include <QList>
#include <QStringList>

#include <deque>
#include <initializer_list>
#include <vector>

namespace countersign {

/// The calls that a list of steps comes to on one chain. Pure: the same site and steps give the same plan. What cannot be
/// judged since the site does not know an account is not judged; `accounts` says which matter.
class ActionPlan final {
public:
    ActionPlan(const ComposeSite &site, const QList<ComposeAction> &actions);
    Q_DISABLE_COPY_MOVE(ActionPlan)

    const QList<ComposeProblem> &problems() const { return m_fields.problems(); }
    const QList<Address> &accounts() const { return m_fields.accounts(); }
    const QList<PredictedCreation> &creations() const { return m_creations; }
    const QStringList &notes() const { return m_notes; }
    /// One call as it is, several through MultiSendCallOnly, or through MultiSend when one of them must be a delegatecall.
    /// Nonce and gas fields are zero. Meaningful without problems.
    const SafeTransaction &transaction() const { return m_transaction; }

private:
    void plan(const DeployAction &action);
    void plan(const RegisterAdapterAction &action);
    void plan(const RemoveAdapterAction &action);
    void plan(const TransferOwnershipAction &action);
    void plan(const AcceptOwnershipAction &action);
    void plan(const RegisterKeyAction &action);
    void plan(const RevokeKeyAction &action);
    void plan(const SetCantonSignerAction &action);
    void plan(const AuthorisePartyAction &action);
    void plan(const PauseAction &action);
    void plan(const UnpauseAction &action);
    void plan(const SetEmergencyContactAction &action);
    void plan(const AddOwnerAction &action);
    void plan(const RemoveOwnerAction &action);
    void plan(const SwapOwnerAction &action);
    void plan(const ChangeThresholdAction &action);
    void plan(const EnableModuleAction &action);
    void plan(const DisableModuleAction &action);
    void plan(const SetGuardAction &action);
    void plan(const SetModuleGuardAction &action);
    void plan(const SetFallbackHandlerAction &action);
    void plan(const MigrateAction &action);
    void plan(const CancelNonceAction &action);
    void plan(const RawCallAction &action);
    void plan(const BuilderFileAction &action);

    void call(ContractRole role, const Address &to, QStringView function, std::initializer_list<AbiValue> arguments);
    /// A setting of the Safe, as SafeProjection made it or refused it.
    void manage(const Result<SafeManagementCall> &made, QLatin1StringView subject);
    void set(const SafeManagementCall &call, QLatin1StringView subject);
    void append(MultiSendTransaction entry);
    std::optional<Address> registry(const QString &text, QStringView function);
    std::optional<Bytes> deploymentCode(const ContractArtifact &artifact, const QStringList &arguments);
    void create(const ContractArtifact &artifact, const DeployAction &action, const Bytes &initCode);
    void join();

    const ComposeSite &m_site;
    const QList<ComposeAction> &m_actions;
    FieldReader m_fields;
    SafeProjection m_projection;
    std::deque<ContractArtifact> m_given; // artifacts of the user's own; a deque keeps its elements in place
    std::vector<MultiSendTransaction> m_entries;
    QList<PredictedCreation> m_creations;
    QStringList m_notes;
    quint64 m_createdByNonce = 0; // of the Safe's account
    SafeTransaction m_transaction;
};

} // namespace countersign
