#pragma once

#include "backend/types/error.h"

#include <sqlite3.h>

#include <QByteArrayView>
#include <QString>

#include <memory>

namespace countersign {

/// One prepared SQLite statement: bind, step, read columns, reset. Belongs to the thread of its connection.
class SqliteStatement final {
public:
    enum class Step { Row, Done };

    SqliteStatement() = default;
    SqliteStatement(sqlite3 *database, sqlite3_stmt *statement);

    void bind(int position, qint64 value);
    /// The bytes must stay alive until the next reset(): they are not copied.
    void bindText(int position, QByteArrayView utf8);
    void bindBlob(int position, QByteArrayView bytes);

    Result<Step> step();
    void reset();

    // Inline, because a replay asks a million rows.
    qint64 integer(int column) const { return sqlite3_column_int64(m_statement.get(), column); }
    /// Points into SQLite's row and is valid until the next step() or reset(). Of a text its bytes as they are stored:
    /// sqlite3_column_text would copy each value to end it with a zero.
    QByteArrayView blob(int column) const
    {
        const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement.get(), column));
        return {data, sqlite3_column_bytes(m_statement.get(), column)};
    }
    QByteArrayView text(int column) const { return blob(column); }

private:
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };

    sqlite3 *m_database = nullptr;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

} // namespace countersign
