#pragma once

#include "app/practice/participant/cantonerror.h"

#include <string>
#include <string_view>

namespace countersign::participant {

/// A template id as it comes over the wire: a package by id or by name ("#name", any version), a module and an entity.
struct TemplateName {
    std::string package; ///< id, or the name without '#'
    bool byName = false;
    std::string module;
    std::string entity;

    /// Checks the three parts against Daml-LF's grammar. Errors: MISSING_FIELD, INVALID_FIELD.
    [[nodiscard]] static Outcome<TemplateName> fromParts(
        std::string_view package, std::string_view module, std::string_view entity);

    /// `#name:Module:Entity` or `id:Module:Entity`.
    [[nodiscard]] std::string toString() const;

    friend bool operator==(const TemplateName &, const TemplateName &) = default;
};

} // namespace countersign::participant
