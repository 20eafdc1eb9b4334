#include "app/practice/participant/valuecodec.h"

#include "app/practice/participant/concat.h"

#include <com/daml/ledger/api/v2/value.pb.h>

#include <algorithm>

namespace countersign::participant {

namespace {

CantonError preprocessing(std::string cause)
{
    return {errors::PreprocessingFailed, std::move(cause)};
}

Outcome<DamlScalar> decodeScalar(const lapi::Value &value, const FieldSpec &field, std::string_view what)
{
    const auto mismatch = [&](std::string_view why) {
        return std::unexpected(preprocessing(
            concat("Field ", field.label, " of ", what, ": ", why, " (expected a ", damlTypeName(field.type), ")")));
    };
    switch (field.type) {
    case DamlType::Party:
        if (value.sum_case() != lapi::Value::kParty) {
            return mismatch("mismatching type");
        }
        if (!isPartyText(value.party())) {
            return mismatch("not a party id");
        }
        return damlParty(value.party());
    case DamlType::Text:
        if (value.sum_case() != lapi::Value::kText) {
            return mismatch("mismatching type");
        }
        return damlText(value.text());
    case DamlType::Int64:
        if (value.sum_case() != lapi::Value::kInt64) {
            return mismatch("mismatching type");
        }
        return damlInt(value.int64());
    case DamlType::Numeric: {
        if (value.sum_case() != lapi::Value::kNumeric) {
            return mismatch("mismatching type");
        }
        auto decimal = normalisedNumeric(value.numeric());
        if (!decimal) {
            return mismatch("not a decimal of at most 28 digits before and 10 after the point");
        }
        return damlNumeric(std::move(*decimal));
    }
    case DamlType::Timestamp:
        if (value.sum_case() != lapi::Value::kTimestamp) {
            return mismatch("mismatching type");
        }
        return damlTimestamp(value.timestamp());
    }
    return mismatch("mismatching type");
}

} // namespace

Outcome<TemplateName> decodeIdentifier(const lapi::Identifier &identifier)
{
    return TemplateName::fromParts(identifier.package_id(), identifier.module_name(), identifier.entity_name());
}

Outcome<DamlRecord> decodeRecord(const lapi::Record &record, const std::vector<FieldSpec> &fields, std::string_view what)
{
    if (static_cast<std::size_t>(record.fields_size()) != fields.size()) {
        return std::unexpected(
            preprocessing(concat("Expecting ", fields.size(), " field(s) for ", what, ", but got ", record.fields_size())));
    }
    const auto labelled = std::ranges::count_if(record.fields(), [](const auto &field) { return !field.label().empty(); });
    if (labelled != 0 && labelled != record.fields_size()) {
        return std::unexpected(preprocessing(concat("Either all fields of ", what, " are labelled or none")));
    }
    DamlRecord result;
    result.reserve(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const lapi::RecordField *given = &record.fields(static_cast<int>(i));
        if (labelled != 0 && given->label() != fields[i].label) {
            const auto found = std::ranges::find_if(
                record.fields(), [&](const auto &field) { return field.label() == fields[i].label; });
            if (found == record.fields().end()) {
                return std::unexpected(preprocessing(concat("Missing record field ", fields[i].label, " of ", what)));
            }
            given = &*found;
        }
        auto scalar = decodeScalar(given->value(), fields[i], what);
        if (!scalar) {
            return std::unexpected(scalar.error());
        }
        result.push_back(std::move(*scalar));
    }
    return result;
}

Outcome<DamlRecord> decodeArgument(const lapi::Value &value, const std::vector<FieldSpec> &fields, std::string_view what)
{
    if (value.sum_case() == lapi::Value::kRecord) {
        return decodeRecord(value.record(), fields, what);
    }
    if (value.sum_case() == lapi::Value::kUnit && fields.empty()) {
        return DamlRecord();
    }
    return std::unexpected(preprocessing(concat("The argument of ", what, " is not a record")));
}

void encodeIdentifier(const TemplateRef &ref, lapi::Identifier &to)
{
    to.set_package_id(ref.package->id);
    to.set_module_name(ref.spec->module);
    to.set_entity_name(ref.spec->entity);
}

void encodeScalar(const DamlScalar &scalar, lapi::Value &to)
{
    switch (scalar.type) {
    case DamlType::Party:
        to.set_party(scalar.text);
        break;
    case DamlType::Text:
        to.set_text(scalar.text);
        break;
    case DamlType::Numeric:
        to.set_numeric(scalar.text);
        break;
    case DamlType::Int64:
        to.set_int64(scalar.number);
        break;
    case DamlType::Timestamp:
        to.set_timestamp(scalar.number);
        break;
    }
}

void encodeRecord(const DamlRecord &record, const std::vector<FieldSpec> &fields, bool verbose, lapi::Record &to)
{
    for (std::size_t i = 0; i < record.size(); ++i) {
        lapi::RecordField *field = to.add_fields();
        if (verbose) {
            field->set_label(fields[i].label);
        }
        encodeScalar(record[i], *field->mutable_value());
    }
}

} // namespace countersign::participant
