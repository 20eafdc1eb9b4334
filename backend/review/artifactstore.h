#pragma once

#include "backend/evm/codeverification.h"
#include "backend/evm/storagelayout.h"

#include <QHash>

#include <deque>
#include <memory>
#include <optional>

namespace countersign {

/// The builds that code is compared with: ours, and those that a person adds.
class ArtifactStore final {
public:
    /// The contracts of this project, as contracts/artifacts has them.
    static const ArtifactStore &ours();

    /// A compiler's or a framework's artifact (ContractArtifact::load). Its storage layout is kept when it has one.
    Result<void> add(const QByteArray &json);
    const std::deque<ContractArtifact> &artifacts() const { return m_artifacts; }
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

    /// Where that build keeps its variables; null when it does not say.
    std::shared_ptr<const StorageLayout> layoutOf(const ContractArtifact &artifact) const;

private:
    std::deque<ContractArtifact> m_artifacts; // others hold pointers to its elements
    QHash<QString, std::shared_ptr<const StorageLayout>> m_layouts; // by "source:Name"
};

/// Whether the contract has an owner whom no argument of its constructor names: then it is whoever creates it.
bool isOwnedByCreator(const ContractArtifact &artifact);

} // namespace countersign
