#include "backend/proposals/execution/submission.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

const SentTransaction *Submission::find(const Hash32 &hash) const
{
    const auto found = std::ranges::find(sent, hash, &SentTransaction::hash);
    return found == sent.end() ? nullptr : &*found;
}

const SentTransaction *Submission::dearest() const
{
    const auto found = std::ranges::max_element(sent, {}, [](const SentTransaction &one) { return one.transaction.feeCap(); });
    return found == sent.end() ? nullptr : &*found;
}

bool Submission::isCancelled() const
{
    return std::ranges::find(sent, SubmissionPurpose::Cancellation, &SentTransaction::purpose) != sent.end();
}

QLatin1StringView submissionPurposeName(SubmissionPurpose purpose)
{
    switch (purpose) {
    case SubmissionPurpose::Execution:
        return "execution"_L1;
    case SubmissionPurpose::Replacement:
        return "replacement"_L1;
    case SubmissionPurpose::Cancellation:
        break;
    }
    return "cancellation"_L1;
}

} // namespace countersign
