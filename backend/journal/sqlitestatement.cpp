#include "backend/journal/sqlitestatement.h"

#include "backend/journal/sqliteconnection.h"

namespace countersign {

namespace {

// SQLite takes a null pointer for NULL; an empty text is not NULL.
const char *notNull(QByteArrayView bytes)
{
    return bytes.data() ? bytes.data() : "";
}

} // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

SqliteStatement::SqliteStatement(sqlite3 *database, sqlite3_stmt *statement)
    : m_database(database)
    , m_statement(statement)
{
}

void SqliteStatement::bind(int position, qint64 value)
{
    sqlite3_bind_int64(m_statement.get(), position, value);
}

void SqliteStatement::bindText(int position, QByteArrayView utf8)
{
    sqlite3_bind_text64(m_statement.get(), position, notNull(utf8), static_cast<sqlite3_uint64>(utf8.size()),
        SQLITE_STATIC, SQLITE_UTF8);
}

void SqliteStatement::bindBlob(int position, QByteArrayView bytes)
{
    sqlite3_bind_blob64(
        m_statement.get(), position, notNull(bytes), static_cast<sqlite3_uint64>(bytes.size()), SQLITE_STATIC);
}

Result<SqliteStatement::Step> SqliteStatement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return Step::Row;
    if (code == SQLITE_DONE)
        return Step::Done;
    return std::unexpected(sqliteError(m_database, code));
}

void SqliteStatement::reset()
{
    sqlite3_reset(m_statement.get());
}

} // namespace countersign
