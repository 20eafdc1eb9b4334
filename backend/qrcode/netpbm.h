#pragma once

#include "backend/qrcode/greyimage.h"
#include "backend/qrcode/qrsymbol.h"

namespace countersign {

/// Reads the images of a Netpbm file one behind the other: binary grey (P5, 8 bits) and binary black and white (P4).
class NetpbmReader final {
public:
    /// The bytes must outlive the reader.
    explicit NetpbmReader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    bool atEnd() const { return m_rest.isEmpty(); }
    /// Invalid when it is no such image, Exhausted when a side is longer than GreyImageView::largestSide. After an
    /// error nothing more is read.
    [[nodiscard]] Result<GreyImage> next();

private:
    Result<GreyImage> read();
    Result<int> readNumber();

    QByteArrayView m_rest;
};

/// A symbol with its quiet zone as a black and white image (P4), \a scale pixels a module.
[[nodiscard]] Bytes toPbm(const QrSymbol &symbol, int scale);

} // namespace countersign
