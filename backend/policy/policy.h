#pragma once

#include "backend/policy/policyroles.h"
#include "backend/policy/policyrule.h"
#include "backend/policy/policywords.h"
#include "backend/safe/safecontracts.h"
#include "backend/types/error.h"
#include "backend/types/uint256.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace countersign {

struct Environment;
struct KnownCheck;

/// What a policy says of one check of the review. Raising is free; lowering needs `allowLowering` and a reason.
struct CheckSeverity {
    PolicySeverity severity = PolicySeverity::Block;
    bool allowLowering = false;
    QString reason; ///< why, for people; never empty where lowering is allowed
    bool operator==(const CheckSeverity &) const = default;
};

/// Code that may do what its list is for: by address and code hash on one chain, or a published Safe contract, whose
/// addresses and code hashes this console knows (safeDeployments).
struct AllowedCode {
    std::optional<SafeContract> published; ///< the rest is empty then
    ChainId chain;
    Address address;
    Hash32 codeHash; ///< keccak256 of the code on chain
    QString name;
    bool operator==(const AllowedCode &) const = default;
};

struct AllowLists {
    QList<AllowedCode> delegatecalls; ///< what the Safe may run as itself
    QList<AllowedCode> modules;
    QList<AllowedCode> guards; ///< guards and module guards
    QList<AllowedCode> fallbackHandlers;
    QList<AllowedCode> implementations; ///< of proxies, the Safe's own included
    const QList<AllowedCode> &of(CodeRole role) const;
    QList<AllowedCode> &of(CodeRole role);
    bool operator==(const AllowLists &) const = default;
};

/// An address that the signers of the policy vouch for.
struct PolicyContact {
    QString name;
    Address address;
    std::optional<ChainId> chain; ///< nullopt: on every chain
    ContactProof proven = ContactProof::None;
    bool operator==(const PolicyContact &) const = default;
};

/// Most that may leave, in the smallest unit; nullopt: no limit. The windows slide: the last 24 hours, the last 7 days.
struct AmountLimits {
    std::optional<Uint256> perTransaction;
    std::optional<Uint256> per24h;
    std::optional<Uint256> per7d;
    bool operator==(const AmountLimits &) const = default;
};

struct TokenLimits {
    Address asset;
    QString name;
    int decimals = 0; ///< by which the amounts are written in the file
    AmountLimits limits;
    bool operator==(const TokenLimits &) const = default;
};

struct ChainLimits {
    std::optional<ChainId> chain; ///< nullopt: every chain that has no entry of its own
    AmountLimits native; ///< wei
    std::optional<Uint256> maxFee; ///< wei that the Safe may pay to whoever executes
    QList<TokenLimits> tokens;
    PolicySeverity otherTokens = PolicySeverity::Block; ///< what a token without limits is; Info: fine
    bool operator==(const ChainLimits &) const = default;
};

/// How long a proposal must have been known before it is signed.
struct CoolingOff {
    std::chrono::seconds otherwise{0};
    QMap<ActionKind, std::chrono::seconds> kinds;
    std::chrono::seconds of(ActionKind kind) const { return kinds.value(kind, otherwise); }
    bool operator==(const CoolingOff &) const = default;
};

struct ProposalExpiry {
    std::optional<std::chrono::seconds> otherwise; ///< for a proposal that names none
    std::optional<std::chrono::seconds> longest;
    bool operator==(const ProposalExpiry &) const = default;
};

/// Weekdays and a range of the day, UTC; minutes from midnight, the end excluded.
struct ChangeWindow {
    QList<int> days; ///< 1 is Monday, ascending
    int from = 0;
    int to = 24 * 60;
    bool operator==(const ChangeWindow &) const = default;
};

struct ChangeWindows {
    QList<ActionKind> kinds; ///< what is held to them
    QList<ChangeWindow> windows;
    bool operator==(const ChangeWindows &) const = default;
};

/// One person giving that many approvals in that time is a person who no longer reads.
struct ApprovalFatigue {
    int approvals = 5;
    std::chrono::seconds within{600};
    bool operator==(const ApprovalFatigue &) const = default;
};

/// What the loader holds the file against, beside its format.
struct PolicyLoadOptions {
    const Environment *environment = nullptr; ///< its holders are the only names that roles may use
    const QList<KnownCheck> *checks = nullptr; ///< the review's checks; null: their ids cannot be judged
};

/// What an institution allows to be signed. One YAML file; the order of `rules` is their meaning.
struct Policy {
    QString name;
    quint32 version = 1; ///< counted up by its editors
    QMap<QString, CheckSeverity> severities;
    QStringList overrides; ///< ids of findings that two people may override with a reason
    AllowLists allow;
    QList<PolicyContact> contacts;
    QList<ChainLimits> limits;
    PolicyRoles roles;
    CoolingOff coolingOff;
    ProposalExpiry expiry;
    ChangeWindows changeWindows;
    std::optional<ApprovalFatigue> fatigue;
    QList<PolicyWaiver> waivedInPractice; ///< what an environment of kind practice is spared
    QList<PolicyRule> rules;
    RuleAction otherwise = RuleAction::Block; ///< when no rule fits: Allow or Block

    /// Names the content: keccak256 of its canonical form, so that spaces, comments and the order of keys do not
    /// matter.
    Hash32 id() const;

    /// The policy of an environment: policy.yaml in the folder of its file, else the one that came with the program.
    static Result<Policy> loadFor(const Environment &environment);
    /// Reads and validates a file, or a resource (":/policy/default.yaml"). As Environment::load: the message is one
    /// sentence, the detail has one line a problem: "file:line:column: what is wrong. hint".
    static Result<Policy> load(const QString &path, const PolicyLoadOptions &options = {});
    static Result<Policy> parse(const QByteArray &yaml, const QString &fileName, const PolicyLoadOptions &options = {});

    /// Of that chain, or those for every other chain; null when there are none.
    const ChainLimits *limitsOf(ChainId chain) const;
    /// The contact at that address on that chain; null when there is none.
    const PolicyContact *contact(ChainId chain, const Address &address) const;

    bool operator==(const Policy &) const = default;
};

/// As Environment's: where the console keeps the policy that it starts with.
inline constexpr auto defaultPolicyResource = ":/policy/default.yaml";

} // namespace countersign
