#pragma once

#include "backend/environment/environment.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"

#include <QMap>
#include <QSet>
#include <QString>

namespace countersign {

/// What ledger and chain say about the intents, read directly and not through any part that is under test.
struct IntentLedgers {
    QSet<QString> authorised; ///< waiting for an acknowledgement: intent ids
    QMap<QString, int> receipts; ///< acknowledgements an intent id
    QMap<QString, QString> outcomes; ///< by intent id
    QMap<Hash32, int> executions; ///< events IntentExecuted by the hash of the intent id

    int acknowledged(const QString &outcome) const;
};

/// Reads both now. Blocks with a running event loop.
Result<IntentLedgers> readLedgers(const Environment &environment);

} // namespace countersign
