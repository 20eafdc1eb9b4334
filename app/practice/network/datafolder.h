#pragma once

#include "backend/types/error.h"
#include "backend/types/strings.h"

#include <QString>

namespace countersign {

/// Where the practice network keeps everything: one folder, and the names in it.
class DataFolder final {
public:
    explicit DataFolder(QString root);

    /// The folder that is used when the command line names none.
    static QString defaultRoot();

    /// Makes the folder and throws away what an earlier network left. The journal and files that are not ours stay.
    /// Error: Internal when the folder cannot be written.
    Result<void> prepare() const;

    const QString &root() const { return m_root; }
    QString environmentFile() const { return path(u"environment.yaml"); }
    /// A Unix socket's name is short (sun_path): a deep folder gets a socket in the temporary folder, named after the folder.
    QString controlSocket() const;
    QString lockFile() const { return path(u"practice.lock"); }
    QString journalFile() const { return path(u"journal.sqlite"); }
    QString proposals() const { return path(u"proposals"); }
    QString softhsmConfig() const { return path(u"softhsm2.conf"); }
    QString tokens() const { return path(u"tokens"); }
    QString pins() const { return path(u"pins.txt"); }
    QString keys() const { return path(u"keys"); }
    QString supervisorLog() const { return path(u"logs/practice.log"); }
    QString log(QStringView part) const { return path(u"logs/%1.log"_s.arg(part)); }
    QString part(QStringView part) const { return path(u"parts/%1"_s.arg(part)); }
    QString path(QStringView name) const { return u"%1/%2"_s.arg(m_root, name); }

private:
    QString m_root;
};

/// Writes a file that only its owner can read, whole or not at all. Error: Internal.
Result<void> writePrivateFile(const QString &path, const QByteArray &content);

} // namespace countersign
