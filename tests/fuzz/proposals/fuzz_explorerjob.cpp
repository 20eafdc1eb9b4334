#include "backend/proposals/execution/explorerpublication.h"

#include <cstdlib>

using namespace countersign;

// An explorer's word about a job: total, and an id that is accepted cannot lead an address elsewhere.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArray answer(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    (void)explorerVerdictFromJson(answer);
    if (const auto id = explorerJobFromJson(answer); id && (id->contains(u'/') || id->contains(u'&') || id->contains(u'?')))
        std::abort();
    return 0;
}
