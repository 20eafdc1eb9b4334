#pragma once

#include "backend/policy/policyevaluation.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace countersign {

/// What became of a proposal.
enum class PolicyOutcome { Executed, Refused, Expired };

/// A proposal of the past, as it would be asked about now: at the time and with the facts of then.
struct PastProposal {
    QString title;
    PolicyQuestion question;
    PolicyOutcome outcome = PolicyOutcome::Executed;
};

/// Where a draft would have decided otherwise than people did.
struct DryRunDifference {
    qsizetype index = 0; ///< in the history
    QString title;
    PolicyOutcome outcome = PolicyOutcome::Executed;
    bool wouldBlock = false;
    QStringList ids; ///< of the findings that would block
    QString why; ///< their messages, one a line; for a refused one that would pass: which rules allow it
    bool operator==(const DryRunDifference &) const = default;
};

struct DryRun {
    QList<DryRunDifference> differences; ///< in the order of the history
    qsizetype executedAndAllowed = 0;
    qsizetype executedButBlocked = 0;
    qsizetype refusedAndBlocked = 0;
    qsizetype refusedButAllowed = 0;
    qsizetype expired = 0; ///< they say nothing about a policy: nobody decided
    bool operator==(const DryRun &) const = default;
};

/// Tries a draft on what happened.
DryRun dryRun(const Policy &policy, const QList<PastProposal> &history);

/// "executed", "refused", "expired".
QString policyOutcomeName(PolicyOutcome outcome);

} // namespace countersign
