#include "app/practice/participant/templatename.h"

#include "app/practice/participant/concat.h"

#include <algorithm>

namespace countersign::participant {

namespace {

constexpr std::size_t MaxLength = 1000; // Daml-LF's limit on dotted names
constexpr std::size_t MaxPackageLength = 255;

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isPackage(std::string_view text)
{
    return text.size() <= MaxPackageLength
        && std::ranges::all_of(text, [](char c) { return isLetter(c) || isDigit(c) || c == '-' || c == '_' || c == '.'; });
}

// Segments of letters, digits, '_' and '$', not starting with a digit, joined by dots.
bool isDottedName(std::string_view text)
{
    if (text.size() > MaxLength) {
        return false;
    }
    bool start = true;
    for (const char c : text) {
        if (c == '.') {
            if (start) {
                return false;
            }
            start = true;
        } else if (isLetter(c) || c == '_' || c == '$' || (!start && isDigit(c))) {
            start = false;
        } else {
            return false;
        }
    }
    return !start;
}

CantonError missing(std::string_view field)
{
    return {errors::MissingField, concat("The submitted command is missing a mandatory field: ", field),
        {{"field_name", std::string(field)}}};
}

CantonError invalid(std::string_view field, std::string_view why)
{
    return {errors::InvalidField,
        concat("The submitted command has a field with invalid value: Invalid field ", field, ": ", why),
        {{"field_name", std::string(field)}}};
}

} // namespace

Outcome<TemplateName> TemplateName::fromParts(std::string_view package, std::string_view module, std::string_view entity)
{
    const bool byName = package.starts_with('#');
    if (byName) {
        package.remove_prefix(1);
    }
    if (package.empty()) {
        return std::unexpected(missing("package_id"));
    }
    if (module.empty()) {
        return std::unexpected(missing("module_name"));
    }
    if (entity.empty()) {
        return std::unexpected(missing("entity_name"));
    }
    if (!isPackage(package)) {
        return std::unexpected(invalid("package_id", "not a package id or name"));
    }
    if (!isDottedName(module)) {
        return std::unexpected(invalid("module_name", "not a dotted name"));
    }
    if (!isDottedName(entity)) {
        return std::unexpected(invalid("entity_name", "not a dotted name"));
    }
    return TemplateName {std::string(package), byName, std::string(module), std::string(entity)};
}

std::string TemplateName::toString() const
{
    return concat(byName ? "#" : "", package, ":", module, ":", entity);
}

} // namespace countersign::participant
