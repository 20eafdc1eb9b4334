#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

// The words of a policy file, each kind of them a type.

/// Ascending: what is greater is graver.
enum class PolicySeverity { Info, Warn, Block };

/// What a call does, as far as a policy tells things apart.
enum class ActionKind {
    Transfer, ///< native value, no data
    TokenTransfer,
    Allowance, ///< approve, permit and their kin: somebody else may take
    Settings, ///< of the Safe: owners, threshold, modules, guards, handlers, its singleton
    Ownership, ///< of another contract: owner, roles, admin
    Upgrade, ///< another implementation behind a proxy
    Keys, ///< key registry
    Adapters, ///< adapters of a vault
    Deployment,
    Batch, ///< the calls inside it are judged as well
    Cancellation, ///< an empty call of the Safe to itself: uses up the nonce
    Message, ///< signMessage: a signature of the Safe without end
    Call, ///< any other call
    Unreadable, ///< it could not be taken apart: nobody knows what it does
};

enum class CodeRole { Delegatecall, Module, Guard, FallbackHandler, Implementation };
enum class ContactProof { None, Challenge, Code };
enum class GroupLogic { All, Any };
enum class RuleAction { Allow, Block, Require };
/// Where value, tokens or an allowance go. Unknown: neither the environment nor the policy names the address. Known:
/// one of them does. Listed: a contact of the policy with a proof.
enum class DestinationClass { Unknown, Known, Listed };
enum class ProposerApproval { Never, NotAlone, Always };
enum class PolicyWaiver { CoolingOff, ChangeWindows, Fatigue };

/// The word of a value, and all the words there are, by the enum's type.
QString policyWord(PolicySeverity value);
QString policyWord(ActionKind value);
QString policyWord(CodeRole value); ///< "modules": the list of `allow`
QString policyWord(ContactProof value);
QString policyWord(GroupLogic value);
QString policyWord(RuleAction value);
QString policyWord(DestinationClass value);
QString policyWord(ProposerApproval value);
QString policyWord(PolicyWaiver value);

template <class Enum> constexpr int policyWordCount = 0;
template <> inline constexpr int policyWordCount<PolicySeverity> = 3;
template <> inline constexpr int policyWordCount<ActionKind> = 14;
template <> inline constexpr int policyWordCount<CodeRole> = 5;
template <> inline constexpr int policyWordCount<ContactProof> = 3;
template <> inline constexpr int policyWordCount<GroupLogic> = 2;
template <> inline constexpr int policyWordCount<RuleAction> = 3;
template <> inline constexpr int policyWordCount<DestinationClass> = 3;
template <> inline constexpr int policyWordCount<ProposerApproval> = 3;
template <> inline constexpr int policyWordCount<PolicyWaiver> = 3;

template <class Enum> QStringList policyWords()
{
    QStringList words;
    for (int i = 0; i < policyWordCount<Enum>; ++i)
        words.append(policyWord(static_cast<Enum>(i)));
    return words;
}

template <class Enum> std::optional<Enum> fromPolicyWord(const QString &word)
{
    const qsizetype index = policyWords<Enum>().indexOf(word);
    return index < 0 ? std::nullopt : std::optional(static_cast<Enum>(index));
}

/// What a kind is called in a sentence: "a change of the Safe's settings".
QString describeKind(ActionKind kind);

/// "mon" … "sun"; 1 is Monday.
QString weekdayWord(int day);

} // namespace countersign
