#pragma once

#include "backend/types/bytes.h"

namespace countersign {

/// Somebody's pixels, one byte each, 0 black to 255 white; rows from the top, \c stride bytes apart.
struct GreyImageView {
    static constexpr int largestSide = 4096;

    QByteArrayView pixels;
    int width = 0;
    int height = 0;
    qsizetype stride = 0;
};

/// The same with pixels of its own and no gap between rows.
struct GreyImage {
    Bytes pixels;
    int width = 0;
    int height = 0;

    GreyImageView view() const { return {pixels, width, height, width}; }
};

} // namespace countersign
