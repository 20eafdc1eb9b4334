#include "backend/records/recordfolder.h"

#include "backend/records/recordfile.h"
#include "backend/types/strings.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

namespace countersign {

RecordFolder RecordFolder::besideJournal(const QString &journalPath)
{
    return RecordFolder(QFileInfo(journalPath).absolutePath() + u"/records"_s);
}

QString RecordFolder::fileName(const Hash32 &contentHash)
{
    return contentHash.toString() + u".json"_s;
}

Result<void> RecordFolder::prepare() const
{
    if (!QDir().mkpath(m_path))
        return fail(ErrorKind::Unavailable, u"The folder of the records cannot be made: %1"_s.arg(m_path));
    QFile::setPermissions(m_path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    if (!QFileInfo(m_path).isWritable())
        return fail(ErrorKind::Unavailable, u"The folder of the records cannot be written: %1"_s.arg(m_path));
    return {};
}

Result<void> RecordFolder::check(const ApprovalRecord &record)
{
    const auto read = approvalRecordFromJson(approvalRecordToJson(record));
    if (!read)
        return fail(ErrorKind::Internal, u"The record could not be read again: %1"_s.arg(read.error().message));
    if (!read->isCanonical || read->claimedHash != record.contentHash())
        return fail(ErrorKind::Internal, u"The record would not read as what it is"_s);
    return {};
}

Result<QString> RecordFolder::write(const ApprovalRecord &record) const
{
    if (const auto checked = check(record); !checked)
        return std::unexpected(checked.error());
    if (const auto prepared = prepare(); !prepared)
        return std::unexpected(prepared.error());
    const QString path = m_path + u'/' + fileName(record.contentHash());
    const Bytes bytes = approvalRecordToJson(record);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()
        || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || !file.commit())
        return fail(ErrorKind::Unavailable, u"The record cannot be written to %1: %2"_s.arg(path, file.errorString()));
    return path;
}

} // namespace countersign
