#include "backend/alerts/silencematching.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A matcher that is read is written so that it is read again; one that is taken ends in time on any value.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto matcher = parseMatcher(text);
    if (!matcher)
        return 0;
    const auto again = parseMatcher(matcherText(*matcher));
    if (!again || *again != *matcher)
        std::abort();
    if (const auto matching = SilenceMatching::make({*matcher}))
        (void)matching->matches({{matcher->name, matcher->value + matcher->value}});
    return 0;
}
