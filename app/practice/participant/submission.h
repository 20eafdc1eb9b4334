#pragma once

#include "app/practice/participant/update.h"

#include <chrono>
#include <optional>
#include <variant>

namespace countersign::participant {

struct CreateStep {
    TemplateRef ref;
    DamlRecord arguments;
};

struct ExerciseStep {
    TemplateRef ref;
    std::string contractId; ///< empty: the contract that the step before created
    const ChoiceSpec *choice = nullptr;
    DamlRecord argument;
};

using LedgerStep = std::variant<CreateStep, ExerciseStep>;

/// Commands whose values were checked against their templates; what happens to them is for the ledger to say.
struct Submission {
    std::string userId;
    std::string commandId;
    std::string submissionId;
    std::string workflowId;
    PartySet actAs;
    PartySet readAs;
    std::optional<std::chrono::microseconds> deduplicationDuration; ///< absent: the longest that the ledger keeps
    std::optional<std::int64_t> deduplicationOffset; ///< duplicates are looked for after this offset
    std::vector<LedgerStep> steps;
};

} // namespace countersign::participant
