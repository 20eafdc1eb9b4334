#include "backend/proposals/proposaljson.h"

#include <cstdlib>

using namespace countersign;

// Whatever is accepted must be written again as the same bytes: nothing can hide beside what was read.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    if (const auto proposal = proposalFromJson(bytes);
        proposal && (proposalToJson(*proposal) != bytes || !checkDraft(*proposal)))
        std::abort();
    if (const auto draft = draftFromJson(bytes); draft && draftToJson(*draft) != bytes)
        std::abort();
    return 0;
}
