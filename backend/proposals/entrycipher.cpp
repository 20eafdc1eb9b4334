#include "backend/proposals/entrycipher.h"

#include "backend/types/json.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr auto sealedSuffix = ".sealed.json"_L1;

QString kindOf(const Bytes &file)
{
    const auto text = JsonText::parse(file, {.maxBytes = maxProposalBytes, .maxDepth = 8, .maxValues = 4000});
    const auto named = text ? text->root().find("kind") : std::nullopt;
    return named ? named->toString() : QString();
}

} // namespace

QString sealedFileName(const ExchangeEntry &entry)
{
    return keccak256(entryFileName(entry).toUtf8()).toString().mid(2, 32) + sealedSuffix;
}

bool isSealedFileName(const QString &name)
{
    return name.endsWith(sealedSuffix);
}

bool staysOpen(const ExchangeEntry &entry)
{
    const auto *statement = std::get_if<Statement>(&entry);
    return statement && statement->kind == StatementKind::EncryptionKey;
}

Result<SealedEnvelope> sealEntry(const ExchangeEntry &entry, const QList<MemberKey> &recipients)
{
    const ExchangeLane lane = laneOf(entry);
    const Bytes content = entryToJson(entry);
    return sealEnvelope(lane.chainId, lane.safe, kindOf(content), content, recipients);
}

Result<ExchangeEntry> entryOf(const SealedEnvelope &envelope, QByteArrayView content)
{
    auto entry = entryFromJson(content);
    if (!entry)
        return entry;
    const ExchangeLane lane = laneOf(*entry);
    if (lane.chainId != envelope.chainId || lane.safe != envelope.safe
        || kindOf(content.toByteArray()) != envelope.holds)
        return fail(ErrorKind::Invalid, u"what is encrypted is not what its header says"_s);
    return entry;
}

} // namespace countersign
