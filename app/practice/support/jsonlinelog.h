#pragma once

#include "backend/types/clock.h"
#include "backend/types/error.h"

#include <QFile>
#include <QJsonObject>
#include <QString>

namespace countersign {

/// An operational log of one JSON object a line: timestamp, level, message, then the event's own fields. The file is
/// moved aside to `<name>.1` when it has grown to its limit, and begun again.
class JsonLineLog final {
public:
    JsonLineLog(const Clock &clock, const QString &path, qint64 largestFile = 100LL * 1024 * 1024);

    /// Error: Internal when the file cannot be opened.
    Result<void> open();
    void info(QStringView message, const QJsonObject &fields) { write(u"info", message, fields); }
    void warn(QStringView message, const QJsonObject &fields) { write(u"warn", message, fields); }

private:
    void write(QStringView level, QStringView message, const QJsonObject &fields);
    void rotate();

    const Clock &m_clock;
    QFile m_file;
    const qint64 m_largestFile;
};

} // namespace countersign
