#include "models/intents/intentfilter.h"
#include "models/intents/intentmatcher.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const IntentStore store;
    const QString line = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto filter = IntentFilter::parse(line);
    if (!filter) {
        const IntentFilterError &error = filter.error();
        if (error.message.isEmpty() || error.position < 0 || error.length < 0 || error.position + error.length > line.size() + 1)
            std::abort();
    } else {
        std::vector<quint32> rows;
        IntentMatcher(*filter, store, Timestamp::fromSeconds(1)).scan(0, store.size(), rows);
    }
    for (const auto &completion : IntentFilter::complete(line, line.size() / 2, store)) {
        if (completion.position < 0 || completion.position + completion.length > line.size())
            std::abort();
    }
    return 0;
}
