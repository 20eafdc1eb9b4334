#include "backend/proposals/exchangedirectory.h"
#include "backend/proposals/exchangesnapshot.h"

#include <cstdlib>

using namespace countersign;

// Files of any kind, cut at zero bytes, as a folder would hold them: what is accepted has a name that stays in its
// folder and survives a second reading; their union, logs and snapshot come about whatever they say of each other.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    auto set = std::make_shared<ExchangeSet>();
    for (const QByteArray &file : bytes.split('\0')) {
        const auto entry = entryFromJson(file);
        if (!entry)
            continue;
        const auto again = entryFromJson(entryToJson(*entry));
        if (!again || entryHashOf(*again) != entryHashOf(*entry) || !isPlainFileName(entryFileName(*entry)))
            std::abort();
        set->add(*entry);
    }
    const ExchangeLog log(*set);
    if (log.advanced({}) != log.heads())
        std::abort();
    static_cast<void>(log.alarms(log.heads()));
    static_cast<void>(snapshotOf(set));
    return 0;
}
