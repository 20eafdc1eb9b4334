#include "app/practice/participant/templateregistry.h"
#include "app/practice/participant/vaultintents.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

// Three parts, separated by line breaks.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace countersign::participant;
    static const TemplateRegistry registry({vaultIntentsPackage()});
    const std::string_view input(reinterpret_cast<const char *>(data), size);
    const std::size_t first = std::min(input.find('\n'), size);
    const std::string_view rest = input.substr(std::min(first + 1, size));
    const std::size_t second = std::min(rest.find('\n'), rest.size());
    const auto name
        = TemplateName::fromParts(input.substr(0, first), rest.substr(0, second), rest.substr(std::min(second + 1, rest.size())));
    if (!name) {
        return 0;
    }
    // What is accepted splits at its colons into the same parts again.
    const std::string text = name->toString();
    if (std::ranges::count(text, ':') != 2) {
        std::abort();
    }
    const std::size_t moduleStart = text.find(':') + 1;
    const std::size_t entityStart = text.rfind(':') + 1;
    const auto again = TemplateName::fromParts(text.substr(0, moduleStart - 1),
        text.substr(moduleStart, entityStart - moduleStart - 1), text.substr(entityStart));
    if (again != name.value()) {
        std::abort();
    }
    const auto found = registry.find(*name);
    if (found && found->spec->entity != name->entity) {
        std::abort();
    }
    return 0;
}
