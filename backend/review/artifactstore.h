#pragma once

#include "backend/evm/codeverification.h"
#include "backend/evm/storagelayout.h"
#include "backend/types/address.h"
#include "backend/types/hash32.h"

#include <QHash>

#include <deque>
#include <memory>
#include <optional>

namespace countersign {

/// Whose word it is that a build is what its name and its interface say.
struct BuildClaim {
    Address proposer;
    QString file; ///< name of the attachment
    Hash32 contentHash; ///< of the attachment, keccak256
    friend bool operator==(const BuildClaim &, const BuildClaim &) = default;
};

/// The builds that code is compared with: ours, those that a person adds, and those that a proposal brings with it. The
/// last are claims: they are asked only where no other build answers, name no variables, and vouch for no code that
/// stands on the chain.
class ArtifactStore final {
public:
    /// The contracts of this project, as contracts/artifacts has them.
    static const ArtifactStore &ours();

    /// A compiler's or a framework's artifact (ContractArtifact::load). Its storage layout is kept when it has one.
    Result<void> add(const QByteArray &json);
    /// The same, on somebody's word.
    Result<void> addClaimed(const QByteArray &json, BuildClaim claim);
    /// Null: the build came with the program, or the person at this console added it.
    const BuildClaim *claimOf(const ContractArtifact &artifact) const;
    bool hasClaim(const Hash32 &contentHash) const;
    /// Whether it is, byte for byte, the creation code of one of the builds that are no claims.
    bool hasCreationCode(const Bytes &code) const;
    const std::deque<ContractArtifact> &artifacts() const { return m_artifacts; }
    /// Never a claim.
    const ContractArtifact *find(QStringView contractName) const;

    struct Match {
        const ContractArtifact *artifact = nullptr;
        CodeVerdict verdict;
        const BuildClaim *claim = nullptr; ///< null: no claim
        const ContractArtifact *resembled = nullptr; ///< of a claim: a build that is none, which the code begins like
    };
    /// The build whose creation code, followed by constructor arguments, `initCode` is; nearest first. The verdict may be a
    /// mismatch: then it is the build with which it agrees for longest, and says from where on it does not. Empty when
    /// it has nothing in common with any build.
    std::optional<Match> nearestCreation(const Bytes &initCode) const;
    /// The build whose runtime code this is, immutables aside; null when it is none. Never a claim.
    const ContractArtifact *ofRuntime(QByteArrayView code) const;
    /// The claimed build whose runtime code this is; null when it is none. Anybody can attach a build for any code.
    const ContractArtifact *claimedForRuntime(QByteArrayView code) const;

    /// Where that build keeps its variables; null when it does not say.
    std::shared_ptr<const StorageLayout> layoutOf(const ContractArtifact &artifact) const;

private:
    std::optional<Match> nearestAmong(const Bytes &initCode, bool isClaimed) const;

    std::deque<ContractArtifact> m_artifacts; // others hold pointers to its elements
    std::deque<std::optional<BuildClaim>> m_claims; // one for each of m_artifacts
    QHash<QString, std::shared_ptr<const StorageLayout>> m_layouts; // by "source:Name"
};

/// Whether the contract has an owner whom no argument of its constructor names: then it is whoever creates it.
bool isOwnedByCreator(const ContractArtifact &artifact);

} // namespace countersign
