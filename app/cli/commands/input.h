#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArray>
#include <QString>

namespace countersign {

inline constexpr qsizetype largestInput = 32 * 1024 * 1024;

/// The bytes of a file, or of standard input for "-", as they are. Exhausted when there are more than \a most.
Result<QByteArray> readFile(const QString &name, qsizetype most = largestInput);
/// The text that a word of the command line means: "-" is standard input, "0x…", "{…" and "[…" stand for themselves,
/// and anything else names a file. Without white space at its ends. Errors name the file.
Result<QByteArray> readInput(const QString &word);
/// The same as bytes: hexadecimal with or without 0x.
Result<Bytes> readHexInput(const QString &word);

} // namespace countersign
