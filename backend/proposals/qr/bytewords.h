#pragma once

#include "backend/types/bytes.h"

namespace countersign {

/// Bytewords in the minimal style (BCR-2020-012): two letters a byte, the bytes' CRC-32 at the end. Lower case.
[[nodiscard]] QByteArray toBytewords(QByteArrayView bytes);
/// Letters in any case. Invalid when a pair is no byteword, Corrupt when the CRC-32 is wrong.
[[nodiscard]] Result<Bytes> fromBytewords(QByteArrayView text);

} // namespace countersign
