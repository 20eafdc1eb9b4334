#pragma once

#include <QByteArrayView>
#include <QString>

#include <optional>

namespace countersign {

/// The text of these bytes, such that toUtf8() gives them back; absent when they are not UTF-8. Unlike
/// QString::fromUtf8, a byte order mark is content here: it enters hashes.
std::optional<QString> exactUtf8(QByteArrayView utf8);

/// The same, with U+FFFD for what is not UTF-8.
QString nearestUtf8(QByteArrayView utf8);

} // namespace countersign
