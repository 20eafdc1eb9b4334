#include "backend/proposals/exchangememory.h"

#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/fileturn.h"
#include "backend/proposals/memberreader.h"
#include "backend/types/strings.h"

#include <QJsonArray>

namespace countersign {

namespace {

constexpr auto recordKind = "countersign.seen"_L1;

Result<JsonText> recordText(QByteArrayView file)
{
    if (file.size() > maxRecordBytes)
        return fail(ErrorKind::Exhausted, u"the record has more than %1 bytes"_s.arg(maxRecordBytes));
    return JsonText::parse(file.toByteArray(), {.maxBytes = maxRecordBytes, .maxDepth = 4, .maxValues = 100'000});
}

} // namespace

Bytes recordToJson(const ExchangeRecord &record)
{
    QJsonObject object = frameOf(recordKind);
    QJsonArray heads;
    for (const auto &[lane, head] : record.heads)
        heads.append(QJsonObject{{u"chainId"_s, QString::number(lane.chainId.value())},
            {u"safe"_s, lane.safe.toString()}, {u"author"_s, lane.author.toString()},
            {u"sequence"_s, QString::number(head.sequence)}, {u"entry"_s, head.entry.toString()}});
    object.insert("heads"_L1, heads);
    QJsonArray accepted;
    for (const Hash32 &alarm : record.accepted)
        accepted.append(alarm.toString());
    object.insert("accepted"_L1, accepted);
    return canonicalJson(object);
}

Result<ExchangeRecord> recordFromJson(QByteArrayView file)
{
    const auto text = recordText(file);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, recordKind);
    ExchangeRecord record;
    for (const JsonView value : reader.problem() ? std::vector<JsonView>() : reader.list("heads"_L1, maxRecordLanes)) {
        MemberReader head(value, u"heads."_s);
        const ExchangeLane lane{
            ChainId(head.number64("chainId"_L1)), head.address("safe"_L1), head.address("author"_L1)};
        record.heads[lane] = {lane.author, head.number64("sequence"_L1), head.hash("entry"_L1)};
        reader.finish(head);
    }
    for (const JsonView value :
        reader.problem() ? std::vector<JsonView>() : reader.list("accepted"_L1, maxAcceptedAlarms)) {
        const auto alarm = Hash32::parse(value.toString());
        if (!alarm)
            reader.note(u"accepted: %1"_s.arg(alarm.error().message));
        else
            record.accepted.insert(*alarm);
    }
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    return ifCanonical(std::move(record), file, recordToJson);
}

Result<ExchangeRecord> ExchangeMemory::load() const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const auto file = directory->read(fileName(), maxRecordBytes);
    if (!file && file.error().kind == ErrorKind::NotFound)
        return ExchangeRecord();
    auto record = file ? recordFromJson(*file) : Result<ExchangeRecord>(std::unexpected(file.error()));
    if (!record)
        return fail(ErrorKind::Corrupt,
            u"What this console has seen of the exchange cannot be read: %1"_s.arg(record.error().message),
            m_folder + u'/' + fileName());
    return record;
}

Result<ExchangeRecord> ExchangeMemory::remember(const ExchangeRecord &record) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const FileTurn turn(m_folder + u'/' + u'.' + m_name + u".lock"_s);
    const auto stored = load();
    if (!stored)
        return std::unexpected(stored.error());
    ExchangeRecord joined = *stored;
    for (const auto &[lane, head] : record.heads) {
        LaneHead &known = joined.heads[lane];
        if (known.sequence < head.sequence)
            known = head;
    }
    joined.accepted.insert(record.accepted.begin(), record.accepted.end());
    if (joined == *stored)
        return joined;
    if (const auto written = directory->replace(fileName(), recordToJson(joined)); !written)
        return std::unexpected(written.error());
    return joined;
}

Result<ExchangeRecord> ExchangeMemory::accept(const Hash32 &alarm, const ExchangeLane &lane, const LaneHead *head) const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const FileTurn turn(m_folder + u'/' + u'.' + m_name + u".lock"_s);
    auto record = load();
    if (!record)
        return record;
    record->accepted.insert(alarm);
    if (head)
        record->heads[lane] = *head;
    else
        record->heads.erase(lane);
    if (const auto written = directory->replace(fileName(), recordToJson(*record)); !written)
        return std::unexpected(written.error());
    return record;
}

Result<void> ExchangeMemory::restart() const
{
    const auto directory = ExchangeDirectory::open(m_folder);
    if (!directory)
        return std::unexpected(directory.error());
    const FileTurn turn(m_folder + u'/' + u'.' + m_name + u".lock"_s);
    return directory->quarantine(fileName(), u"it could not be read"_s);
}

} // namespace countersign
