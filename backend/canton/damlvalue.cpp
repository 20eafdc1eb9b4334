#include "backend/canton/damlvalue.h"

#include <utility>

namespace countersign {

DamlValue::DamlValue() = default;

DamlValue::DamlValue(Kind kind, QString text, qint64 number)
    : m_kind(kind)
    , m_text(std::move(text))
    , m_number(number)
{
}

DamlValue DamlValue::boolean(bool value)
{
    return {Kind::Bool, {}, value ? 1 : 0};
}

DamlValue DamlValue::int64(qint64 value)
{
    return {Kind::Int64, {}, value};
}

DamlValue DamlValue::date(int daysSince1970)
{
    return {Kind::Date, {}, daysSince1970};
}

DamlValue DamlValue::timestamp(countersign::Timestamp value)
{
    return {Kind::Timestamp, {}, value.micros()};
}

DamlValue DamlValue::numeric(QString decimal)
{
    return {Kind::Numeric, std::move(decimal), 0};
}

DamlValue DamlValue::party(QString party)
{
    return {Kind::Party, std::move(party), 0};
}

DamlValue DamlValue::text(QString text)
{
    return {Kind::Text, std::move(text), 0};
}

DamlValue DamlValue::contractId(QString contractId)
{
    return {Kind::ContractId, std::move(contractId), 0};
}

DamlValue DamlValue::none()
{
    return {Kind::Optional, {}, 0};
}

DamlValue DamlValue::some(DamlValue value)
{
    DamlValue result{Kind::Optional, {}, 0};
    result.m_fields.push_back({{}, std::move(value)});
    return result;
}

DamlValue DamlValue::list(std::vector<DamlValue> elements)
{
    DamlValue result{Kind::List, {}, 0};
    result.m_fields.reserve(elements.size());
    for (DamlValue &element : elements)
        result.m_fields.push_back({{}, std::move(element)});
    return result;
}

DamlValue DamlValue::textMap(std::vector<DamlField> entries)
{
    DamlValue result{Kind::TextMap, {}, 0};
    result.m_fields = std::move(entries);
    return result;
}

DamlValue DamlValue::record(std::vector<DamlField> fields)
{
    DamlValue result{Kind::Record, {}, 0};
    result.m_fields = std::move(fields);
    return result;
}

DamlValue DamlValue::variant(QString constructor, DamlValue value)
{
    DamlValue result{Kind::Variant, std::move(constructor), 0};
    result.m_fields.push_back({{}, std::move(value)});
    return result;
}

DamlValue DamlValue::enumeration(QString constructor)
{
    return {Kind::Enum, std::move(constructor), 0};
}

} // namespace countersign
