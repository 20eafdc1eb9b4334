#pragma once

#include "app/practice/participant/submission.h"

#include <functional>

namespace countersign::participant {

/// What a transaction will be once it has an offset: its nodes with contracts that carry no offset yet.
struct Interpretation {
    std::vector<LedgerNode> nodes;
    std::vector<std::shared_ptr<Contract>> created; ///< in order; those in \c archived too are transient
    std::vector<std::string> archived; ///< ids
};

/// The ledger's state as the interpreter sees it, without knowing how it is stored.
struct InterpreterView {
    const TemplateRegistry &registry;
    std::function<std::shared_ptr<const Contract>(const std::string &id)> activeContract; ///< null when not active
    std::function<bool(const std::string &party)> isKnownParty;
    std::function<std::string()> nextContractId;
    Timestamp ledgerTime;
};

/// Runs the steps in order as one atomic transaction by the authorisation rules of Daml: a create needs all signatories among the
/// authorisers, an exercise all controllers among the actors, and the consequences of an exercise are authorised by the actors and the
/// contract's signatories. Errors: CONTRACT_NOT_FOUND, DAML_AUTHORIZATION_ERROR, UNKNOWN_INFORMEES, COMMAND_PREPROCESSING_FAILED.
[[nodiscard]] Outcome<Interpretation> interpret(const Submission &submission, const InterpreterView &view);

} // namespace countersign::participant
