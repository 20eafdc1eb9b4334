#pragma once

#include "backend/records/approvalrecord.h"
#include "backend/types/error.h"

#include <QString>
#include <QStringList>

namespace countersign {

/// The folder "records" beside a journal. Files are named by their content's hash and never replaced; the journal's
/// entry names the file, so that a record that is gone or was exchanged shows. Small local files, written at once: they
/// are on the disk before anything is published.
class RecordFolder final {
public:
    explicit RecordFolder(QString path)
        : m_path(std::move(path))
    {
    }
    static RecordFolder besideJournal(const QString &journalPath);

    const QString &path() const { return m_path; }
    /// Makes the folder, readable by its user only. Before a token is asked: what cannot be recorded is not signed.
    Result<void> prepare() const;
    /// Reads it again before it is believed. The path of the file. Errors: Unavailable (cannot be written), Internal (a
    /// record that would not read as what it is).
    Result<QString> write(const ApprovalRecord &record) const;
    /// Whether the record could be written and read, without writing it.
    static Result<void> check(const ApprovalRecord &record);
    static QString fileName(const Hash32 &contentHash);

private:
    QString m_path;
};

} // namespace countersign
