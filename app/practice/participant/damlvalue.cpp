#include "app/practice/participant/damlvalue.h"

#include <algorithm>
#include <utility>

namespace countersign::participant {

namespace {

constexpr std::size_t MaxIntegerDigits = 28;
constexpr std::size_t Scale = 10;

bool allDigits(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::string_view damlTypeName(DamlType type)
{
    switch (type) {
    case DamlType::Party:
        return "Party";
    case DamlType::Text:
        return "Text";
    case DamlType::Int64:
        return "Int64";
    case DamlType::Numeric:
        return "Numeric";
    case DamlType::Timestamp:
        return "Timestamp";
    }
    return "?";
}

DamlScalar damlParty(std::string party)
{
    return {DamlType::Party, std::move(party), 0};
}

DamlScalar damlText(std::string text)
{
    return {DamlType::Text, std::move(text), 0};
}

DamlScalar damlInt(std::int64_t number)
{
    return {DamlType::Int64, {}, number};
}

DamlScalar damlNumeric(std::string decimal)
{
    return {DamlType::Numeric, std::move(decimal), 0};
}

DamlScalar damlTimestamp(std::int64_t micros)
{
    return {DamlType::Timestamp, {}, micros};
}

std::optional<std::string> normalisedNumeric(std::string_view text)
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const std::size_t point = text.find('.');
    std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (whole.empty() || (point != std::string_view::npos && fraction.empty()) || fraction.size() > Scale
        || !allDigits(whole) || !allDigits(fraction)) {
        return std::nullopt;
    }
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size() - 1));
    if (whole.size() > MaxIntegerDigits) {
        return std::nullopt;
    }
    std::string result(whole);
    result += '.';
    result += fraction;
    result.append(Scale - fraction.size(), '0');
    const bool zero = result.find_first_not_of("0.") == std::string::npos;
    return negative && !zero ? "-" + result : result;
}

bool isPartyText(std::string_view text)
{
    return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '_' || c == ' '
            || c == '-';
    });
}

} // namespace countersign::participant
