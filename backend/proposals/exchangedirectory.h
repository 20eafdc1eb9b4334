#pragma once

#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QString>
#include <QStringList>

#include <chrono>

namespace countersign {

/// A folder that others write to as well, held open by descriptor: no name is resolved twice, no link is followed, no
/// name leaves it. Blocking; for a thread of its own.
class ExchangeDirectory final {
public:
    /// What tells a file's version from the next without reading it.
    struct Identity {
        quint64 inode = 0;
        qint64 size = 0;
        qint64 modifiedNs = 0;
        qint64 changedNs = 0;
        bool operator==(const Identity &) const = default;
    };

    /// Makes the folder (0700) when its parent exists. Errors NotFound, Denied, Unavailable.
    static Result<ExchangeDirectory> open(const QString &path);
    ExchangeDirectory(ExchangeDirectory &&other) noexcept;
    ExchangeDirectory &operator=(ExchangeDirectory &&) = delete;
    ~ExchangeDirectory();

    /// Names of everything but folders and dot files, sorted. Exhausted above \a limit.
    Result<QStringList> names(qsizetype limit) const;
    /// Rejected for what is no regular file (a pipe; a link, with the detail "link").
    Result<Identity> identity(const QString &name) const;
    /// Exhausted when larger than \a limit.
    Result<Bytes> read(const QString &name, qsizetype limit) const;
    /// Writes beside and renames, with fsync of file and folder. Conflict when the name exists: nothing is ever
    /// replaced.
    Result<void> writeNew(const QString &name, const Bytes &content) const;
    /// The same for a file that only this console writes: what stood there is replaced as a whole.
    Result<void> replace(const QString &name, const Bytes &content) const;
    /// NotFound when there is none.
    Result<void> remove(const QString &name) const;
    /// Temporary files of writers that were killed, older than \a age. Another's file may still be under way before.
    void sweep(std::chrono::seconds age) const;
    /// Whether everybody on this machine may write here.
    bool isOpenToAll() const;
    /// Moves the file into quarantine/ and writes \a reason beside it.
    Result<void> quarantine(const QString &name, const QString &reason) const;

private:
    explicit ExchangeDirectory(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    static Result<void> writeAt(int folder, const QString &name, const Bytes &content, bool mayReplace);

    int m_descriptor = -1;
};

/// A name that can stand in one folder and nowhere else: no separator, no leading dot, at most 200 of [A-Za-z0-9._-].
bool isPlainFileName(const QString &name);

} // namespace countersign
