#pragma once

#include "backend/journal/sqlitestatement.h"
#include "backend/types/error.h"

#include <QString>

#include <memory>

struct sqlite3;

namespace countersign {

/// Says in words what SQLite reported, with the kind that code can branch on: Unavailable (locked, not readable),
/// Exhausted (disk full), Corrupt (damaged or no database), Denied (read-only), Conflict (a trigger refused), Internal.
Error sqliteError(sqlite3 *database, int code);

/// A SQLite connection of the journal. Belongs to one thread.
class SqliteConnection final {
public:
    enum class Mode { ReadWrite, ReadOnly };

    /// The file must exist. Statements wait at most `busyMilliseconds` for another program's lock.
    static Result<SqliteConnection> open(const QString &path, Mode mode, int busyMilliseconds);

    Result<void> execute(const char *sql);
    Result<SqliteStatement> prepare(const char *sql);
    /// First column of the first row, as a number.
    Result<qint64> number(const char *sql);

private:
    struct Close {
        void operator()(sqlite3 *database) const;
    };

    explicit SqliteConnection(sqlite3 *database);

    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace countersign
