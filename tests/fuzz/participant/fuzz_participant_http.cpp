#include "app/practice/participant/httprequest.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using countersign::participant::HttpRequest;
    const QByteArray head(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto request = HttpRequest::parse(head);
    if (request && (!request->path.startsWith('/') || request->bodyLength < 0 || request->bodyLength > HttpRequest::MaxBody)) {
        std::abort();
    }
    return 0;
}
