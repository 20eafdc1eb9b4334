#include "backend/canton/damlproto.h"

#include "backend/canton/damltext.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

namespace lapi = com::daml::ledger::api::v2;

bool fill(const DamlValue &value, lapi::Value &out, int depth);

bool fillRecord(const DamlValue &value, lapi::Record &out, int depth)
{
    for (const DamlField &field : value.fields()) {
        lapi::RecordField &to = *out.add_fields();
        to.set_label(field.label.toStdString());
        if (!fill(field.value, *to.mutable_value(), depth))
            return false;
    }
    return true;
}

bool fill(const DamlValue &value, lapi::Value &out, int depth)
{
    if (depth > damlDepthLimit)
        return false;
    using Kind = DamlValue::Kind;
    switch (value.kind()) {
    case Kind::Unit:
        out.mutable_unit();
        return true;
    case Kind::Bool:
        out.set_bool_(value.number() != 0);
        return true;
    case Kind::Int64:
        out.set_int64(value.number());
        return true;
    case Kind::Date:
        out.set_date(static_cast<qint32>(value.number()));
        return true;
    case Kind::Timestamp:
        out.set_timestamp(value.number());
        return true;
    case Kind::Numeric:
        out.set_numeric(value.text().toStdString());
        return true;
    case Kind::Party:
        out.set_party(value.text().toStdString());
        return true;
    case Kind::Text:
        out.set_text(value.text().toStdString());
        return true;
    case Kind::ContractId:
        out.set_contract_id(value.text().toStdString());
        return true;
    case Kind::Optional:
        out.mutable_optional();
        return value.fields().empty()
            || fill(value.fields().front().value, *out.mutable_optional()->mutable_value(), depth + 1);
    case Kind::List:
        out.mutable_list();
        for (const DamlField &field : value.fields()) {
            if (!fill(field.value, *out.mutable_list()->add_elements(), depth + 1))
                return false;
        }
        return true;
    case Kind::TextMap:
        out.mutable_text_map();
        for (const DamlField &field : value.fields()) {
            auto &entry = *out.mutable_text_map()->add_entries();
            entry.set_key(field.label.toStdString());
            if (!fill(field.value, *entry.mutable_value(), depth + 1))
                return false;
        }
        return true;
    case Kind::Record:
        return fillRecord(value, *out.mutable_record(), depth + 1);
    case Kind::Variant:
        out.mutable_variant()->set_constructor(value.text().toStdString());
        return fill(value.fields().front().value, *out.mutable_variant()->mutable_value(), depth + 1);
    case Kind::Enum:
        out.mutable_enum_()->set_constructor(value.text().toStdString());
        return true;
    }
    return false;
}

Result<void> tooDeep()
{
    return fail(ErrorKind::Exhausted, u"A Daml value is nested deeper than %1"_s.arg(damlDepthLimit));
}

} // namespace

void toProto(const TemplateId &id, lapi::Identifier &out)
{
    out.set_package_id(id.package.toStdString());
    out.set_module_name(id.module.toStdString());
    out.set_entity_name(id.entity.toStdString());
}

Result<void> toProto(const DamlValue &value, lapi::Value &out)
{
    return fill(value, out, 0) ? Result<void>() : tooDeep();
}

Result<void> toProto(const DamlValue &record, lapi::Record &out)
{
    return fillRecord(record, out, 0) ? Result<void>() : tooDeep();
}

} // namespace countersign
