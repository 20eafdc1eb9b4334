#include "models/dashboards/dashboardlibrary.h"

#include "backend/dashboards/dashboardreader.h"
#include "backend/types/strings.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype maxEntries = 2'000;

Result<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Unavailable, u"%1 cannot be read: %2"_s.arg(path, file.errorString()));
    if (file.size() > maxDashboardBytes)
        return fail(ErrorKind::Exhausted, u"%1 has %2 bytes; a dashboard has at most %3"_s.arg(path).arg(file.size()).arg(maxDashboardBytes));
    return file.readAll();
}

/// A name for a file that no uid can lead out of the folder.
QString fileNameOf(const Dashboard &dashboard)
{
    const QByteArray key = (dashboard.uid.isEmpty() ? dashboard.title : dashboard.uid).toUtf8();
    return QString::fromLatin1(QCryptographicHash::hash(key, QCryptographicHash::Sha256).toHex().first(24)) + u".json"_s;
}

} // namespace

DashboardLibrary::DashboardLibrary(QString folder, QObject *parent)
    : QObject(parent)
    , m_folder(std::move(folder))
{
    refresh();
}

void DashboardLibrary::read(const QString &path, bool isBuiltIn)
{
    const auto content = contentOf(path);
    const auto dashboard = content ? readDashboard(*content) : Result<Dashboard>(std::unexpected(content.error()));
    const QString name = QFileInfo(path).completeBaseName();
    if (!dashboard) {
        m_problems.append(u"%1: %2"_s.arg(QFileInfo(path).fileName(), dashboard.error().message));
        return;
    }
    const QString id = dashboard->uid.isEmpty() ? name : dashboard->uid;
    if (m_entries.size() < maxEntries && !find(id))
        m_entries.append({id, dashboard->title.isEmpty() ? name : dashboard->title, dashboard->tags, path, isBuiltIn});
}

void DashboardLibrary::refresh()
{
    m_entries.clear();
    m_problems.clear();
    const auto readAll = [this](const QString &folder, bool isBuiltIn) {
        const QFileInfoList files = QDir(folder).entryInfoList({u"*.json"_s}, QDir::Files | QDir::Readable, QDir::Name);
        for (const QFileInfo &file : files)
            read(file.filePath(), isBuiltIn);
    };
    readAll(u":/dashboards"_s, true);
    if (!m_folder.isEmpty())
        readAll(m_folder, false);
    emit changed();
}

std::optional<DashboardEntry> DashboardLibrary::find(const QString &id) const
{
    const auto found = std::ranges::find(m_entries, id, &DashboardEntry::id);
    return found == m_entries.end() ? std::nullopt : std::optional(*found);
}

Result<Dashboard> DashboardLibrary::load(const DashboardEntry &entry) const
{
    const auto content = contentOf(entry.path);
    if (!content)
        return std::unexpected(content.error());
    return readDashboard(*content);
}

Result<QByteArray> DashboardLibrary::original(const DashboardEntry &entry) const
{
    return contentOf(entry.path);
}

Result<QString> DashboardLibrary::import(const QByteArray &json)
{
    const auto dashboard = readDashboard(json);
    if (!dashboard)
        return std::unexpected(dashboard.error());
    if (m_folder.isEmpty())
        return fail(ErrorKind::NotFound, tr("There is no place to keep dashboards: this environment has no journal."));
    if (!QDir().mkpath(m_folder))
        return fail(ErrorKind::Unavailable, tr("%1 cannot be made.").arg(m_folder));
    const QString path = QDir(m_folder).filePath(fileNameOf(*dashboard));
    if (QFile::exists(path)) {
        QFile::remove(path + u".bak"_s);
        QFile::copy(path, path + u".bak"_s);
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        return fail(ErrorKind::Unavailable, tr("%1 cannot be written: %2").arg(path, file.errorString()));
    refresh();
    const auto found = std::ranges::find(m_entries, path, &DashboardEntry::path);
    if (found == m_entries.end())
        return fail(ErrorKind::Conflict, tr("A built-in dashboard has the uid “%1” already.").arg(dashboard->uid));
    return found->id;
}

Result<void> DashboardLibrary::remove(const DashboardEntry &entry)
{
    if (entry.isBuiltIn)
        return fail(ErrorKind::Rejected, tr("It is built in."));
    QFile::remove(entry.path + u".bak"_s);
    if (!QFile::rename(entry.path, entry.path + u".bak"_s))
        return fail(ErrorKind::Unavailable, tr("%1 cannot be moved.").arg(entry.path));
    refresh();
    return {};
}

} // namespace countersign
