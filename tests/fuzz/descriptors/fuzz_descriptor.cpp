#include "backend/descriptors/descriptorformatter.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

// A descriptor from a file, held against a call of every function that it speaks of: all zeros, and what the file holds.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto again = [&json](const QString &) -> Result<QByteArray> { return json; };
    const auto descriptor = Descriptor::load(QStringLiteral("fuzz.json"), json, again);
    if (!descriptor)
        return 0;
    for (const DescriptorFormat &format : descriptor->formats) {
        CallToDescribe call;
        for (const qsizetype words : {0, 1, 2, 8}) {
            call.data = format.selector->bytes() + Bytes(words * 32, '\0');
            const DescribedCall described = describeCall(*descriptor, call, {});
            if (described.hint && !described.mismatch.isEmpty())
                std::abort();
            if (!described.hint && !described.hidden.isEmpty())
                std::abort();
            if (described.hint && described.hint->fields.size() > DescribedCall::maxFields)
                std::abort();
        }
        call.data = format.selector->bytes() + json;
        (void)describeCall(*descriptor, call, {});
    }
    return 0;
}
