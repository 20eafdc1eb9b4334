#pragma once

#include "backend/evm/artifact.h"
#include "backend/review/contextreading.h"
#include "backend/review/reviewsafetransaction.h"
#include "tests/backend/safe/safechain.h"

#include <functional>
#include <memory>

namespace countersign::testing {

/// A chain with an institution on it: a Safe 1.4.1 of three owners with threshold 2 that owns a key registry and a vault
/// with its adapter, and an address book that knows them. Packages are reviewed against it through the real reader.
class AdversarialEstate {
public:
    AdversarialEstate();

    /// One package: what is reviewed, by whose address book, and which nodes are asked.
    struct Package {
        Environment environment;
        ReviewSubject subject;
        QList<ExchangeItem> others;
        std::shared_ptr<const Policy> policy; ///< null: none
        ReviewActor actor; ///< for whom it is reviewed
        PolicyPast past;
        std::optional<QUrl> secondNode; ///< absent: the same node is asked a second time
        Timestamp now = Timestamp::fromSeconds(1'800'000'000);
        const ArtifactStore *artifacts = nullptr; ///< the builds that code is compared with; null: ours
        QList<ClaimProblem> claimProblems; ///< what came with it and could not be used
    };
    /// Makes a package: the attack, or its benign twin, which differs in what the attack is about and in nothing else.
    using Make = std::function<Package(AdversarialEstate &, bool isAttack)>;
    /// A package of that transaction, from this Safe (or another), with the nonce that is next.
    Package package(const Address &to, const Bytes &data, SafeOperation operation = SafeOperation::Call);
    Package packageOf(const Address &safe, const Address &to, const Bytes &data, SafeOperation operation = SafeOperation::Call);
    /// With an envelope signed by its proposer.
    static void propose(Package &package, const TestKey &proposer, const std::function<void(ProposalDraft &)> &change = {});

    /// Held against that policy, with bob about to sign and nothing approved lately.
    void setPolicy(Package &package, const QByteArray &yaml) const;
    /// ECDSA by these over what the package asks for.
    static void sign(Package &package, const std::vector<const TestKey *> &signers);
    /// The time of the last block.
    Timestamp chainTime();

    Review review(const Package &package);
    Bytes call(const ContractArtifact &artifact, QStringView function, std::initializer_list<AbiValue> arguments = {}) const;
    /// Runs it through the Safe, signed by two owners.
    void executeAsSafe(const Address &to, const Bytes &data, SafeOperation operation = SafeOperation::Call);
    void setCode(const Address &address, const Bytes &code);
    QString snapshot();
    void revert(const QString &snapshot);

    SafeChain chain;
    TestKey alice{0xa11ce}, bob{0xb0b}, carol{0xca401}, mallory{0xe711};
    Address safe, registry, vault, adapter, otherVault, foreignAdapter;
    ContractArtifact registryBuild, vaultBuild, adapterBuild;
    Hash32 party, partyWithoutKey, adapterId, newAdapterId;
    Address partyKey;
    Environment environment;
};

/// Reviews both, each on a chain of its own beginning: the attack has a finding of that code that blocks, its twin none.
void verifyPackage(AdversarialEstate &estate, const QString &code, const AdversarialEstate::Make &make);

} // namespace countersign::testing

Q_DECLARE_METATYPE(countersign::testing::AdversarialEstate::Make)
