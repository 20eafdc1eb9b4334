#include "backend/review/artifactstore.h"

#include "backend/types/strings.h"

#include <QFile>

#include <algorithm>

// The resource belongs to a static library, so nothing would register it by itself. The macro must stand outside of any
// namespace.
static void registerResources()
{
    Q_INIT_RESOURCE(reviewartifacts);
}

namespace countersign {

namespace {

// Less than this in common is what the compiler writes at the start of any contract.
constexpr qsizetype leastCommon = 64;

qsizetype commonLength(QByteArrayView a, QByteArrayView b)
{
    return std::ranges::mismatch(a, b).in1 - a.begin();
}

QString nameOf(const ContractArtifact &artifact)
{
    return artifact.sourceName() + u':' + artifact.contractName();
}

} // namespace

const ArtifactStore &ArtifactStore::ours()
{
    static const ArtifactStore store = [] {
        registerResources();
        ArtifactStore loaded;
        for (const QString &name : {u"CantonDeFiVault"_s, u"CantonKeyRegistry"_s, u"TreasuryAdapter"_s}) {
            QFile file(u":/review/artifacts/%1.json"_s.arg(name));
            // Part of the program: that all of them load is what a test checks.
            if (file.open(QIODevice::ReadOnly))
                static_cast<void>(loaded.add(file.readAll()));
        }
        return loaded;
    }();
    return store;
}

Result<void> ArtifactStore::add(const QByteArray &json)
{
    auto artifact = ContractArtifact::load(json);
    if (!artifact)
        return std::unexpected(artifact.error());
    if (auto layout = StorageLayout::load(json, nameOf(*artifact)))
        m_layouts.insert(nameOf(*artifact), std::make_shared<const StorageLayout>(*std::move(layout)));
    m_artifacts.push_back(*std::move(artifact));
    m_claims.emplace_back();
    return {};
}

Result<void> ArtifactStore::addClaimed(const QByteArray &json, BuildClaim claim)
{
    auto artifact = ContractArtifact::load(json);
    if (!artifact)
        return std::unexpected(artifact.error());
    m_artifacts.push_back(*std::move(artifact));
    m_claims.emplace_back(std::move(claim));
    return {};
}

const BuildClaim *ArtifactStore::claimOf(const ContractArtifact &artifact) const
{
    for (size_t i = 0; i < m_artifacts.size(); ++i) {
        if (&m_artifacts[i] == &artifact)
            return m_claims[i] ? &*m_claims[i] : nullptr;
    }
    return nullptr;
}

bool ArtifactStore::hasClaim(const Hash32 &contentHash) const
{
    return std::ranges::any_of(m_claims,
        [&contentHash](const std::optional<BuildClaim> &claim) { return claim && claim->contentHash == contentHash; });
}

bool ArtifactStore::hasCreationCode(const Bytes &code) const
{
    return std::ranges::any_of(m_artifacts, [this, &code](const ContractArtifact &artifact) {
        return !claimOf(artifact) && !artifact.needsLinking() && artifact.unlinkedCreationCode() == code;
    });
}

std::shared_ptr<const StorageLayout> ArtifactStore::layoutOf(const ContractArtifact &artifact) const
{
    // A claim may bear the name and the source of a build that is known.
    return claimOf(artifact) ? nullptr : m_layouts.value(nameOf(artifact));
}

const ContractArtifact *ArtifactStore::find(QStringView contractName) const
{
    const auto found = std::ranges::find_if(m_artifacts, [this, contractName](const ContractArtifact &artifact) {
        return artifact.contractName() == contractName && !claimOf(artifact);
    });
    return found == m_artifacts.end() ? nullptr : &*found;
}

std::optional<ArtifactStore::Match> ArtifactStore::nearestAmong(const Bytes &initCode, bool isClaimed) const
{
    std::optional<Match> nearest;
    qsizetype longest = leastCommon - 1;
    for (const ContractArtifact &artifact : m_artifacts) {
        const BuildClaim *claim = claimOf(artifact);
        const qsizetype common = commonLength(initCode, artifact.unlinkedCreationCode());
        if ((claim != nullptr) != isClaimed || common <= longest)
            continue;
        CodeQuestion question;
        question.initCode = initCode;
        auto verdict = verifyCode(artifact, question);
        if (!verdict)
            continue;
        longest = common;
        nearest = Match{&artifact, *std::move(verdict), claim, nullptr};
    }
    return nearest;
}

// A claim may have our code as its beginning, and call the rest arguments: what we know ourselves is asked first.
std::optional<ArtifactStore::Match> ArtifactStore::nearestCreation(const Bytes &initCode) const
{
    auto known = nearestAmong(initCode, false);
    if (known && known->verdict.match != CodeMatch::Mismatch)
        return known;
    auto claimed = nearestAmong(initCode, true);
    if (!claimed || (known && claimed->verdict.match == CodeMatch::Mismatch))
        return known ? known : claimed;
    claimed->resembled = known ? known->artifact : nullptr;
    return claimed;
}

const ContractArtifact *ArtifactStore::ofRuntime(QByteArrayView code) const
{
    if (code.isEmpty())
        return nullptr;
    const auto found = std::ranges::find_if(m_artifacts,
        [this, code](const ContractArtifact &artifact) { return artifact.matchesRuntime(code) && !claimOf(artifact); });
    return found == m_artifacts.end() ? nullptr : &*found;
}

const ContractArtifact *ArtifactStore::claimedForRuntime(QByteArrayView code) const
{
    if (code.isEmpty())
        return nullptr;
    const auto found = std::ranges::find_if(m_artifacts,
        [this, code](const ContractArtifact &artifact) { return claimOf(artifact) && artifact.matchesRuntime(code); });
    return found == m_artifacts.end() ? nullptr : &*found;
}

bool isOwnedByCreator(const ContractArtifact &artifact)
{
    if (!artifact.abi().function(u"owner"))
        return false;
    return std::ranges::none_of(artifact.abi().constructorInputs(),
        [](const AbiParameter &input) { return input.name.contains("owner"_L1, Qt::CaseInsensitive); });
}

} // namespace countersign
