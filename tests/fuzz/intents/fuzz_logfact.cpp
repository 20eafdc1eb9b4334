#include "backend/intents/intentcorrelator.h"
#include "backend/intents/logfacts.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

/// Log lines to facts, facts to a store: the store must stay consistent whatever the lines say.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    IntentStore store;
    IntentCorrelator correlator(store);
    for (const QByteArray &part : text.split('\n')) {
        const auto line = parseLogLine(part);
        if (!line)
            continue;
        if (const auto fact = factFromLogLine(*line)) {
            correlator.apply(std::span(&*fact, 1));
            if (!correlator.apply(std::span(&*fact, 1)).isEmpty())
                std::abort(); // the same again is nothing new
        }
    }
    for (quint32 row = 0; row < store.size(); ++row) {
        if (store.hops(row).isEmpty() || store.find(store.id(row)) != row)
            std::abort();
    }
    return 0;
}
