#include "backend/records/recordfile.h"

#include "backend/proposals/memberreader.h"
#include "backend/records/keyevidencejson.h"
#include "backend/records/reviewjson.h"
#include "backend/types/strings.h"

#include <QJsonDocument>

#include <limits>

namespace countersign {

namespace {

constexpr auto recordKind = "countersign.record"_L1;
constexpr int recordVersion = 1;
constexpr qsizetype mostTyped = 8;
constexpr JsonLimits limits{.maxBytes = maxApprovalRecordBytes, .maxDepth = 12, .maxValues = 1'000'000};

/// The member as an object, read by \a read; absent is noted unless it is \a optional.
template <class Read> bool readPart(MemberReader &reader, QLatin1StringView name, bool optional, Read read)
{
    const auto member = reader.member(name);
    if (!member) {
        if (!optional)
            reader.note(u"%1 is missing"_s.arg(name));
        return false;
    }
    MemberReader part(*member, QString(name) + u'.');
    read(part);
    reader.finish(part);
    return true;
}

template <class T>
T readWord(MemberReader &reader, QLatin1StringView name, std::initializer_list<std::pair<QLatin1StringView, T>> words)
{
    const QString word = reader.text(name);
    for (const auto &[known, value] : words) {
        if (word == known)
            return value;
    }
    reader.note(u"%1 is none of those that there are"_s.arg(name));
    return words.begin()->second;
}

EvmSignature readSignature(MemberReader &reader, QLatin1StringView name)
{
    const Bytes bytes = reader.bytes(name);
    const auto signature = EvmSignature::fromBytes65(bytes);
    if (!signature && !reader.problem())
        reader.note(u"%1: %2"_s.arg(name, signature.error().message));
    return signature.value_or(EvmSignature());
}

DeviceComparison readComparison(MemberReader &reader)
{
    using Outcome = DeviceComparison::Outcome;
    DeviceComparison comparison;
    comparison.outcome
        = readWord<Outcome>(reader, "outcome"_L1, {{"typed"_L1, Outcome::Typed}, {"mismatch"_L1, Outcome::Mismatch}});
    for (const JsonView value : reader.list("typed"_L1, mostTyped)) {
        MemberReader typed(value, u"typed."_s);
        TypedHash hash;
        hash.hash = readWord<ComparedHash>(typed, "hash"_L1,
            {{"domain"_L1, ComparedHash::Domain}, {"message"_L1, ComparedHash::Message},
                {"safeTx"_L1, ComparedHash::SafeTx}});
        hash.first4 = typed.text("first4"_L1);
        hash.last4 = typed.text("last4"_L1);
        reader.finish(typed);
        comparison.typed.append(hash);
    }
    comparison.shownByDevice = reader.text("shownByDevice"_L1);
    return comparison;
}

ExecutionReport readExecution(MemberReader &reader)
{
    ExecutionReport report;
    report.safeTxHash = reader.hash("safeTxHash"_L1);
    report.transactionHash = reader.hash("transactionHash"_L1);
    report.blockNumber = BlockNumber(reader.number64("block"_L1));
    report.gasUsed = reader.number64("gasUsed"_L1);
    report.effects = readEffects(reader, "effects"_L1);
    report.isAsPromised = readFlag(reader, "asPromised"_L1);
    report.isReadBack = readFlag(reader, "readBack"_L1);
    return report;
}

void readContent(MemberReader &reader, ApprovalRecord &record)
{
    record.act = readWord<RecordedAct>(reader, "act"_L1,
        {{"signed"_L1, RecordedAct::Signed}, {"refused"_L1, RecordedAct::Refused},
            {"executed"_L1, RecordedAct::Executed}});
    readPart(reader, "program"_L1, false,
        [&record](MemberReader &part) { record.program = {part.text("version"_L1), part.text("build"_L1)}; });
    record.madeAt = reader.time("madeAt"_L1);
    record.holder = reader.text("holder"_L1);
    record.address = reader.address("address"_L1);
    if (const auto envelope = reader.member("envelope"_L1); envelope && envelope->isObject())
        record.envelope = canonicalJson(QJsonDocument::fromJson(envelope->toJson()).object());
    else
        reader.note(u"envelope is not an object"_s);
    readPart(reader, "review"_L1, false, [&record](MemberReader &part) { record.review = readReview(part); });
    readPart(
        reader, "comparison"_L1, true, [&record](MemberReader &part) { record.comparison = readComparison(part); });
    readPart(reader, "key"_L1, false, [&record](MemberReader &part) { record.key = readKeyEvidence(part); });
    if (reader.has("signature"_L1))
        record.signature = readSignature(reader, "signature"_L1);
    readPart(reader, "execution"_L1, true, [&record](MemberReader &part) { record.execution = readExecution(part); });
    readPart(reader, "journal"_L1, false, [&record](MemberReader &part) {
        const quint64 entry = part.number64("entry"_L1);
        if (entry > static_cast<quint64>(std::numeric_limits<qint64>::max()))
            part.note(u"journal.entry is too large"_s);
        record.journal = {part.problem() ? 0 : static_cast<qint64>(entry), part.hash("hash"_L1)};
    });
}

} // namespace

Bytes approvalRecordToJson(const ApprovalRecord &record)
{
    QJsonObject object{{u"kind"_s, QString(recordKind)}, {u"version"_s, recordVersion},
        {u"content"_s, record.content()}, {u"contentHash"_s, record.contentHash().toString()}};
    if (record.recordSignature)
        object.insert(u"recordSignature"_s, toHex(record.recordSignature->toBytes65()));
    else
        object.insert(u"unsignedBecause"_s, record.unsignedBecause);
    return canonicalJson(object);
}

Result<RecordFile> approvalRecordFromJson(QByteArrayView file)
{
    if (file.size() > maxApprovalRecordBytes)
        return fail(ErrorKind::Exhausted,
            u"the record has %1 bytes, more than the %2 allowed"_s.arg(file.size()).arg(maxApprovalRecordBytes));
    const auto text = JsonText::parse(file.toByteArray(), limits);
    if (!text)
        return fail(text.error().kind, u"not whole JSON: %1"_s.arg(text.error().message), text.error().detail);
    MemberReader reader(text->root(), {});
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    if (reader.text("kind"_L1) != recordKind)
        return fail(ErrorKind::Invalid, u"its kind is not %1"_s.arg(recordKind));
    const auto version = reader.member("version"_L1);
    if (!version || !version->isNumber() || version->toString() != QString::number(recordVersion))
        return fail(ErrorKind::Invalid, u"its version is not %1"_s.arg(recordVersion));
    RecordFile read;
    readPart(reader, "content"_L1, false, [&read](MemberReader &part) { readContent(part, read.record); });
    read.claimedHash = reader.hash("contentHash"_L1);
    if (reader.has("recordSignature"_L1))
        read.record.recordSignature = readSignature(reader, "recordSignature"_L1);
    else
        read.record.unsignedBecause = reader.text("unsignedBecause"_L1);
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    read.isCanonical = approvalRecordToJson(read.record) == file;
    return read;
}

} // namespace countersign
