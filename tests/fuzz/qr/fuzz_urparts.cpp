#include "backend/proposals/qr/urdecoder.h"
#include "backend/types/keccak.h"

#include <algorithm>
#include <cstdlib>

using namespace countersign;

// Parts one behind the other, each with its length before it, as a hostile sender would show them.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    QByteArrayView rest(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    UrDecoder decoder;
    while (!rest.isEmpty()) {
        const qsizetype length = std::min<qsizetype>(static_cast<quint8>(rest.front()), rest.size() - 1);
        const auto part = fountainPartFromCbor(rest.sliced(1, length));
        rest = rest.sliced(1 + length);
        if (!part)
            continue;
        const quint32 before = decoder.received();
        const auto outcome = decoder.feed(toUr(*part));
        const bool wasTaken
            = outcome && (*outcome == UrDecoder::Outcome::New || *outcome == UrDecoder::Outcome::Completed);
        if (decoder.received() > decoder.needed() || (outcome && decoder.received() != before + (wasTaken ? 1 : 0)))
            std::abort();
        if (decoder.isComplete() != (decoder.progress() == 1.0)
            || decoder.isComplete() != decoder.message().has_value())
            std::abort();
        if (decoder.isComplete() && decoder.hash() != keccak256(*decoder.message()))
            std::abort();
    }
    return 0;
}
