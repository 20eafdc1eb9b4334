#include "app/practice/participant/templateregistry.h"

#include "app/practice/participant/concat.h"

#include <algorithm>

namespace countersign::participant {

TemplateRegistry::TemplateRegistry(std::vector<PackageSpec> packages)
    : m_packages(std::move(packages))
{
}

Outcome<TemplateRef> TemplateRegistry::find(const TemplateName &name) const
{
    const auto package = std::ranges::find(m_packages, name.package, name.byName ? &PackageSpec::name : &PackageSpec::id);
    if (package == m_packages.end() && name.byName) {
        return std::unexpected(CantonError {errors::PackageNamesNotFound,
            concat("The following package names do not match upgradable packages uploaded on this participant: [",
                name.package, "].")});
    }
    if (package != m_packages.end()) {
        for (const TemplateSpec &spec : package->templates) {
            if (spec.module == name.module && spec.entity == name.entity) {
                return TemplateRef {&*package, &spec};
            }
        }
    }
    if (name.byName) {
        return std::unexpected(CantonError {errors::NoTemplatesForName,
            concat("The following package-name/template qualified-name pairs do not reference any template-id uploaded on this "
                   "participant: [(",
                name.package, ",", name.module, ":", name.entity, ")].")});
    }
    CantonError error {errors::TemplatesNotFound, concat("Templates do not exist: [", name.toString(), "].")};
    error.resourceType = "TEMPLATE_ID";
    error.resourceName = name.toString();
    return std::unexpected(std::move(error));
}

TemplateRef TemplateRegistry::sibling(const TemplateRef &of, std::string_view entity) const
{
    const auto found = std::ranges::find_if(of.package->templates,
        [&](const TemplateSpec &spec) { return spec.module == of.spec->module && spec.entity == entity; });
    return {of.package, found == of.package->templates.end() ? nullptr : &*found};
}

} // namespace countersign::participant
