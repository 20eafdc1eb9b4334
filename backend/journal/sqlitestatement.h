#pragma once

#include "backend/types/error.h"

#include <QByteArrayView>
#include <QString>

#include <memory>

struct sqlite3;
struct sqlite3_stmt;

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

    qint64 integer(int column) const;
    /// Points into SQLite's row and is valid until the next step() or reset().
    QByteArrayView text(int column) const;
    QByteArrayView blob(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };

    sqlite3 *m_database = nullptr;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

} // namespace countersign
