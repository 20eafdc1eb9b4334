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
    // A Daml enum writes its constructors with a capital; a text may have either.
    const auto is = [word](QLatin1StringView known) { return word.compare(known, Qt::CaseInsensitive) == 0; };
    if (is("executed"_L1))
        return FactOutcome::Executed;
    if (is("failed"_L1))
        return FactOutcome::Failed;
    if (is("expired"_L1))
        return FactOutcome::Expired;
    if (is("rejected"_L1))
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
