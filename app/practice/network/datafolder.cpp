#include "app/practice/network/datafolder.h"

#include "backend/types/strings.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>

#include <array>

namespace countersign {

namespace {

constexpr qsizetype longestSocketPath = 100; // sun_path holds 108 bytes, the lock file beside it wants some

} // namespace

DataFolder::DataFolder(QString root)
    : m_root(QDir::cleanPath(QDir(root).absolutePath()))
{
}

QString DataFolder::defaultRoot()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/countersign/practice"_s;
}

Result<void> DataFolder::prepare() const
{
    QDir folder(m_root);
    if (!folder.mkpath(u"."_s))
        return fail(ErrorKind::Internal, u"The data folder cannot be made: %1"_s.arg(m_root));
    static constexpr std::array<QStringView, 5> ours{u"parts", u"tokens", u"keys", u"logs", u"proposals"};
    QFile mark(path(u".countersign-practice"));
    const bool isOurs = mark.exists() || QFile::exists(softhsmConfig()); // the latter: of networks before there was a mark
    for (const QStringView name : ours) {
        if (!isOurs && QFileInfo::exists(path(name)))
            return fail(ErrorKind::Conflict, u"%1 is not of a practice network, and would be thrown away: choose another data folder"_s.arg(path(name)));
    }
    if (!mark.open(QIODevice::WriteOnly))
        return fail(ErrorKind::Internal, u"The data folder cannot be written: %1"_s.arg(m_root));
    QFile::remove(environmentFile());
    QFile::remove(pins());
    QFile::remove(softhsmConfig());
    for (const QStringView name : ours) {
        if (!QDir(path(name)).removeRecursively() || !folder.mkpath(name.toString()))
            return fail(ErrorKind::Internal, u"The data folder cannot be written: %1"_s.arg(path(name)));
    }
    QFile::setPermissions(keys(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    QFile::setPermissions(tokens(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    return {};
}

QString DataFolder::controlSocket() const
{
    const QString inside = path(u"control.sock");
    if (inside.toUtf8().size() <= longestSocketPath)
        return inside;
    const QByteArray digest = QCryptographicHash::hash(m_root.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return QDir::tempPath() + u"/countersign-"_s + QString::fromLatin1(digest) + u".sock"_s;
}

Result<void> writePrivateFile(const QString &path, const QByteArray &content)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        || file.write(content) != content.size() || !file.commit())
        return fail(ErrorKind::Internal, u"Cannot write %1"_s.arg(path), file.errorString());
    return {};
}

} // namespace countersign
