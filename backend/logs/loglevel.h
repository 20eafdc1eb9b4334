#pragma once

#include <QString>
#include <QStringList>
#include <QStringView>

namespace countersign {

/// How serious a line says it is. Unknown: no level, or a word that nobody knows.
enum class LogLevel : qint8 { Unknown = -1, Trace, Debug, Info, Warning, Error, Fatal };

/// Of the words that loggers use: "warn" and "warning", "err" and "error", "critical" and "panic" (Fatal). Any case.
[[nodiscard]] LogLevel logLevelOf(QStringView word);
/// The words of a level and of those above it, lower case, one for each spelling that is not part of another.
[[nodiscard]] QStringList logLevelWords(LogLevel atLeast);
[[nodiscard]] QString logLevelName(LogLevel level); ///< "warning"; empty for Unknown

} // namespace countersign
