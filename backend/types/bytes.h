#pragma once

#include "backend/types/error.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QStringView>
#include <QUtf8StringView>

namespace countersign {

/// Raw bytes. Hexadecimal exists only at the edge.
using Bytes = QByteArray;

/// "0x" and lower-case digits, two a byte.
[[nodiscard]] QString toHex(QByteArrayView bytes);

/// Reads "0x" and an even number of digits in any case; Invalid otherwise, with the position of the first bad character.
[[nodiscard]] Result<Bytes> bytesFromHex(QStringView text);
[[nodiscard]] Result<Bytes> bytesFromHex(QUtf8StringView text);
/// As toHex, behind what a text in UTF-8 holds already.
void appendHex(QByteArray &text, QByteArrayView bytes);

} // namespace countersign
