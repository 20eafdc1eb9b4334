#pragma once

#include "backend/journal/sqlitestatement.h"
#include "backend/types/error.h"

#include <QString>

#include <functional>
#include <initializer_list>
#include <memory>

namespace countersign {

/// Says in words what SQLite reported, with the kind that code can branch on: Unavailable (locked, not readable),
/// Exhausted (disk full), Corrupt (damaged or no database), Denied (read-only), Conflict (a trigger refused), Internal.
Error sqliteError(sqlite3 *database, int code);

/// The values of one row inside SqliteConnection::visit(), valid until the function that got them returns.
class SqliteValues final {
public:
    explicit SqliteValues(sqlite3_value **values) : m_values(values) {}

    qint64 integer(int column) const { return sqlite3_value_int64(m_values[column]); }
    QByteArrayView text(int column) const // as SqliteStatement: its bytes as they are stored
    {
        const auto *data = static_cast<const char *>(sqlite3_value_blob(m_values[column]));
        return {data, sqlite3_value_bytes(m_values[column])};
    }

private:
    sqlite3_value **m_values;
};

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
    /// Calls \a take with the arguments of the SQL function visit() for each row: "SELECT visit(id, text) FROM t WHERE
    /// id >= ?1". Rows come as the table has them, ordered by its key. For reading all of a large table: SQLite hands
    /// the row over inside its own loop, which takes a third less time than step() and asking for each column.
    Result<void> visit(const char *sql, std::initializer_list<qint64> parameters,
        const std::function<void(const SqliteValues &)> &take);

private:
    struct Close {
        void operator()(sqlite3 *database) const;
    };

    explicit SqliteConnection(sqlite3 *database);

    std::unique_ptr<sqlite3, Close> m_database;
};

} // namespace countersign
