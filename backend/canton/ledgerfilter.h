#pragma once

#include "backend/canton/templateid.h"

#include <QStringList>
#include <QVector>

namespace countersign {

/// What is asked of a ledger. Taken from the environment's model: a customer's Daml model is not ours.
struct LedgerFilter {
    QStringList parties; ///< empty: every party, which needs the right CanReadAsAnyParty
    QVector<TemplateId> templates; ///< empty: every template; LedgerEvent::templateIndex() counts in here
};

} // namespace countersign
