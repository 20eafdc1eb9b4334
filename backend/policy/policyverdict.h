#pragma once

#include "backend/policy/policywords.h"
#include "backend/types/timestamp.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

/// As a finding of the review: a stable id, a sentence for people, and what it rests on.
struct PolicyFinding {
    QString id; ///< one of policyChecks()
    PolicySeverity severity = PolicySeverity::Info;
    QString message;
    QString evidence;
    bool overridden = false; ///< it would block, but two people answered for it
    bool operator==(const PolicyFinding &) const = default;
};

/// Why a rule did or did not decide a call.
struct RuleTrial {
    enum class Outcome {
        Fits,
        DoesNotFit,
        Undecided, ///< a fact is missing: it could fit, so nothing behind it is looked at
    };
    QString rule;
    Outcome outcome = Outcome::DoesNotFit;
    QString why;
    bool operator==(const RuleTrial &) const = default;
};

/// What the rules say of one call.
struct CallVerdict {
    qsizetype call = 0; ///< index in the question
    std::optional<qsizetype> rule; ///< index in the policy; absent: the default decided, or nothing could
    RuleAction action = RuleAction::Block;
    QList<RuleTrial> trials; ///< in the order of the rules, up to the one that decided
    bool operator==(const CallVerdict &) const = default;
};

/// Something that people still have to do, or have done.
struct PolicyNeed {
    enum class Kind { Approvals, Group, Acknowledgements, SecondPerson, IndependentApproval };
    Kind kind = Kind::Approvals;
    QString group; ///< of Group
    int needed = 0;
    int have = 0;
    bool alternative = false; ///< one of all the alternatives is enough
    bool isMet() const { return have >= needed; }
    bool operator==(const PolicyNeed &) const = default;
};

/// What says since when a proposal is known.
enum class KnownSince {
    Claimed, ///< its author, by the date in the proposal
    FirstSeen, ///< this console, which saw it first then
};

struct PolicyVerdict {
    QList<PolicyFinding> findings; ///< worst first
    QList<CallVerdict> calls;
    QList<PolicyNeed> needs;
    QStringList overridden; ///< ids of findings that two people answer for, as the policy lets them
    std::optional<Timestamp> notBefore; ///< end of the cooling-off; absent when there is none
    KnownSince knownSince = KnownSince::Claimed; ///< what notBefore rests on
    Timestamp knownAt; ///< from when the cooling-off is reckoned; null when there is none
    std::optional<Timestamp> expires;

    bool isBlocked() const;
    const PolicyFinding *finding(QStringView id) const;
    /// Whether approvals and groups suffice to execute.
    bool hasAllApprovals() const;
    bool operator==(const PolicyVerdict &) const = default;
};

/// "2 of 3 approvals", "1 of 1 from risk".
QString describeNeed(const PolicyNeed &need);

} // namespace countersign
