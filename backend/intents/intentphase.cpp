#include "backend/intents/intentphase.h"

#include "backend/types/strings.h"

namespace countersign {

QString intentPhaseName(IntentPhase phase)
{
    switch (phase) {
    case IntentPhase::Created:
        return u"created"_s;
    case IntentPhase::Authorised:
        return u"authorised"_s;
    case IntentPhase::Queued:
        return u"queued"_s;
    case IntentPhase::Submitted:
        return u"submitted"_s;
    case IntentPhase::Mined:
        return u"mined"_s;
    case IntentPhase::Final:
        return u"final"_s;
    case IntentPhase::Acknowledged:
        return u"acknowledged"_s;
    case IntentPhase::Failed:
        return u"failed"_s;
    case IntentPhase::Expired:
        return u"expired"_s;
    case IntentPhase::Rejected:
        return u"rejected"_s;
    }
    return {};
}

std::optional<IntentPhase> intentPhaseFromString(QStringView word)
{
    for (const IntentPhase phase : allIntentPhases) {
        if (word.compare(intentPhaseName(phase), Qt::CaseInsensitive) == 0)
            return phase;
    }
    return std::nullopt;
}

} // namespace countersign
