#pragma once

#include "backend/policy/policyroles.h"
#include "backend/policy/policywords.h"
#include "backend/safe/safetransaction.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace countersign {

/// Both ends included.
struct AmountRange {
    std::optional<Uint256> from;
    std::optional<Uint256> to;
    bool contains(const Uint256 &amount) const { return (!from || *from <= amount) && (!to || amount <= *to); }
    bool operator==(const AmountRange &) const = default;
};

/// A function as the file names it: by signature or by selector.
struct PolicyFunction {
    QString text; ///< "transfer(address,uint256)" or "0xa9059cbb"
    quint32 selector = 0;
    bool operator==(const PolicyFunction &) const = default;
};

/// What a rule looks at in a call. Every part that is given must fit; in a list, any one.
struct RuleMatcher {
    QList<ChainId> chains;
    QList<Address> safes;
    QList<ActionKind> kinds;
    QList<Address> targets;
    QList<PolicyFunction> functions;
    std::optional<SafeOperation> operation;
    std::optional<AmountRange> value; ///< wei
    struct TokenRange {
        Address asset;
        int decimals = 0;
        AmountRange range;
        bool operator==(const TokenRange &) const = default;
    };
    std::optional<TokenRange> amount;
    std::optional<DestinationClass> destination;
    QList<PolicyMember> initiators;
    bool operator==(const RuleMatcher &) const = default;
};

/// What a rule adds to what the policy demands of every transaction.
struct RuleRequirement {
    int approvals = 0; ///< 0: nothing more
    QString group; ///< empty: none
    std::chrono::seconds coolingOff{0};
    bool secondPerson = false; ///< somebody who neither proposed it nor signs now has approved or acknowledged it
    bool operator==(const RuleRequirement &) const = default;
};

struct PolicyRule {
    QString name;
    RuleMatcher when;
    RuleAction action = RuleAction::Block;
    RuleRequirement require; ///< of Require
    QString reason; ///< said with the verdict; may be empty
    bool operator==(const PolicyRule &) const = default;
};

} // namespace countersign
