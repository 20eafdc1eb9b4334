#pragma once

#include "backend/types/error.h"
#include "backend/types/timestamp.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>
#include <QMetaType>
#include <QString>
#include <QStringView>

#include <optional>

namespace countersign {

/// One event of a relayer's structured log.
struct LogLine {
    QString relayer; ///< as in the environment; set by RelayerLog
    Timestamp time;
    QString level; ///< lower case
    QString message; ///< the event, e.g. "transaction_submitted"
    QJsonObject fields; ///< all others
    qint64 position = 0; ///< byte at which the line begins in its file: evidence
    QByteArray raw = {}; ///< as it was written; set by who read it from somewhere

    /// A text, number or boolean field as text; empty when it is absent.
    [[nodiscard]] QString text(QStringView field) const;

    friend bool operator==(const LogLine &, const LogLine &) = default;
};

/// RFC 3339, 5.6: "2026-01-31T12:34:56.123456Z" or with "+01:00"; to the microsecond.
[[nodiscard]] std::optional<Timestamp> parseLogTime(QStringView text);

inline constexpr qsizetype longestLogLine = 64 * 1024;

/// Reads one line: a JSON object with "timestamp" (RFC 3339) and "message"; "level" may be absent. Exhausted when it is
/// too long.
[[nodiscard]] Result<LogLine> parseLogLine(QByteArrayView line);

} // namespace countersign

Q_DECLARE_METATYPE(countersign::LogLine)
