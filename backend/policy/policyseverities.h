#pragma once

#include "backend/policy/policywords.h"

#include <QList>
#include <QStringView>

namespace countersign {

struct Policy;

/// A check by its id, with the gravest severity that it finds by itself.
struct KnownCheck {
    QString id; ///< "operation.delegatecall"
    PolicySeverity severity = PolicySeverity::Block;
};

/// The checks of the policy itself: known to every loader, beside those of the review.
const QList<KnownCheck> &policyChecks();

/// Checks that no policy can lower and nobody can override: without them nothing that is shown can be believed.
bool isFixedCheck(QStringView id);

/// Whether stating `severity` for the check lowers it. A check that is not among `known` is taken for one that blocks.
bool isLowering(QStringView id, PolicySeverity severity, const QList<KnownCheck> *known);

/// What a finding of that check is under the policy. It is lowered only where the policy allows lowering for that id;
/// so a file that was read without the list of checks cannot weaken anything unnoticed either.
PolicySeverity severityUnder(const Policy &policy, const QString &id, PolicySeverity byItself);

} // namespace countersign
