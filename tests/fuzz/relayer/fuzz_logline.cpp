#include "backend/relayer/logline.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto line = countersign::parseLogLine(QByteArrayView(data, static_cast<qsizetype>(size)));
    if (line && line->message.isEmpty())
        __builtin_trap();
    if (line)
        (void)line->text(u"nonce");
    return 0;
}
