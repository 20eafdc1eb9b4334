#include "backend/proposals/sealedenvelope.h"

#include <cstdlib>

using namespace countersign;

// What is accepted is written again as the same bytes; opening it with a key that it may name never ends the process.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto envelope = envelopeFromJson(bytes);
    if (!envelope)
        return 0;
    if (envelopeToJson(*envelope) != bytes || !isSealedEnvelope(bytes)
        || envelope->recipients.size() > maxEnvelopeRecipients)
        std::abort();
    (void)openEnvelope(*envelope, QByteArray(32, 'a'));
    return 0;
}
