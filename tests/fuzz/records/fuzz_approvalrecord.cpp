#include "backend/records/recordverification.h"

#include <cstdlib>

using namespace countersign;

// Whatever is read is verified to an end, and what is read in its one form is written again as the same bytes.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto file = approvalRecordFromJson(bytes);
    if (!file)
        return 0;
    if (file->isCanonical && approvalRecordToJson(file->record) != bytes)
        std::abort();
    if (verifyRecord(*file, {}).isEmpty())
        std::abort();
    return 0;
}
