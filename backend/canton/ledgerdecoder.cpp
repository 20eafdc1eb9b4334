#include "backend/canton/ledgerdecoder.h"

#include "backend/canton/damltext.h"
#include "backend/rpc/protowire.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace countersign {

namespace {

constexpr size_t shapeLimit = 512;

// google.protobuf.Timestamp {1 seconds; 2 nanos}
bool readTime(QByteArrayView message, Timestamp &out)
{
    qint64 seconds = 0;
    qint64 nanos = 0;
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() == 1 && wire.isNumber())
            seconds = wire.signedNumber();
        else if (wire.field() == 2 && wire.isNumber())
            nanos = static_cast<qint32>(static_cast<quint32>(wire.number()));
    }
    // The years 0001 to 9999, as the well-known type has it: microseconds then fit.
    constexpr qint64 first = -62'135'596'800;
    constexpr qint64 last = 253'402'300'799;
    if (!wire.ok() || seconds < first || seconds > last || nanos < 0 || nanos > 999'999'999)
        return false;
    out = Timestamp::fromMicros(seconds * 1'000'000 + nanos / 1000);
    return true;
}

// Identifier {1 package_id; 2 module_name; 3 entity_name}
bool readIdentifier(QByteArrayView message, TemplateId &out)
{
    ProtoWire wire(message);
    while (wire.next()) {
        if (!wire.isBytes())
            continue;
        if (wire.field() == 1)
            out.package = QString::fromUtf8(wire.bytes());
        else if (wire.field() == 2)
            out.module = QString::fromUtf8(wire.bytes());
        else if (wire.field() == 3)
            out.entity = QString::fromUtf8(wire.bytes());
    }
    return wire.ok();
}

} // namespace

LedgerDecoder::LedgerDecoder(LedgerFilter filter)
    : m_filter(std::move(filter))
{
}

Result<void> LedgerDecoder::outcome(bool ok) const
{
    if (ok)
        return {};
    if (m_exhausted)
        return fail(ErrorKind::Exhausted, u"A contract has more or deeper fields than this console reads"_s);
    return fail(ErrorKind::Corrupt, u"The participant sent a message that cannot be read"_s);
}

Result<void> LedgerDecoder::decodeUpdate(QByteArrayView message, QList<LedgerEvent> &rows)
{
    m_exhausted = false;
    ProtoWire wire(message);
    bool ok = true;
    while (ok && wire.next()) {
        if (!wire.isBytes())
            continue;
        switch (wire.field()) {
        case 1:
            ok = transaction(wire.bytes(), rows);
            break;
        case 2:
            ok = reassignment(wire.bytes(), rows);
            break;
        case 3: // OffsetCheckpoint {1 offset; 2 synchronizer_times}
        case 4: // TopologyTransaction {1 update_id; 2 offset; 4 record_time}
            ok = checkpoint(wire.bytes(), rows);
            break;
        default:
            break;
        }
    }
    return outcome(ok && wire.ok());
}

Result<void> LedgerDecoder::decodeTransaction(QByteArrayView message, QList<LedgerEvent> &rows)
{
    m_exhausted = false;
    return outcome(transaction(message, rows));
}

Result<void> LedgerDecoder::decodeActiveContract(QByteArrayView message, QList<LedgerEvent> &rows)
{
    m_exhausted = false;
    ProtoWire wire(message);
    bool ok = true;
    while (ok && wire.next()) {
        // ActiveContract {1 created_event}, IncompleteUnassigned {1 created_event}, IncompleteAssigned {1
        // assigned_event {6 created_event}}
        if (!wire.isBytes() || wire.field() < 2 || wire.field() > 4)
            continue;
        ProtoWire entry(wire.bytes());
        while (ok && entry.next()) {
            if (entry.field() != 1 || !entry.isBytes())
                continue;
            if (wire.field() != 4) {
                ok = created(entry.bytes(), nullptr, rows);
                continue;
            }
            ProtoWire assigned(entry.bytes());
            while (ok && assigned.next()) {
                if (assigned.field() == 6 && assigned.isBytes())
                    ok = created(assigned.bytes(), nullptr, rows);
            }
            ok = ok && assigned.ok();
        }
        ok = ok && entry.ok();
    }
    return outcome(ok && wire.ok());
}

// Transaction {1 update_id; 5 events; 6 offset; 9 record_time}: the events come before the offset on the wire, hence
// two walks.
bool LedgerDecoder::transaction(QByteArrayView message, QList<LedgerEvent> &rows)
{
    Moment moment;
    ProtoWire head(message);
    while (head.next()) {
        if (head.field() == 1 && head.isBytes())
            moment.updateId = head.bytes();
        else if (head.field() == 6 && head.isNumber())
            moment.offset = Offset(head.signedNumber());
        else if (head.field() == 9 && head.isBytes() && !readTime(head.bytes(), moment.recordTime))
            return false;
    }
    if (!head.ok())
        return false;
    const qsizetype before = rows.size();
    ProtoWire body(message);
    while (body.next()) {
        if (body.field() != 5 || !body.isBytes())
            continue;
        ProtoWire event(body.bytes());
        while (event.next()) {
            if (!event.isBytes())
                continue;
            if (event.field() == 1 && !created(event.bytes(), &moment, rows))
                return false;
            if (event.field() == 2 && !archived(event.bytes(), moment, rows))
                return false;
        }
        if (!event.ok())
            return false;
    }
    if (rows.size() == before) {
        m_builder.begin();
        rows.append(m_builder.finish(LedgerEvent::Kind::Checkpoint, moment.offset, moment.recordTime, nullptr));
    }
    return true;
}

// Reassignment {1 update_id; 4 offset; 5 events {2 assigned {6 created_event}}; 7 record_time}. A contract that leaves
// this synchronizer still exists, so only its arrival makes a row.
bool LedgerDecoder::reassignment(QByteArrayView message, QList<LedgerEvent> &rows)
{
    Moment moment;
    ProtoWire head(message);
    while (head.next()) {
        if (head.field() == 1 && head.isBytes())
            moment.updateId = head.bytes();
        else if (head.field() == 4 && head.isNumber())
            moment.offset = Offset(head.signedNumber());
        else if (head.field() == 7 && head.isBytes() && !readTime(head.bytes(), moment.recordTime))
            return false;
    }
    if (!head.ok())
        return false;
    const qsizetype before = rows.size();
    ProtoWire body(message);
    while (body.next()) {
        if (body.field() != 5 || !body.isBytes())
            continue;
        ProtoWire event(body.bytes());
        while (event.next()) {
            if (event.field() != 2 || !event.isBytes())
                continue;
            ProtoWire assigned(event.bytes());
            while (assigned.next()) {
                if (assigned.field() == 6 && assigned.isBytes() && !created(assigned.bytes(), &moment, rows))
                    return false;
            }
            if (!assigned.ok())
                return false;
        }
        if (!event.ok())
            return false;
    }
    if (rows.size() == before) {
        m_builder.begin();
        rows.append(m_builder.finish(LedgerEvent::Kind::Checkpoint, moment.offset, moment.recordTime, nullptr));
    }
    return true;
}

// The offset is field 1 of a checkpoint and field 2 of a topology transaction, whose field 1 is text; the newest time
// comes with it.
bool LedgerDecoder::checkpoint(QByteArrayView message, QList<LedgerEvent> &rows)
{
    Offset offset;
    Timestamp newest;
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.isNumber() && (wire.field() == 1 || wire.field() == 2)) {
            offset = Offset(wire.signedNumber());
        } else if (wire.isBytes() && wire.field() == 4) {
            if (!readTime(wire.bytes(), newest))
                return false;
        } else if (wire.isBytes() && wire.field() == 2) { // SynchronizerTime {2 record_time}
            ProtoWire time(wire.bytes());
            while (time.next()) {
                Timestamp moment;
                if (time.field() != 2 || !time.isBytes())
                    continue;
                if (!readTime(time.bytes(), moment))
                    return false;
                newest = std::max(newest, moment);
            }
            if (!time.ok())
                return false;
        }
    }
    if (!wire.ok())
        return false;
    m_builder.begin();
    rows.append(m_builder.finish(LedgerEvent::Kind::Checkpoint, offset, newest, nullptr));
    return true;
}

// CreatedEvent {1 offset; 3 contract_id; 4 template_id; 6 create_arguments; 12 created_at; 13 package_name}
bool LedgerDecoder::created(QByteArrayView message, const Moment *moment, QList<LedgerEvent> &rows)
{
    Moment own;
    QByteArrayView contractId;
    QByteArrayView templateId;
    QByteArrayView arguments;
    QByteArrayView packageName;
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() == 1 && wire.isNumber())
            own.offset = Offset(wire.signedNumber());
        if (!wire.isBytes())
            continue;
        switch (wire.field()) {
        case 3:
            contractId = wire.bytes();
            break;
        case 4:
            templateId = wire.bytes();
            break;
        case 6:
            arguments = wire.bytes();
            break;
        case 12:
            if (!moment && !readTime(wire.bytes(), own.recordTime))
                return false;
            break;
        case 13:
            packageName = wire.bytes();
            break;
        default:
            break;
        }
    }
    if (!wire.ok() || !openShape(templateId, packageName))
        return false;
    const Moment &at = moment ? *moment : own;
    m_builder.begin();
    m_builder.append(at.updateId);
    m_builder.append(contractId);
    m_prefix.resize(0);
    if (!record(arguments, 0) || !m_builder.isText())
        return false;
    rows.append(m_builder.finish(LedgerEvent::Kind::Created, at.offset, at.recordTime, closeShape()));
    return true;
}

// ArchivedEvent {3 contract_id; 4 template_id; 6 package_name}
bool LedgerDecoder::archived(QByteArrayView message, const Moment &moment, QList<LedgerEvent> &rows)
{
    QByteArrayView contractId;
    QByteArrayView templateId;
    QByteArrayView packageName;
    ProtoWire wire(message);
    while (wire.next()) {
        if (!wire.isBytes())
            continue;
        if (wire.field() == 3)
            contractId = wire.bytes();
        else if (wire.field() == 4)
            templateId = wire.bytes();
        else if (wire.field() == 6)
            packageName = wire.bytes();
    }
    if (!wire.ok() || !openShape(templateId, packageName))
        return false;
    m_builder.begin();
    m_builder.append(moment.updateId);
    m_builder.append(contractId);
    if (!m_builder.isText())
        return false;
    // It has no fields, so any shape of its template serves.
    std::shared_ptr<const LedgerShape> shape = m_guess ? m_guess : closeShape();
    rows.append(m_builder.finish(LedgerEvent::Kind::Archived, moment.offset, moment.recordTime, std::move(shape)));
    return true;
}

// Record {2 fields {1 label; 2 value}}
bool LedgerDecoder::record(QByteArrayView message, int depth)
{
    if (depth > damlDepthLimit || m_prefix.size() > labelLimit) {
        m_exhausted = true;
        return false;
    }
    ProtoWire wire(message);
    while (wire.next()) {
        if (wire.field() != 2 || !wire.isBytes())
            continue;
        QByteArrayView label;
        QByteArrayView value;
        ProtoWire member(wire.bytes());
        while (member.next()) {
            if (!member.isBytes())
                continue;
            if (member.field() == 1)
                label = member.bytes();
            else if (member.field() == 2)
                value = member.bytes();
        }
        if (!member.ok() || !field(label, value, depth))
            return false;
    }
    return wire.ok();
}

bool LedgerDecoder::field(QByteArrayView label, QByteArrayView value, int depth)
{
    QByteArrayView content;
    quint64 number = 0;
    int kind = openDamlValue(value, content, number);
    for (int wrapped = 0; kind == damlOptional; ++wrapped) {
        if (wrapped > damlDepthLimit) {
            m_exhausted = true;
            return false;
        }
        QByteArrayView inner; // none: an encoded Value that holds nothing
        ProtoWire wire(content);
        while (wire.next()) {
            if (wire.field() == 1 && wire.isBytes())
                inner = wire.bytes();
        }
        if (!wire.ok())
            return false;
        value = inner;
        kind = openDamlValue(value, content, number);
    }
    if (kind < 0)
        return false;
    if (kind == damlRecord) {
        const qsizetype before = m_prefix.size();
        m_prefix.append(label);
        m_prefix.append('.');
        const bool ok = record(content, depth + 1);
        m_prefix.resize(before);
        return ok;
    }
    m_scratch.resize(0);
    if (!appendDamlScalarOrJson(value, m_scratch, depth))
        return false;
    if (m_prefix.isEmpty()) {
        if (!leaf(label))
            return false;
    } else {
        const qsizetype before = m_prefix.size();
        m_prefix.append(label);
        const bool ok = leaf(m_prefix);
        m_prefix.resize(before);
        if (!ok)
            return false;
    }
    m_builder.append(m_scratch);
    return true;
}

bool LedgerDecoder::leaf(QByteArrayView label)
{
    if (m_leaves >= static_cast<size_t>(fieldLimit) || label.size() > labelLimit) {
        m_exhausted = true;
        return false;
    }
    if (m_guessing && (m_leaves >= m_guess->labels.size() || QByteArrayView(m_guess->labels[m_leaves]) != label)) {
        m_guessing = false;
        m_labels.assign(m_guess->labels.begin(), m_guess->labels.begin() + static_cast<qptrdiff>(m_leaves));
    }
    if (!m_guessing) {
        if (!label.isValidUtf8())
            return false;
        m_labels.push_back(label.toByteArray());
    }
    ++m_leaves;
    return true;
}

bool LedgerDecoder::openShape(QByteArrayView templateId, QByteArrayView packageName)
{
    m_shapeKey.resize(0);
    m_shapeKey.append(templateId);
    m_shapeKey.append('\0');
    m_shapeKey.append(packageName);
    m_leaves = 0;
    m_labels.clear();
    const auto known
        = std::find_if(m_shapes.begin(), m_shapes.end(), [this](const KnownShape &s) { return s.key == m_shapeKey; });
    m_guessing = known != m_shapes.end();
    if (m_guessing) {
        m_guess = known->shape;
        return true;
    }
    m_guess.reset();
    TemplateId id;
    return templateId.isValidUtf8() && packageName.isValidUtf8() && readIdentifier(templateId, id);
}

std::shared_ptr<const LedgerShape> LedgerDecoder::closeShape()
{
    if (m_guessing && m_leaves == m_guess->labels.size())
        return m_guess;
    if (m_guessing) // fewer fields than the guess had
        m_labels.assign(m_guess->labels.begin(), m_guess->labels.begin() + static_cast<qptrdiff>(m_leaves));
    auto shape = std::make_shared<LedgerShape>();
    const qsizetype separator = m_shapeKey.lastIndexOf('\0');
    readIdentifier(QByteArrayView(m_shapeKey).first(separator), shape->templateId);
    shape->packageName = QString::fromUtf8(QByteArrayView(m_shapeKey).sliced(separator + 1));
    shape->templateIndex = indexOf(shape->templateId, shape->packageName);
    shape->labels = std::move(m_labels);
    m_labels.clear();
    // The newest shape of a template is the best guess for its next event; the list is short.
    std::erase_if(m_shapes, [this](const KnownShape &s) { return s.key == m_shapeKey; });
    if (m_shapes.size() >= shapeLimit)
        m_shapes.erase(m_shapes.begin());
    m_shapes.push_back({m_shapeKey, shape});
    return shape;
}

int LedgerDecoder::indexOf(const TemplateId &id, const QString &packageName) const
{
    for (qsizetype i = 0; i < m_filter.templates.size(); ++i) {
        const TemplateId &wanted = m_filter.templates[i];
        const bool samePackage = wanted.package.startsWith(u'#') ? QStringView(wanted.package).sliced(1) == packageName
                                                                 : wanted.package == id.package;
        if (samePackage && wanted.module == id.module && wanted.entity == id.entity)
            return static_cast<int>(i);
    }
    return -1;
}

} // namespace countersign
