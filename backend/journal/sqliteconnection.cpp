#include "backend/journal/sqliteconnection.h"

#include "backend/types/strings.h"

#include <sqlite3.h>

#include <QFile>

using namespace Qt::StringLiterals;

namespace countersign {

Error sqliteError(sqlite3 *database, int code)
{
    const QString detail = u"SQLite %1: %2"_s.arg(QString::number(database ? sqlite3_extended_errcode(database) : code),
        QString::fromUtf8(database ? sqlite3_errmsg(database) : sqlite3_errstr(code)));
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorKind::Unavailable, u"The journal is locked by another program"_s, detail};
    case SQLITE_CANTOPEN:
        return {ErrorKind::Unavailable, u"The journal file cannot be opened"_s, detail};
    case SQLITE_FULL:
        return {ErrorKind::Exhausted, u"There is no room left for the journal on its disk"_s, detail};
    case SQLITE_CORRUPT:
        return {ErrorKind::Corrupt, u"The journal file is damaged"_s, detail};
    case SQLITE_NOTADB:
        return {ErrorKind::Corrupt, u"The file is not a journal: SQLite cannot read it"_s, detail};
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return {ErrorKind::Denied, u"The journal file may not be written"_s, detail};
    case SQLITE_CONSTRAINT:
        return {ErrorKind::Conflict, u"The journal refused the change: it only grows"_s, detail};
    case SQLITE_IOERR:
        return {ErrorKind::Unavailable, u"The disk refused to read or write the journal"_s, detail};
    default:
        return {ErrorKind::Internal, u"The journal failed"_s, detail};
    }
}

void SqliteConnection::Close::operator()(sqlite3 *database) const
{
    sqlite3_close_v2(database);
}

SqliteConnection::SqliteConnection(sqlite3 *database)
    : m_database(database)
{
}

Result<SqliteConnection> SqliteConnection::open(const QString &path, Mode mode, int busyMilliseconds)
{
    // Statistics of its memory, which nobody reads, cost a lock at every allocation. Refused when SQLite runs already.
    [[maybe_unused]] static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3 *raw = nullptr;
    const int flags = (mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(QFile::encodeName(path).constData(), &raw, flags, nullptr);
    SqliteConnection connection(raw);
    if (code != SQLITE_OK)
        return std::unexpected(sqliteError(raw, code));
    sqlite3_busy_timeout(raw, busyMilliseconds);
    // The schema of a file that someone else may have edited must not be able to run functions of its choice.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    return connection;
}

Result<void> SqliteConnection::execute(const char *sql)
{
    const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(sqliteError(m_database.get(), code));
    return {};
}

Result<SqliteStatement> SqliteConnection::prepare(const char *sql)
{
    sqlite3_stmt *statement = nullptr;
    const int code = sqlite3_prepare_v3(m_database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(sqliteError(m_database.get(), code));
    return SqliteStatement(m_database.get(), statement);
}

Result<qint64> SqliteConnection::number(const char *sql)
{
    auto statement = prepare(sql);
    if (!statement)
        return std::unexpected(statement.error());
    const auto step = statement->step();
    if (!step)
        return std::unexpected(step.error());
    return *step == SqliteStatement::Step::Row ? statement->integer(0) : 0;
}

Result<void> SqliteConnection::visit(
    const char *sql, std::initializer_list<qint64> parameters, const std::function<void(const SqliteValues &)> &take)
{
    using Take = std::function<void(const SqliteValues &)>;
    const auto row = [](sqlite3_context *context, int, sqlite3_value **values) {
        (*static_cast<const Take *>(sqlite3_user_data(context)))(SqliteValues(values));
    };
    const auto end = [](sqlite3_context *) {};
    const auto define = [this](void *data, void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *)) {
        return sqlite3_create_function_v2(m_database.get(), "visit", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, data, nullptr, step, final, nullptr);
    };
    if (const int code = define(const_cast<Take *>(&take), row, end); code != SQLITE_OK)
        return std::unexpected(sqliteError(m_database.get(), code));
    auto done = [&]() -> Result<void> {
        auto statement = prepare(sql);
        if (!statement)
            return std::unexpected(statement.error());
        int position = 0;
        for (const qint64 parameter : parameters)
            statement->bind(++position, parameter);
        if (const auto step = statement->step(); !step)
            return std::unexpected(step.error());
        return {};
    }();
    define(nullptr, nullptr, nullptr);
    return done;
}

} // namespace countersign
