#pragma once

#include "backend/journal/journalchain.h"
#include "backend/journal/journalentry.h"
#include "backend/journal/journallines.h"
#include "backend/journal/sqliteconnection.h"
#include "backend/types/error.h"

#include <QList>
#include <QString>

#include <optional>
#include <span>

namespace countersign {

/// The journal's file: SQLite in WAL mode with synchronous FULL, whose triggers refuse UPDATE and DELETE and whose rows
/// are chained by JournalChain. Everything is synchronous and belongs to one thread; Journal is what the rest of the
/// program uses.
class JournalFile final {
public:
    struct Options {
        int busyMilliseconds = 3000; ///< how long to wait for another program's lock
        qint64 maximumPages
            = 0; ///< upper bound of the file in pages of 16 KiB; 0 for none. A full disk looks the same.
    };
    struct Stamped {
        JournalEntry entry;
        Timestamp at;
    };
    /// What a new file continues; an empty file name for the first of its line.
    struct Predecessor {
        QString file; ///< file name without folder
        qint64 lastGoodRow = 0;
        Hash32 lastGoodHash;
    };

    /// Makes the file, readable by its user only. Conflict when it exists.
    static Result<void> create(
        const QString &path, Timestamp at, const Predecessor &predecessor, const Options &options);
    /// Opens for appending. Corrupt when the file is damaged or not a journal: open for reading then still gives the
    /// good rows.
    static Result<JournalFile> open(const QString &path, const Options &options);
    static Result<JournalFile> openForReading(const QString &path, const Options &options);

    /// Walks the chain from the header to the last row and compares it with the stored head. Never fails: what is wrong
    /// is in the result. On a good chain the file may be appended to from now on.
    JournalVerification verify();

    /// One transaction for all of \a entries, durable when it returns. Either all are recorded or none.
    /// Rows that another console added meanwhile are checked and taken over first; Corrupt when they break the chain.
    Result<QList<JournalRow>> append(std::span<const Stamped> entries);

    /// Rows with first <= id <= last in order, whole.
    Result<QList<JournalRow>> load(qint64 first, qint64 last);
    /// The same without hash and evidence, and much faster.
    Result<JournalLines> loadLines(qint64 first, qint64 last);

    const JournalHead &head() const { return m_head; }

private:
    explicit JournalFile(SqliteConnection connection);

    Result<void> readHeader();
    Result<JournalHead> storedHead();
    /// Walks rows after \a from; stops at the first that does not fit and says why.
    struct Walk {
        JournalHead good;
        std::optional<QString> problem;
    };
    Walk walk(JournalHead from);
    Result<void> appendRows(std::span<const Stamped> entries, JournalHead &head, QList<JournalRow> &rows);

    SqliteConnection m_connection;
    JournalChain m_chain;
    JournalChain::Header m_header;
    Hash32 m_headerHash;
    JournalHead m_head; // the last row that this object knows to be good
    bool m_verified = false;
    std::optional<SqliteStatement> m_insert, m_readHead, m_writeHead, m_begin, m_commit;
};

} // namespace countersign
