#include "backend/records/approvalrecord.h"

#include "backend/proposals/exchangedomain.h"
#include "backend/proposals/importeditem.h"
#include "backend/proposals/memberreader.h"
#include "backend/proposals/proposaljson.h"
#include "backend/records/keyevidencejson.h"
#include "backend/records/reviewjson.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace countersign {

namespace {

QLatin1StringView hashWord(ComparedHash hash)
{
    switch (hash) {
    case ComparedHash::Domain:
        return "domain"_L1;
    case ComparedHash::Message:
        return "message"_L1;
    case ComparedHash::SafeTx:
        break;
    }
    return "safeTx"_L1;
}

QJsonObject comparisonJson(const DeviceComparison &comparison)
{
    QJsonArray typed;
    for (const TypedHash &hash : comparison.typed)
        typed.append(QJsonObject{
            {u"hash"_s, QString(hashWord(hash.hash))}, {u"first4"_s, hash.first4}, {u"last4"_s, hash.last4}});
    return {{u"outcome"_s, comparison.outcome == DeviceComparison::Outcome::Typed ? u"typed"_s : u"mismatch"_s},
        {u"typed"_s, typed}, {u"shownByDevice"_s, comparison.shownByDevice}};
}

QJsonObject executionJson(const ExecutionReport &report)
{
    return {{u"safeTxHash"_s, report.safeTxHash.toString()}, {u"transactionHash"_s, report.transactionHash.toString()},
        {u"block"_s, QString::number(report.blockNumber.value())}, {u"gasUsed"_s, QString::number(report.gasUsed)},
        {u"effects"_s, effectsJson(report.effects)}, {u"asPromised"_s, report.isAsPromised},
        {u"readBack"_s, report.isReadBack}};
}

} // namespace

QLatin1StringView recordedActName(RecordedAct act)
{
    switch (act) {
    case RecordedAct::Refused:
        return "refused"_L1;
    case RecordedAct::Executed:
        return "executed"_L1;
    case RecordedAct::Signed:
        break;
    }
    return "signed"_L1;
}

QString comparisonSummary(const DeviceComparison &comparison)
{
    if (comparison.outcome == DeviceComparison::Outcome::Mismatch)
        return comparison.shownByDevice.isEmpty()
            ? u"The holder said that the device shows something else"_s
            : u"The holder said that the device shows: %1"_s.arg(comparison.shownByDevice);
    QStringList lines;
    for (const TypedHash &typed : comparison.typed)
        lines.append(u"%1: %2 … %3"_s.arg(
            comparedHashName(typed.hash), typed.first4.trimmed().toUpper(), typed.last4.trimmed().toUpper()));
    return lines.isEmpty() ? u"nothing"_s : lines.join(u"; "_s);
}

Result<ExchangeItem> ApprovalRecord::item() const
{
    const auto described = proposalFromJson(envelope);
    if (described)
        return ExchangeItem{*described, {}};
    const auto import = importFromJson(envelope);
    if (!import)
        return std::unexpected(described.error());
    return itemOfImport(*import);
}

Result<Proposal> ApprovalRecord::proposal() const
{
    const auto read = item();
    if (!read)
        return std::unexpected(read.error());
    return read->proposal;
}

Bytes ApprovalRecord::envelopeOf(const ExchangeItem &item)
{
    return item.import ? importToJson(*item.import) : proposalToJson(item.proposal);
}

QJsonObject ApprovalRecord::content() const
{
    QJsonObject object{{u"act"_s, QString(recordedActName(act))},
        {u"program"_s, QJsonObject{{u"version"_s, program.version}, {u"build"_s, program.build}}},
        {u"madeAt"_s, decimal(madeAt)}, {u"holder"_s, holder}, {u"address"_s, address.toString()},
        {u"envelope"_s, QJsonDocument::fromJson(envelope).object()}, {u"review"_s, reviewJson(review)},
        {u"key"_s, keyEvidenceJson(key)},
        {u"journal"_s,
            QJsonObject{{u"entry"_s, QString::number(journal.count)}, {u"hash"_s, journal.hash.toString()}}}};
    if (comparison)
        object.insert(u"comparison"_s, comparisonJson(*comparison));
    if (signature)
        object.insert(u"signature"_s, toHex(signature->toBytes65()));
    if (execution)
        object.insert(u"execution"_s, executionJson(*execution));
    return object;
}

Hash32 ApprovalRecord::contentHash() const
{
    return keccak256(canonicalJson(content()));
}

Hash32 ApprovalRecord::digest() const
{
    return exchangeDigest(review.chainId, review.safe, u"ApprovalRecord",
        {AbiValue(address), AbiValue(review.hashes.safeTx), AbiValue(contentHash())});
}

} // namespace countersign
