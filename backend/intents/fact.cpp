#include "backend/intents/fact.h"

#include "backend/intents/hop.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

Hash32 intentHashOf(const QString &intentId)
{
    return keccak256(intentId.toUtf8());
}

std::optional<FactOutcome> factOutcomeFromString(QStringView word)
{
    if (word == "executed"_L1)
        return FactOutcome::Executed;
    if (word == "failed"_L1)
        return FactOutcome::Failed;
    if (word == "expired"_L1)
        return FactOutcome::Expired;
    if (word == "rejected"_L1)
        return FactOutcome::Rejected;
    return std::nullopt;
}

std::optional<IntentPhase> phaseOf(FactKind kind)
{
    switch (kind) {
    case FactKind::Requested:
        return IntentPhase::Created;
    case FactKind::Authorised:
        return IntentPhase::Authorised;
    case FactKind::Received:
    case FactKind::Queued:
        return IntentPhase::Queued;
    case FactKind::Submitted:
        return IntentPhase::Submitted;
    case FactKind::Executed:
        return IntentPhase::Mined;
    case FactKind::Confirmed:
        return IntentPhase::Final;
    case FactKind::RequestClosed:
    case FactKind::AttemptFailed:
    case FactKind::RelayerAcknowledged:
    case FactKind::Receipted:
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace countersign
