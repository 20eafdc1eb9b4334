#include "backend/policy/policy.h"
#include "backend/policy/policywriter.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A refusal says why; what is accepted is written as a file that reads back as the same policy.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray yaml(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto policy = Policy::parse(yaml, u"f"_s);
    if (!policy) {
        if (policy.error().detail.isEmpty())
            std::abort();
        return 0;
    }
    const auto again = Policy::parse(toYaml(*policy), u"w"_s);
    if (!again || !(*again == *policy) || again->id() != policy->id())
        std::abort();
    return 0;
}
