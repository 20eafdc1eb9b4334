#pragma once

#include "backend/intents/intentstore.h"

#include <QVector>

namespace countersign {

/// Questions about the newest intents. Each looks at a bounded number of rows, so that the Overview costs the same at any size.
inline constexpr quint32 recentRows = 20'000;

/// Intents created a second, over the window that ends now.
double recentRate(const IntentStore &store, Timestamp now, std::chrono::seconds window);
/// Intents of one chain, by its name, that reached it a second: their transaction was mined in the window that ends now.
double recentRate(const IntentStore &store, Timestamp now, std::chrono::seconds window, const QString &chain);

/// How a party fares since a moment.
struct PartyStanding {
    quint32 waiting = 0;
    quint32 refused = 0; ///< failed, expired or rejected
};
PartyStanding partyStanding(const IntentStore &store, const QString &party, Timestamp since);

/// A party whose intents the vault refused in the last ten minutes for the party's own sake (no key, no authority), and not one of which
/// was executed since.
struct Refusal {
    QString party;
    QString reason;
    Timestamp since;
};
QVector<Refusal> recentRefusals(const IntentStore &store, Timestamp now);

quint32 recentContradictions(const IntentStore &store);

} // namespace countersign
