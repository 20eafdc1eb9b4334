#include "app/practice/participant/templatespec.h"

#include <algorithm>

namespace countersign::participant {

const ChoiceSpec *TemplateSpec::choice(std::string_view name) const
{
    static const ChoiceSpec archive {"Archive", {}, {}, true, std::nullopt};
    if (name == archive.name) {
        return &archive;
    }
    const auto found = std::ranges::find(choices, name, &ChoiceSpec::name);
    return found == choices.end() ? nullptr : &*found;
}

std::optional<std::size_t> TemplateSpec::field(std::string_view label) const
{
    const auto found = std::ranges::find(fields, label, &FieldSpec::label);
    if (found == fields.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - fields.begin());
}

} // namespace countersign::participant
