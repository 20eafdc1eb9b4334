#pragma once

#include "backend/environment/environment.h"
#include "backend/evm/selector.h"
#include "backend/policy/policywords.h"
#include "backend/safe/safetransaction.h"
#include "backend/types/timestamp.h"

#include <QHash>
#include <QList>
#include <QString>

#include <optional>

namespace countersign {

/// What a call moves or lets another take, of a token.
struct PolicyTokenMove {
    Address asset;
    Uint256 amount; ///< of an allowance: the most that may be taken
    Address to; ///< receiver or spender
    bool operator==(const PolicyTokenMove &) const = default;
};

/// Code that gets power over the Safe or another contract by a call: a module, a guard, a handler, an implementation.
struct InstalledCode {
    CodeRole role = CodeRole::Implementation;
    Address address; ///< zero: removed, which is no installation
    std::optional<Hash32> codeHash; ///< of the code on chain now
    bool operator==(const InstalledCode &) const = default;
};

/// One call of the transaction, as the review took it apart.
struct PolicyCall {
    Address safe; ///< who makes it: the proposal's Safe, or one whose execTransaction it calls
    ActionKind kind = ActionKind::Unreadable;
    SafeOperation operation = SafeOperation::Call;
    Address to;
    std::optional<Hash32> codeHash; ///< of `to`, read from the chain; needed for a delegatecall
    Uint256 value; ///< wei
    std::optional<Selector> selector; ///< absent: no calldata
    QString signature; ///< "transfer(address,uint256)"; empty when not known
    std::optional<PolicyTokenMove> token; ///< needed for kind TokenTransfer and Allowance
    QList<InstalledCode> installs;
    std::optional<bool> destinationKnown; ///< whether the console's own address book names destination()

    /// Where value goes: a token's receiver or spender, else `to`.
    const Address &destination() const { return token ? token->to : to; }
    bool operator==(const PolicyCall &) const = default;
};

/// What left before, executed or on its way with enough signatures.
struct PolicySpending {
    Timestamp at;
    ChainId chain;
    std::optional<Address> asset; ///< nullopt: native
    Uint256 amount;
    bool operator==(const PolicySpending &) const = default;
};

/// The most that the Safe may pay to whoever executes.
struct PolicyFee {
    Uint256 most;
    Address asset; ///< zero: native
    bool operator==(const PolicyFee &) const = default;
};

/// Two people answer for going on in spite of a finding.
struct PolicyOverride {
    QString id; ///< of the finding
    QString reason;
    Address by;
    Address secondPerson;
    bool operator==(const PolicyOverride &) const = default;
};

enum class PolicyStage {
    Sign, ///< before a holder signs: approvals may still be missing
    Execute, ///< before the transaction is sent
};

/// Everything that a policy is asked about. Plain values, filled by the review; what is absent was not found out, and a
/// policy that needs it blocks. Times lie between 1970 and 9999.
struct PolicyQuestion {
    PolicyStage stage = PolicyStage::Sign;
    ChainId chainId;
    Address safe;
    QList<PolicyCall> calls; ///< flattened, the outermost first, inner calls and batches included
    std::optional<EnvironmentKind> environment;
    std::optional<QList<Address>> owners; ///< of the Safe, at the block of the review
    std::optional<quint64> threshold; ///< of the Safe
    QHash<QString, Address> holders; ///< the environment's names
    std::optional<Address> proposer; ///< recovered from the proposal's signature
    std::optional<Timestamp> createdAt; ///< as its author says, who could write any time into it
    /// When whoever asks first saw it. The cooling-off is reckoned from the later of both, the expiry from createdAt.
    std::optional<Timestamp> firstSeenAt;
    std::optional<Timestamp> expiresAt; ///< absent: the proposal names none
    std::optional<Timestamp> now;
    std::optional<Address> approver; ///< who would sign now; absent when nobody is about to
    std::optional<Address> executor; ///< who would send it, at stage Execute
    QList<Address> approvals; ///< who has signed, recovered
    QList<Address> acknowledgements; ///< who has said that they saw it, by their signature
    std::optional<QList<Timestamp>> recentApprovals; ///< of the approver, whatever they approved
    std::optional<QList<PolicySpending>> spent;
    std::optional<PolicyFee> fee;
    QList<PolicyOverride> overrides;

    /// The holder's name where it is known, else the address.
    QString nameOf(const Address &address) const;
    bool operator==(const PolicyQuestion &) const = default;
};

} // namespace countersign
