#pragma once

#include "backend/types/error.h"

#include <QImage>

namespace countersign {

/// A picture from a file as grey values, at most 4096 by 4096 (a larger one is scaled down). Only formats without
/// references or scripts: PNG, JPEG, BMP, PBM, PGM, PPM. Errors name the file.
[[nodiscard]] Result<QImage> loadGreyImage(const QString &path);

/// The same from a picture that is there: on white, where it is transparent.
[[nodiscard]] QImage toGreyImage(const QImage &image);

} // namespace countersign
