#pragma once

#include "backend/intents/fact.h"
#include "backend/intents/intentphase.h"

#include <optional>

namespace countersign {

/// One step of an intent's way as the timeline shows it: what happened, who says so, on what evidence.
struct Hop {
    FactKind kind = FactKind::Requested;
    FactSource source = FactSource::Ledger;
    FactOutcome outcome = FactOutcome::None;
    bool retracted = false; ///< taken back by a reorganisation: shown struck out, counts for nothing
    std::optional<IntentPhase> phase; ///< the phase that it proves
    Timestamp time; ///< null: the source gives none
    QString origin;
    qint64 position = 0; ///< ledger offset, byte offset in the log, block number
    QString reference; ///< update id or transaction hash
    QString contractId;
    QString blockHash;
    quint32 number = 0;
    QString reason;
    QString evidence; ///< the log line

    bool operator==(const Hop &) const = default;
};

/// The phase that a live fact of this kind proves; absent for those that prove none by themselves.
std::optional<IntentPhase> phaseOf(FactKind kind);

} // namespace countersign
