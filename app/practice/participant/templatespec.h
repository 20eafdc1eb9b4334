#pragma once

#include "app/practice/participant/damlvalue.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace countersign::participant {

/// Where a field of a contract that a choice creates takes its value from.
struct FieldSource {
    enum class From { Contract, Argument, LedgerTime };
    From from = From::Contract;
    std::string label; ///< of the contract's or the argument's field; unused for the ledger time
};

/// What a choice creates: a template of the same module and the source of each of its fields, in order.
struct Creation {
    std::string entity;
    std::vector<FieldSource> sources;
};

struct ChoiceSpec {
    std::string name;
    std::vector<FieldSpec> argument;
    std::string controller; ///< label of the contract's Party field; empty: all signatories (the built-in Archive)
    bool consuming = true;
    std::optional<Creation> creates;
};

/// A Daml template as data. Every template also has the choice Archive.
struct TemplateSpec {
    std::string module;
    std::string entity;
    std::vector<FieldSpec> fields;
    std::vector<std::string> signatories; ///< labels of Party fields
    std::vector<std::string> observers; ///< labels of Party fields
    std::vector<ChoiceSpec> choices;

    [[nodiscard]] const ChoiceSpec *choice(std::string_view name) const;
    [[nodiscard]] std::optional<std::size_t> field(std::string_view label) const;
};

struct PackageSpec {
    std::string name;
    std::string version;
    std::string id; ///< 64 hexadecimal digits
    std::vector<TemplateSpec> templates;
};

} // namespace countersign::participant
