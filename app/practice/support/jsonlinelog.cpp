#include "app/practice/support/jsonlinelog.h"

#include "backend/types/strings.h"

#include <QJsonDocument>

namespace countersign {

namespace {

/// {"timestamp":…,"level":…,"message":…} in that order, which QJsonObject (sorted by name) would not keep.
QByteArray lineOf(const QString &time, QStringView level, QStringView message, const QJsonObject &fields)
{
    QByteArray line = "{\"timestamp\":\"" + time.toLatin1() + "\",\"level\":\"" + level.toLatin1() + "\",\"message\":\""
        + message.toLatin1() + '"';
    const QByteArray rest = QJsonDocument(fields).toJson(QJsonDocument::Compact);
    if (!fields.isEmpty())
        line += ',' + rest.mid(1, rest.size() - 2);
    return line + "}\n";
}

} // namespace

JsonLineLog::JsonLineLog(const Clock &clock, const QString &path, qint64 largestFile)
    : m_clock(clock)
    , m_file(path)
    , m_largestFile(largestFile)
{
}

Result<void> JsonLineLog::open()
{
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered))
        return fail(ErrorKind::Internal, u"Cannot write %1"_s.arg(m_file.fileName()), m_file.errorString());
    return {};
}

void JsonLineLog::write(QStringView level, QStringView message, const QJsonObject &fields)
{
    if (!m_file.isOpen())
        return;
    m_file.write(lineOf(m_clock.now().toIsoString(), level, message, fields));
    if (m_file.size() >= m_largestFile)
        rotate();
}

void JsonLineLog::rotate()
{
    const QString aside = m_file.fileName() + u".1"_s;
    const QString name = m_file.fileName();
    m_file.close();
    QFile::remove(aside);
    QFile::rename(name, aside);
    m_file.setFileName(name);
    if (const Result<void> opened = open(); !opened)
        qWarning("%s", qPrintable(opened.error().message));
}

} // namespace countersign
