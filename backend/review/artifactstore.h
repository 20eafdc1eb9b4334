#pragma once

#include "backend/evm/codeverification.h"

#include <optional>
#include <vector>

namespace countersign {

/// The builds that code is compared with: ours, and those that a person adds.
class ArtifactStore final {
public:
    /// The contracts of this project, as contracts/artifacts has them.
    static const ArtifactStore &ours();

    void add(ContractArtifact artifact) { m_artifacts.push_back(std::move(artifact)); }
    const std::vector<ContractArtifact> &artifacts() const { return m_artifacts; }
    const ContractArtifact *find(QStringView contractName) const;

    struct Match {
        const ContractArtifact *artifact = nullptr;
        CodeVerdict verdict;
    };
    /// The build whose creation code, followed by constructor arguments, `initCode` is; nearest first. The verdict may be a
    /// mismatch: then it is the build with which it agrees for longest, and says from where on it does not. Empty when
    /// it has nothing in common with any build.
    std::optional<Match> nearestCreation(const Bytes &initCode) const;
    /// The build whose runtime code this is, immutables aside; null when it is none.
    const ContractArtifact *ofRuntime(QByteArrayView code) const;

private:
    std::vector<ContractArtifact> m_artifacts;
};

} // namespace countersign
