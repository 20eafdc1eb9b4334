#include "backend/types/json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

namespace {

// Walks everything through the handles, so that a wrong link is found by the sanitizers or by the count.
qsizetype valuesIn(JsonView value)
{
    qsizetype count = 1, children = 0;
    for (const JsonView child : value) {
        ++children;
        count += valuesIn(child);
        if (value.isObject() && !value.find(child.key()))
            std::abort();
    }
    if (children != value.size())
        std::abort();
    return count;
}

} // namespace

// What is read is written again as a text that reads as the same, and that is its own writing.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto text = JsonText::parse(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    if (!text)
        return 0;
    const QByteArray written = text->root().toJson();
    const auto again = JsonText::parse(written);
    if (!again || again->root().toJson() != written || valuesIn(again->root()) != valuesIn(text->root()))
        std::abort();
    return 0;
}
