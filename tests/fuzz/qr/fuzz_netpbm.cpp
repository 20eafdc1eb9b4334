#include "backend/qrcode/netpbm.h"

#include <cstdlib>

using namespace countersign;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    NetpbmReader reader(QByteArrayView(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    while (!reader.atEnd()) {
        const auto image = reader.next();
        if (image && image->pixels.size() != qsizetype(image->width) * image->height)
            std::abort();
        if (!image && !reader.atEnd())
            std::abort();
    }
    return 0;
}
