#include "backend/qrcode/qrreader.h"

#include <cstdlib>

using namespace countersign;

// The width, a choice of how the rest is taken, and the pixels: a bit each, so that a fuzzer gets far with few bytes,
// or a byte each.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size < 3)
        return 0;
    const int width = data[0] + 1;
    const bool isBits = (data[1] & 1) != 0;
    Bytes pixels;
    for (size_t i = 2; i < size; ++i) {
        for (int bit = 7; isBits && bit >= 0; --bit)
            pixels.append((data[i] >> bit & 1) != 0 ? '\0' : '\xff');
        if (!isBits)
            pixels.append(static_cast<char>(data[i]));
    }
    const auto height = static_cast<int>(pixels.size() / width);
    const auto texts = readQrSymbols({pixels, width, height, width});
    if (texts.has_value() != (height > 0 && height <= GreyImageView::largestSide))
        std::abort();
    return 0;
}
