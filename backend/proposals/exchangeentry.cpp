#include "backend/proposals/exchangeentry.h"

#include "backend/proposals/memberreader.h"
#include "backend/proposals/proposaljson.h"
#include "backend/proposals/signaturejson.h"
#include "backend/proposals/statementjson.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

struct EntryHash {
    Hash32 operator()(const Proposal &proposal) const { return proposal.envelopeDigest(); }
    Hash32 operator()(const CollectedSignature &signature) const { return signature.entryHash(); }
    Hash32 operator()(const Statement &statement) const { return statement.digest(); }
    Hash32 operator()(const ImportedTransaction &import) const { return import.entryHash(); }
};

struct EntryText {
    Bytes operator()(const Proposal &proposal) const { return proposalToJson(proposal); }
    Bytes operator()(const CollectedSignature &signature) const { return signatureToJson(signature); }
    Bytes operator()(const Statement &statement) const { return statementToJson(statement); }
    Bytes operator()(const ImportedTransaction &import) const { return importToJson(import); }
};

struct EntryLink {
    std::optional<ChainLink> operator()(const ImportedTransaction & /*import*/) const { return std::nullopt; }
    std::optional<ChainLink> operator()(const auto &entry) const { return entry.link; }
};

template <class T> Result<ExchangeEntry> asEntry(Result<T> value)
{
    if (!value)
        return std::unexpected(value.error());
    return ExchangeEntry(*std::move(value));
}

} // namespace

ExchangeLane laneOf(const ExchangeEntry &entry)
{
    return std::visit([](const auto &value) { return value.lane(); }, entry);
}

std::optional<ChainLink> linkOf(const ExchangeEntry &entry)
{
    return std::visit(EntryLink(), entry);
}

Hash32 entryHashOf(const ExchangeEntry &entry)
{
    return std::visit(EntryHash(), entry);
}

Bytes entryToJson(const ExchangeEntry &entry)
{
    return std::visit(EntryText(), entry);
}

Result<ExchangeEntry> entryFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxProposalBytes);
    if (!text)
        return std::unexpected(text.error());
    const auto named = text->root().find("kind");
    const QString kind = named ? named->toString() : QString();
    if (kind == "countersign.proposal"_L1)
        return asEntry(proposalFromJson(file));
    if (kind == "countersign.signature"_L1)
        return asEntry(signatureFromJson(file));
    if (kind == "countersign.import"_L1)
        return asEntry(importFromJson(file));
    return asEntry(statementFromJson(file));
}

QString entryFileName(const ExchangeEntry &entry)
{
    const ExchangeLane lane = laneOf(entry);
    const QString log
        = u"%1.%2.%3."_s.arg(QString::number(lane.chainId.value()), lane.safe.toLower(), lane.author.toLower());
    if (const auto link = linkOf(entry))
        return u"%1%2.entry.json"_s.arg(log).arg(link->sequence, 10, 10, QLatin1Char('0'));
    if (const auto *import = std::get_if<ImportedTransaction>(&entry))
        return u"%1.%2.%3.import.json"_s.arg(QString::number(lane.chainId.value()), lane.safe.toLower(),
            import->safeTxHash().toString().mid(2, 32));
    return u"%1%2.signature.json"_s.arg(log, entryHashOf(entry).toString().mid(2, 32));
}

QString attachmentFileName(const Hash32 &contentHash)
{
    return contentHash.toString().mid(2) + u".attachment"_s;
}

ChainLink linkAfter(const LaneHead &head)
{
    return {head.sequence + 1, head.entry};
}

} // namespace countersign
