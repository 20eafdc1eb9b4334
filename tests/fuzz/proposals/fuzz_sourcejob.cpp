#include "backend/proposals/execution/sourcepublication.h"

#include <cstdlib>

using namespace countersign;

// A server's word about a job: total, and an id that is accepted cannot lead an address elsewhere.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArray answer(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    (void)sourceJobFromJson(answer);
    if (const auto id = sourceJobIdFromJson(answer); id && (id->isEmpty() || id->contains(u'/') || id->contains(u'?')))
        std::abort();
    return 0;
}
