#include "backend/proposals/qr/bytewords.h"
#include "backend/proposals/qr/urframe.h"

#include <cstdlib>

using namespace countersign;

namespace {

void readsWhatItWrites(QByteArrayView text)
{
    if (const auto frame = urFrameFromText(text); frame && toUr(*frame) != text.toByteArray().toLower())
        std::abort();
}

} // namespace

// What is accepted is written again as the same text: nothing can hide beside what was read. The CBOR is tried without
// its checksum too, which a fuzzer does not find.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    readsWhatItWrites(bytes);
    readsWhatItWrites("ur:bytes/" + toBytewords(bytes));
    if (const auto part = fountainPartFromCbor(bytes); part && toCbor(*part) != bytes)
        std::abort();
    if (const auto message = unwrapMessage(bytes); message && wrapMessage(*message) != bytes)
        std::abort();
    return 0;
}
