#pragma once

#include "backend/qrcode/greyimage.h"

#include <QList>

namespace countersign {

/// The contents of all QR symbols in the image, at most 16; empty when there is none that can be read. Finds symbols
/// that are turned, small, noisy or partly covered. Exhausted when the image is larger than GreyImageView::largestSide,
/// Invalid when it is not what it says.
[[nodiscard]] Result<QList<Bytes>> readQrSymbols(const GreyImageView &image);

} // namespace countersign
