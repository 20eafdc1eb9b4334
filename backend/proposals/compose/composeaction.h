#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <variant>

namespace countersign {

// What a person can ask a Safe to do, one struct a kind of step. Members are what stands in the fields of a form: texts,
// read when the request is composed, so that everything that is wrong can be told at once and beside its field, and so
// that one request serves several chains.
//
// How texts are read:
//  account   "0x…" (EIP-55 when of mixed case); "safe", "registry"; the name of a vault or holder of the environment, on
//            the chain that is composed for; "#2": what the second step of this request creates; "<safeTxHash>#1": what
//            the first creation of that proposal creates, when the request depends on it
//  party     "0x" and 64 digits, or the name of a party of the environment
//  id, salt  "0x" and 64 digits, or a word, of which keccak256 of its UTF-8 is taken
//  number    decimal, or "0x…"; empty where a default is named below

enum class CreateMethod {
    ByNonce, ///< CreateCall.performCreate by delegatecall: the address hangs on the Safe's account nonce
    BySalt, ///< CreateCall.performCreate2 by delegatecall: the address hangs on Safe, salt and code alone
    Arachnid, ///< the deterministic deployer 0x4e59…: the constructor's msg.sender is the deployer
    SafeSingletonFactory, ///< as before, 0x914d…
};

struct DeployAction {
    QString artifact; ///< name of a known build; ignored when `json` is given
    QByteArray json = {}; ///< an artifact of the user's own (ContractArtifact::load)
    QStringList arguments = {}; ///< one a parameter of the constructor; accounts and parties as above, else parseBuilderValue
    CreateMethod method = CreateMethod::BySalt;
    QString salt = {}; ///< empty: zero
    QString value = {}; ///< wei; empty: none
};
struct RegisterAdapterAction { ///< replaces the one that has the id
    QString vault;
    QString adapterId;
    QString adapter;
};
struct RemoveAdapterAction {
    QString vault;
    QString adapterId;
};
struct TransferOwnershipAction { ///< at once, or to be accepted: as the contract has it
    QString contract;
    QString newOwner;
};
struct AcceptOwnershipAction {
    QString contract;
};
struct RegisterKeyAction {
    QString registry; ///< empty: the environment's
    QString party;
    QString key; ///< account
};
struct RevokeKeyAction {
    QString registry; ///< empty: the environment's
    QString party;
};
struct SetCantonSignerAction {
    QString vault;
    QString signer; ///< an account, or a key registry
};
struct AuthorisePartyAction {
    QString vault;
    QString party;
    bool authorised = true;
};
struct PauseAction {
    QString vault;
};
struct UnpauseAction {
    QString vault;
};
struct SetEmergencyContactAction {
    QString vault;
    QString contact; ///< empty: nobody
};
struct AddOwnerAction {
    QString owner;
    QString threshold = {}; ///< empty: as it is
};
struct RemoveOwnerAction {
    QString owner;
    QString threshold = {}; ///< empty: as it is
};
struct SwapOwnerAction {
    QString owner;
    QString newOwner;
};
struct ChangeThresholdAction {
    QString threshold;
};
struct EnableModuleAction {
    QString module;
};
struct DisableModuleAction {
    QString module;
};
struct SetGuardAction {
    QString guard; ///< empty: none
};
struct SetModuleGuardAction { ///< Safe 1.5.0
    QString guard; ///< empty: none
};
struct SetFallbackHandlerAction {
    QString handler; ///< empty: none
};
struct MigrateAction { ///< the Safe stays of its kind (with or without the events of L2)
    QString version; ///< "1.4.1" or "1.5.0"
    bool withFallbackHandler = true;
};
/// Uses up a nonce: the Safe sends nothing to itself. Stands alone in its request; which nonce, ComposeRequest says.
struct CancelNonceAction {
};
struct RawCallAction {
    QString to;
    QString value = {}; ///< wei; empty: none
    QString data = {}; ///< "0x…"; empty: none
    bool isDelegate = false;
};
/// All transactions of a file of Safe's transaction builder.
struct BuilderFileAction {
    QByteArray file;
};

using ComposeAction = std::variant<DeployAction, RegisterAdapterAction, RemoveAdapterAction, TransferOwnershipAction,
    AcceptOwnershipAction, RegisterKeyAction, RevokeKeyAction, SetCantonSignerAction, AuthorisePartyAction, PauseAction,
    UnpauseAction, SetEmergencyContactAction, AddOwnerAction, RemoveOwnerAction, SwapOwnerAction, ChangeThresholdAction,
    EnableModuleAction, DisableModuleAction, SetGuardAction, SetModuleGuardAction, SetFallbackHandlerAction,
    MigrateAction, CancelNonceAction, RawCallAction, BuilderFileAction>;

/// What the step does, as it was asked for: "Register the adapter lending on treasury". Without a full stop.
QString describeAction(const ComposeAction &action);

} // namespace countersign
