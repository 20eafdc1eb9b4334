#include "tests/backend/canton/protobufrows.h"

#include "backend/types/strings.h"

#include <QJsonDocument>
#include <QStringList>

namespace countersign::test {

namespace {

namespace lapi = com::daml::ledger::api::v2;

QString text(const std::string &text)
{
    return QString::fromStdString(text);
}

QString quoted(const QString &text)
{
    QString out = u"\""_s;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            out += u'\\' + QString(c);
        else if (c.unicode() < 0x20)
            out += u"\\u%1"_s.arg(uint(c.unicode()), 4, 16, QLatin1Char('0'));
        else
            out += c;
    }
    return out + u'"';
}

QString json(const lapi::Value &value)
{
    QStringList parts;
    switch (value.sum_case()) {
    case lapi::Value::kBool:
        return quoted(value.bool_() ? u"true"_s : u"false"_s);
    case lapi::Value::kInt64:
        return quoted(QString::number(value.int64()));
    case lapi::Value::kDate:
        return quoted(QString::number(value.date()));
    case lapi::Value::kTimestamp:
        return quoted(QString::number(value.timestamp()));
    case lapi::Value::kNumeric:
        return quoted(text(value.numeric()));
    case lapi::Value::kParty:
        return quoted(text(value.party()));
    case lapi::Value::kText:
        return quoted(text(value.text()));
    case lapi::Value::kContractId:
        return quoted(text(value.contract_id()));
    case lapi::Value::kOptional:
        return value.optional().has_value() ? json(value.optional().value()) : u"null"_s;
    case lapi::Value::kList:
        for (const auto &element : value.list().elements())
            parts.append(json(element));
        return u'[' + parts.join(u',') + u']';
    case lapi::Value::kTextMap:
        for (const auto &entry : value.text_map().entries())
            parts.append(quoted(text(entry.key())) + u':' + json(entry.value()));
        return u'{' + parts.join(u',') + u'}';
    case lapi::Value::kGenMap:
        for (const auto &entry : value.gen_map().entries())
            parts.append(u'[' + json(entry.key()) + u',' + json(entry.value()) + u']');
        return u'[' + parts.join(u',') + u']';
    case lapi::Value::kRecord:
        for (const auto &field : value.record().fields())
            parts.append(quoted(text(field.label())) + u':' + json(field.value()));
        return u'{' + parts.join(u',') + u'}';
    case lapi::Value::kVariant:
        return u'{' + quoted(text(value.variant().constructor())) + u':' + json(value.variant().value()) + u'}';
    case lapi::Value::kEnum:
        return quoted(text(value.enum_().constructor()));
    default:
        return u"null"_s;
    }
}

void flatten(const QString &label, const lapi::Value &value, LedgerShape &shape, QStringList &values)
{
    const lapi::Value *inner = &value;
    static const lapi::Value nothing;
    while (inner->has_optional())
        inner = inner->optional().has_value() ? &inner->optional().value() : &nothing;
    if (inner->has_record()) {
        for (const auto &field : inner->record().fields())
            flatten(label + u'.' + text(field.label()), field.value(), shape, values);
        return;
    }
    shape.labels.push_back(label.toUtf8());
    const QString rendered = json(*inner);
    // Scalars stand as they are, structures as JSON.
    if (inner->sum_case() == lapi::Value::SUM_NOT_SET || inner->has_unit())
        values.append(QString());
    else if (inner->has_text() || inner->has_party() || inner->has_numeric() || inner->has_contract_id()
        || inner->has_enum_())
        values.append(text(inner->has_text() ? inner->text()
                : inner->has_party()         ? inner->party()
                : inner->has_numeric()       ? inner->numeric()
                : inner->has_contract_id()   ? inner->contract_id()
                                             : inner->enum_().constructor()));
    else if (rendered.startsWith(u'"'))
        values.append(rendered.sliced(1).chopped(1));
    else
        values.append(rendered);
}

std::shared_ptr<LedgerShape> shapeOf(
    const lapi::Identifier &id, const std::string &packageName, const LedgerFilter &filter)
{
    auto shape = std::make_shared<LedgerShape>();
    shape->templateId = {text(id.package_id()), text(id.module_name()), text(id.entity_name())};
    shape->packageName = text(packageName);
    for (qsizetype i = 0; i < filter.templates.size() && shape->templateIndex < 0; ++i) {
        const TemplateId &wanted = filter.templates[i];
        if (wanted.module == shape->templateId.module && wanted.entity == shape->templateId.entity
            && (wanted.package == u'#' + shape->packageName || wanted.package == shape->templateId.package))
            shape->templateIndex = static_cast<int>(i);
    }
    return shape;
}

Timestamp timeOf(const google::protobuf::Timestamp &time)
{
    return Timestamp::fromMicros(time.seconds() * 1'000'000 + time.nanos() / 1000);
}

LedgerEvent created(
    const lapi::CreatedEvent &event, Offset offset, Timestamp time, const QString &updateId, const LedgerFilter &filter)
{
    auto shape = shapeOf(event.template_id(), event.package_name(), filter);
    QStringList values;
    for (const auto &field : event.create_arguments().fields())
        flatten(text(field.label()), field.value(), *shape, values);
    return LedgerEvent::make(
        LedgerEvent::Kind::Created, offset, time, updateId, text(event.contract_id()), shape, values);
}

} // namespace

QList<LedgerEvent> rowsByProtobuf(const lapi::GetUpdatesResponse &message, const LedgerFilter &filter)
{
    QList<LedgerEvent> rows;
    const auto checkpoint = [&rows](qint64 offset, Timestamp time) {
        rows.append(LedgerEvent::make(LedgerEvent::Kind::Checkpoint, Offset(offset), time, {}, {}, nullptr, {}));
    };
    if (message.has_transaction()) {
        const auto &transaction = message.transaction();
        const Timestamp time = timeOf(transaction.record_time());
        for (const auto &event : transaction.events()) {
            if (event.has_created())
                rows.append(created(
                    event.created(), Offset(transaction.offset()), time, text(transaction.update_id()), filter));
            else if (event.has_archived())
                rows.append(LedgerEvent::make(LedgerEvent::Kind::Archived, Offset(transaction.offset()), time,
                    text(transaction.update_id()), text(event.archived().contract_id()),
                    shapeOf(event.archived().template_id(), event.archived().package_name(), filter), {}));
        }
        if (rows.isEmpty())
            checkpoint(transaction.offset(), time);
    } else if (message.has_reassignment()) {
        const auto &reassignment = message.reassignment();
        for (const auto &event : reassignment.events()) {
            if (event.has_assigned())
                rows.append(created(event.assigned().created_event(), Offset(reassignment.offset()),
                    timeOf(reassignment.record_time()), text(reassignment.update_id()), filter));
        }
        if (rows.isEmpty())
            checkpoint(reassignment.offset(), timeOf(reassignment.record_time()));
    } else if (message.has_offset_checkpoint()) {
        Timestamp newest;
        for (const auto &time : message.offset_checkpoint().synchronizer_times())
            newest = std::max(newest, timeOf(time.record_time()));
        checkpoint(message.offset_checkpoint().offset(), newest);
    } else if (message.has_topology_transaction()) {
        checkpoint(message.topology_transaction().offset(), timeOf(message.topology_transaction().record_time()));
    }
    return rows;
}

QList<LedgerEvent> rowsByProtobuf(const lapi::GetActiveContractsResponse &message, const LedgerFilter &filter)
{
    const lapi::CreatedEvent *event = nullptr;
    if (message.has_active_contract())
        event = &message.active_contract().created_event();
    else if (message.has_incomplete_unassigned())
        event = &message.incomplete_unassigned().created_event();
    else if (message.has_incomplete_assigned())
        event = &message.incomplete_assigned().assigned_event().created_event();
    if (!event)
        return {};
    return {created(*event, Offset(event->offset()), timeOf(event->created_at()), {}, filter)};
}

} // namespace countersign::test
