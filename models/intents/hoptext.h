#pragma once

#include "backend/intents/hop.h"
#include "models/sources/tone.h"

#include <QCoreApplication>
#include <QJsonObject>

namespace countersign {

/// What the timeline says about a hop.
class HopText final
{
    Q_DECLARE_TR_FUNCTIONS(HopText)

public:
    static QString title(const Hop &hop); ///< "transaction sent", "executed on the chain", …
    static QString source(const Hop &hop); ///< "ledger vault-operator", "log of relayer-2", "chain ethereum"
    static QString evidence(const Hop &hop); ///< one line
    static Tone tone(const Hop &hop);
    static QJsonObject toJson(const Hop &hop);
};

} // namespace countersign
