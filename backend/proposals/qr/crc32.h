#pragma once

#include <QByteArrayView>

namespace countersign {

/// CRC-32 of ISO 3309 (polynomial 0x04C11DB7, reflected), as UR and Bytewords use it. Finds accidents, not intent.
[[nodiscard]] quint32 crc32(QByteArrayView data);

} // namespace countersign
