#include "backend/review/claimedbuilds.h"

#include "backend/proposals/proposaljson.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxName = 100;
constexpr qsizetype maxSourceName = 300;
// A contract with all its metadata and sources has fewer; the text may be read while somebody waits.
constexpr JsonLimits claimLimits{.maxBytes = maxAttachmentBytes, .maxDepth = 128, .maxValues = 400'000};

bool isIdentifier(QStringView text)
{
    if (text.isEmpty() || text.size() > maxName || (text.front() >= u'0' && text.front() <= u'9'))
        return false;
    return std::ranges::all_of(text, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'$';
    });
}

bool haveNames(const std::vector<AbiParameter> &parameters)
{
    return std::ranges::all_of(parameters,
        [](const AbiParameter &parameter) { return parameter.name.isEmpty() || isIdentifier(parameter.name); });
}

bool isPrintable(const QString &text)
{
    return text.size() <= maxSourceName
        && std::ranges::all_of(text, [](QChar c) { return c >= u' ' && c <= u'~'; });
}

// Names are shown, so they are what a compiler lets a name be.
Result<void> checkNames(const ArtifactStore &read)
{
    const ContractArtifact &artifact = read.artifacts().front();
    bool areNames = isIdentifier(artifact.contractName()) && isPrintable(artifact.sourceName())
        && haveNames(artifact.abi().constructorInputs());
    for (const AbiFunction &function : artifact.abi().functions())
        areNames = areNames && isIdentifier(function.name()) && haveNames(function.inputs());
    for (const CodeImmutable &immutable : artifact.immutables())
        areNames = areNames && (immutable.name.isEmpty() || isIdentifier(immutable.name));
    if (!areNames)
        return fail(ErrorKind::Invalid, u"It has names that are no identifiers of Solidity"_s);
    return {};
}

} // namespace

QList<ClaimedFile> claimedFiles(
    const ProposalDraft *subject, ChainId chain, const Address &safe, const QList<ExchangeItem> &others)
{
    QList<ClaimedFile> files;
    const auto take = [&files](const ProposalDraft &draft) {
        for (const Attachment &attachment : draft.attachments) {
            const bool isKnown = std::ranges::any_of(files,
                [&](const ClaimedFile &file) { return file.attachment.contentHash == attachment.contentHash; });
            if (attachment.mediaType == artifactMediaType && !isKnown && files.size() < maxClaimedBuilds)
                files.append({attachment, draft.proposer});
        }
    };
    if (subject)
        take(*subject);
    for (const bool isNeeded : {true, false}) {
        for (const ExchangeItem &item : others) {
            const bool isDependency = subject && subject->dependsOn.contains(item.id());
            const bool isHere = item.proposal.chainId == chain && item.proposal.safe == safe;
            if (item.isDescribed() && isDependency == isNeeded && (isDependency || isHere))
                take(item.proposal);
        }
    }
    return files;
}

Result<void> addClaimedBuild(ArtifactStore &store, const ClaimedFile &file, const Bytes &content)
{
    if (content.size() > maxAttachmentBytes)
        return fail(ErrorKind::Exhausted, u"It has more than %1 bytes"_s.arg(maxAttachmentBytes));
    if (keccak256(content) != file.attachment.contentHash || static_cast<quint64>(content.size()) != file.attachment.size)
        return fail(ErrorKind::Corrupt, u"What is here under its hash is another file"_s);
    if (const auto text = JsonText::parse(content, claimLimits); !text)
        return std::unexpected(text.error());
    ArtifactStore probe;
    const BuildClaim claim{file.proposer, file.attachment.name, file.attachment.contentHash};
    auto read = probe.addClaimed(content, claim);
    if (read)
        read = checkNames(probe);
    return read ? store.addClaimed(content, claim) : read;
}

} // namespace countersign
