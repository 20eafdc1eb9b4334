#pragma once

#include <QMetaType>
#include <QString>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace countersign {

/// Where an intent is on its way from the ledger to a chain and back. The last three are side exits.
enum class IntentPhase : quint8 { Created, Authorised, Queued, Submitted, Mined, Final, Acknowledged, Failed, Expired, Rejected };

inline constexpr std::size_t intentPhaseCount = 10;
inline constexpr std::size_t intentRoadLength = 7; ///< Created to Acknowledged

inline constexpr std::array<IntentPhase, intentPhaseCount> allIntentPhases{
    IntentPhase::Created, IntentPhase::Authorised, IntentPhase::Queued, IntentPhase::Submitted, IntentPhase::Mined,
    IntentPhase::Final, IntentPhase::Acknowledged, IntentPhase::Failed, IntentPhase::Expired, IntentPhase::Rejected};

constexpr std::size_t indexOf(IntentPhase phase)
{
    return static_cast<std::size_t>(phase);
}

/// Nothing more is expected of the intent.
constexpr bool isSettled(IntentPhase phase)
{
    return phase >= IntentPhase::Acknowledged;
}

/// "created", "authorised", …: the word of the filter line and of JSON.
QString intentPhaseName(IntentPhase phase);
std::optional<IntentPhase> intentPhaseFromString(QStringView word);

/// What lies over a phase and does not depend on it.
enum class IntentFlag : quint8 {
    Stuck = 1, ///< longer in its phase than its route explains
    Retrying = 2, ///< an attempt failed, another will be made
    Reorganised = 4, ///< a block took a hop back
    Contradicted = 8, ///< the ledger says executed, the chain no longer does
    ChainOnly = 16, ///< only the chain has told of it: the ledger's id is unknown
    Sealed = 32, ///< settled long ago; its evidence was given up to bound memory
    Cut = 64, ///< its amount has more digits than a row holds: the one shown is a lower bound
};

constexpr quint8 bit(IntentFlag flag)
{
    return static_cast<quint8>(flag);
}

} // namespace countersign

Q_DECLARE_METATYPE(countersign::IntentPhase)
