#pragma once

#include "app/practice/participant/templatename.h"
#include "app/practice/participant/templatespec.h"

#include <vector>

namespace countersign::participant {

/// A template together with the package that it came in.
struct TemplateRef {
    const PackageSpec *package = nullptr;
    const TemplateSpec *spec = nullptr;

    friend bool operator==(const TemplateRef &, const TemplateRef &) = default;
    friend auto operator<=>(const TemplateRef &, const TemplateRef &) = default;
};

/// The packages that the participant has; constant after construction, so any thread may ask it.
class TemplateRegistry final {
public:
    explicit TemplateRegistry(std::vector<PackageSpec> packages);
    TemplateRegistry(const TemplateRegistry &) = delete;
    TemplateRegistry &operator=(const TemplateRegistry &) = delete;
    ~TemplateRegistry() = default;

    /// Errors: PACKAGE_NAMES_NOT_FOUND, NO_TEMPLATES_FOR_PACKAGE_NAME_AND_QUALIFIED_NAME, TEMPLATES_OR_INTERFACES_NOT_FOUND.
    [[nodiscard]] Outcome<TemplateRef> find(const TemplateName &name) const;

    /// The template of the same module that a choice creates; without a spec when there is none.
    [[nodiscard]] TemplateRef sibling(const TemplateRef &of, std::string_view entity) const;

private:
    std::vector<PackageSpec> m_packages;
};

} // namespace countersign::participant
