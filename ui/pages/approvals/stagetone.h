#pragma once

#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/findingsmodel.h"
#include "ui/theme/tokens.h"

namespace countersign {

inline Tone toneOfStage(ProposalStage stage)
{
    switch (stage) {
    case ProposalStage::Collecting:
    case ProposalStage::Executing:
        return Tone::Info;
    case ProposalStage::Ready:
    case ProposalStage::Executed:
        return Tone::Good;
    case ProposalStage::Failed:
    case ProposalStage::Invalid:
        return Tone::Bad;
    case ProposalStage::Queued:
    case ProposalStage::Rejected:
    case ProposalStage::Expired:
        return Tone::Warn;
    case ProposalStage::Unknown:
    case ProposalStage::Draft:
    case ProposalStage::Proposed:
    case ProposalStage::InReview:
    case ProposalStage::Replaced:
        break;
    }
    return Tone::Neutral;
}

inline Tone toneOfSeverity(Severity severity)
{
    switch (severity) {
    case Severity::Block:
        return Tone::Bad;
    case Severity::Warn:
        return Tone::Warn;
    case Severity::Info:
        break;
    }
    return Tone::Info;
}

} // namespace countersign
