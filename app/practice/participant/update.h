#pragma once

#include "app/practice/participant/templateregistry.h"

#include "backend/types/timestamp.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace countersign::participant {

using PartySet = std::set<std::string, std::less<>>;

/// A contract as it was created; shared and never changed.
struct Contract {
    std::string id;
    TemplateRef ref;
    DamlRecord arguments;
    PartySet signatories;
    PartySet observers; ///< without the signatories
    std::int64_t createdOffset = 0;
    std::int32_t createdNode = 0;
    Timestamp createdAt;
    std::string workflowId;

    [[nodiscard]] bool isStakeholder(std::string_view party) const
    {
        return signatories.contains(party) || observers.contains(party);
    }
};

/// One node of a transaction's tree, in pre-order.
struct LedgerNode {
    enum class Kind { Create, Exercise };
    Kind kind = Kind::Create;
    std::int32_t id = 0;
    std::int32_t lastDescendant = 0;
    std::shared_ptr<const Contract> contract; ///< the created or the exercised one
    const ChoiceSpec *choice = nullptr; ///< of an exercise
    DamlRecord argument;
    PartySet actors;
    std::string resultContractId; ///< of an exercise that created a contract
    PartySet witnesses; ///< who sees this node in the tree, its ancestors' witnesses included
    bool transient = false; ///< the contract was created and archived in this very transaction
};

/// What one offset holds: a transaction, or the allocation of a party.
struct LedgerUpdate {
    std::int64_t offset = 0;
    std::string updateId;
    std::string commandId;
    std::string submissionId;
    std::string workflowId;
    PartySet actAs;
    Timestamp recordTime;
    std::vector<LedgerNode> nodes;
    std::string allocatedParty; ///< set for a party allocation, which has no nodes
};

} // namespace countersign::participant
