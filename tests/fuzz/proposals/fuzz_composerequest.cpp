#include "backend/proposals/compose/composerequestjson.h"

#include <cstdlib>

using namespace countersign;

// What is read keeps to the limits, is written again as the same bytes, and every step of it can be named to a person.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto request = composeRequestFromJson(bytes);
    if (!request)
        return 0;
    if (bytes.size() > maxComposeRequestBytes || request->actions.size() > maxComposeActions
        || composeRequestToJson(*request) != bytes)
        std::abort();
    for (const ComposeAction &action : request->actions) {
        if (describeAction(action).isEmpty())
            std::abort();
    }
    return 0;
}
