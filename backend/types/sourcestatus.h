#pragma once

#include "backend/types/timestamp.h"

#include <QString>

#include <optional>

namespace countersign {

enum class SourceKind { Participant, Relayer, Chain, Etcd, Prometheus, Alertmanager };

/// Connecting: no answer yet. Live: answers are fresh. Lagging: answers, but behind. Stale: the last data is older than its source's
/// rhythm allows. Down: the last attempt failed.
enum class SourceState { Connecting, Live, Lagging, Stale, Down };

/// How one source of facts is doing; the lamp, the tile and the page show this same value.
struct SourceStatus {
    QString id; ///< as in the environment file, e.g. "relayer-2"
    SourceKind kind = SourceKind::Participant;
    SourceState state = SourceState::Connecting;
    Timestamp since; ///< when the state was entered
    std::optional<Timestamp> lastData;
    QString lastError; ///< for people; kept after recovery until the next failure replaces it
    std::optional<Timestamp> nextAttempt;

    friend bool operator==(const SourceStatus &, const SourceStatus &) = default;
};

[[nodiscard]] QString sourceKindName(SourceKind kind); ///< "participant", ...
[[nodiscard]] QString sourceStateName(SourceState state); ///< "live", ...

} // namespace countersign

Q_DECLARE_METATYPE(countersign::SourceStatus)
