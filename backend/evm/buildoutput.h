#pragma once

#include "backend/evm/artifact.h"

namespace countersign {

/// All contracts of one run of the compiler: solc's standard JSON output, Hardhat 2's build-info, or Hardhat 3's
/// build-info output. A handle on its JSON: valid as long as the text lives.
class BuildOutput final {
public:
    static bool isBuildOutput(JsonView root);
    /// Error Invalid when the JSON is of no form above.
    static Result<BuildOutput> fromJson(JsonView root);

    /// "source:Name" of each contract, in the order of the file.
    std::vector<QString> contractNames() const;
    /// By "source:Name", or by "Name" alone when only one source has it; with names and types of immutables when the
    /// output holds the syntax trees. Error NotFound, or Conflict for an ambiguous name.
    Result<ContractArtifact> artifact(QStringView name) const;
    /// The contract of an artifact that leaves something out, found by name. Error Conflict when its creation code here is
    /// another: then the artifact is not of this build.
    Result<ContractArtifact> complete(const ContractArtifact &artifact) const;

private:
    BuildOutput(JsonView contracts, std::optional<JsonView> sources) : m_contracts(contracts), m_sources(sources) {}

    JsonView m_contracts;
    std::optional<JsonView> m_sources;
};

} // namespace countersign
