#pragma once

#include "backend/intents/intentstore.h"

namespace countersign {

/// Why an intent is where it is, and what happens next without anybody's doing, in plain words.
struct IntentExplanation {
    QString reason;
    QString next;
    bool needsPerson = false; ///< nothing will happen by itself
};

/// What the explanation needs to know of the world around an intent.
struct IntentSurroundings {
    Timestamp now;
    bool hasLeader = true; ///< some relayer leads
    QStringList revokedParties; ///< parties whose key is revoked, by their name in the store
};

IntentExplanation explainIntent(const IntentStore &store, quint32 row, const IntentSurroundings &surroundings);

} // namespace countersign
