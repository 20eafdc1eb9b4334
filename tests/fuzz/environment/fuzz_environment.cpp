#include "backend/environment/environment.h"
#include "backend/types/strings.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray yaml(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto read = Environment::parse(yaml, u"f"_s, u"/f"_s);
    // A refusal always says why; what is accepted is usable.
    if (!read ? read.error().detail.isEmpty() : (read->participants.isEmpty() || read->journal.isEmpty() || read->proposals.isEmpty()))
        std::abort();
    return 0;
}
