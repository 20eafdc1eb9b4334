#include "backend/journal/journalfile.h"

#include "backend/journal/journalschema.h"
#include "backend/types/strings.h"

#include <fcntl.h>
#include <unistd.h>

#include <QFile>
#include <QStringEncoder>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype longestField = 16 * 1024 * 1024;

Hash32 hashFrom(QByteArrayView bytes)
{
    return Hash32::fromBytes(bytes).value_or(Hash32());
}

/// Texts as UTF-8 in one piece of memory that is used again for every row.
class Utf8Scratch final {
public:
    void clear(qsizetype letters)
    {
        m_bytes.resize(std::max(m_bytes.size(), letters * 3)); // UTF-8 takes at most three bytes a letter of UTF-16
        m_end = m_bytes.data();
    }
    QByteArrayView of(QStringView text)
    {
        char *const begin = m_end;
        m_end = m_encoder.appendToBuffer(begin, text);
        return {begin, m_end};
    }

private:
    QStringEncoder m_encoder{QStringConverter::Utf8, QStringConverter::Flag::Stateless};
    QByteArray m_bytes;
    char *m_end = nullptr;
};

Result<void> configure(SqliteConnection &connection, const JournalFile::Options &options)
{
    for (const char *sql : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA cell_size_check=ON"}) {
        if (auto done = connection.execute(sql); !done)
            return done;
    }
    if (options.maximumPages <= 0)
        return {};
    const QByteArray limit = "PRAGMA max_page_count=" + QByteArray::number(options.maximumPages);
    return connection.execute(limit.constData());
}

} // namespace

JournalFile::JournalFile(SqliteConnection connection)
    : m_connection(std::move(connection))
{
}

Result<void> JournalFile::create(
    const QString &path, Timestamp at, const Predecessor &predecessor, const Options &options)
{
    // O_EXCL: two consoles that start at once must not both believe that they made it. 0600 is inherited by the WAL.
    const int descriptor
        = ::open(QFile::encodeName(path).constData(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) {
        const int code = errno;
        const QString reason = QString::fromLocal8Bit(std::strerror(code));
        if (code == EEXIST)
            return fail(ErrorKind::Conflict, u"The journal %1 exists already"_s.arg(path));
        if (code == ENOSPC)
            return fail(ErrorKind::Exhausted, u"There is no room left for the journal %1"_s.arg(path), reason);
        return fail(ErrorKind::Unavailable, u"The journal %1 cannot be made: %2"_s.arg(path, reason));
    }
    ::close(descriptor);
    auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadWrite, options.busyMilliseconds);
    if (!connection)
        return std::unexpected(connection.error());
    JournalChain::Header header{
        at.micros(), predecessor.lastGoodHash, predecessor.lastGoodRow, predecessor.file.toUtf8()};
    const Hash32 hash = JournalChain().headerHash(header);
    // Before the first page is written. Pages of 16 KiB read twice as fast as SQLite's 4 KiB and cost a single entry
    // nothing to speak of.
    if (auto done = connection->execute("PRAGMA page_size=16384"); !done)
        return done;
    if (auto done = configure(*connection, options); !done)
        return done;
    const QByteArray marks = "PRAGMA application_id=" + QByteArray::number(journalschema::applicationId)
        + "; PRAGMA user_version=" + QByteArray::number(journalschema::formatNumber) + ";";
    for (const QByteArray &sql : {QByteArray("BEGIN IMMEDIATE"), marks, QByteArray(journalschema::create)}) {
        if (auto done = connection->execute(sql.constData()); !done)
            return done;
    }
    auto insertHeader = connection->prepare("INSERT INTO header VALUES(1, ?1, ?2, ?3, ?4)");
    auto insertHead = connection->prepare("INSERT INTO head VALUES(1, 0, ?1)");
    if (!insertHeader || !insertHead)
        return std::unexpected(insertHeader ? insertHead.error() : insertHeader.error());
    insertHeader->bind(1, header.micros);
    insertHeader->bindText(2, header.predecessorFile);
    insertHeader->bind(3, header.predecessorRow);
    insertHeader->bindBlob(4, header.predecessorHash.view());
    insertHead->bindBlob(1, hash.view());
    for (auto *statement : {&*insertHeader, &*insertHead}) {
        if (auto step = statement->step(); !step)
            return std::unexpected(step.error());
    }
    return connection->execute("COMMIT");
}

Result<JournalFile> JournalFile::open(const QString &path, const Options &options)
{
    auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadWrite, options.busyMilliseconds);
    if (!connection)
        return std::unexpected(connection.error());
    JournalFile file(std::move(*connection));
    if (auto done = file.readHeader(); !done)
        return std::unexpected(done.error());
    if (auto done = configure(file.m_connection, options); !done)
        return std::unexpected(done.error());
    const std::pair<std::optional<SqliteStatement> *, const char *> statements[] = {
        {&file.m_insert,
            "INSERT INTO entries(id, at, kind, actor, subject, text, hash, evidence) VALUES(?1, ?2, ?3, ?4, ?5, ?6, "
            "?7, ?8)"},
        {&file.m_readHead, "SELECT count, hash FROM head WHERE one = 1"},
        {&file.m_writeHead, "UPDATE head SET count = ?1, hash = ?2 WHERE one = 1"},
        {&file.m_begin, "BEGIN IMMEDIATE"},
        {&file.m_commit, "COMMIT"},
    };
    for (const auto &[target, sql] : statements) {
        auto statement = file.m_connection.prepare(sql);
        if (!statement)
            return std::unexpected(statement.error());
        *target = std::move(*statement);
    }
    return file;
}

Result<JournalFile> JournalFile::openForReading(const QString &path, const Options &options)
{
    auto connection = SqliteConnection::open(path, SqliteConnection::Mode::ReadOnly, options.busyMilliseconds);
    if (!connection)
        return std::unexpected(connection.error());
    JournalFile file(std::move(*connection));
    if (auto done = file.readHeader(); !done)
        return std::unexpected(done.error());
    return file;
}

Result<void> JournalFile::readHeader()
{
    const auto application = m_connection.number("PRAGMA application_id");
    if (!application)
        return std::unexpected(application.error());
    if (*application != journalschema::applicationId)
        return fail(ErrorKind::Corrupt, u"The file is a SQLite database, but not a journal"_s);
    const auto format = m_connection.number("PRAGMA user_version");
    if (!format)
        return std::unexpected(format.error());
    if (*format != journalschema::formatNumber)
        return fail(ErrorKind::Corrupt,
            u"The journal has format %1; this version reads format %2"_s.arg(*format).arg(journalschema::formatNumber));
    auto statement = m_connection.prepare(
        "SELECT at, predecessor_file, predecessor_row, predecessor_hash FROM header WHERE one = 1");
    if (!statement)
        return std::unexpected(statement.error());
    const auto step = statement->step();
    if (!step)
        return std::unexpected(step.error());
    if (*step != SqliteStatement::Step::Row)
        return fail(ErrorKind::Corrupt, u"The journal's header is missing"_s);
    m_header = {
        statement->integer(0), hashFrom(statement->blob(3)), statement->integer(2), statement->text(1).toByteArray()};
    m_headerHash = m_chain.headerHash(m_header);
    m_head = {0, m_headerHash};
    return {};
}

Result<JournalHead> JournalFile::storedHead()
{
    auto &statement = *m_readHead;
    const auto step = statement.step();
    JournalHead head;
    if (step && *step == SqliteStatement::Step::Row)
        head = {statement.integer(0), hashFrom(statement.blob(1))};
    statement.reset();
    if (!step)
        return std::unexpected(step.error());
    return head;
}

JournalFile::Walk JournalFile::walk(JournalHead from)
{
    Walk result{from, {}};
    auto statement = m_connection.prepare(
        "SELECT id, at, kind, actor, subject, text, evidence, hash FROM entries WHERE id > ?1 ORDER BY id");
    if (!statement) {
        result.problem = statement.error().message + u" ("_s + statement.error().detail + u")"_s;
        return result;
    }
    statement->bind(1, from.count);
    for (;;) {
        const auto step = statement->step();
        const qint64 expected = result.good.count + 1;
        if (!step) {
            result.problem = u"row %1 cannot be read: %2"_s.arg(expected).arg(step.error().detail);
            return result;
        }
        if (*step == SqliteStatement::Step::Done)
            return result;
        if (statement->integer(0) != expected) {
            result.problem = u"row %1 is missing: row %2 follows row %3"_s.arg(expected)
                                 .arg(statement->integer(0))
                                 .arg(result.good.count);
            return result;
        }
        const JournalChain::Fields fields{expected, statement->integer(1), statement->text(2), statement->text(3),
            statement->text(4), statement->text(5), statement->blob(6)};
        const Hash32 hash = m_chain.rowHash(fields, result.good.hash);
        if (hash.view() != statement->blob(7)) {
            result.problem = u"row %1 does not match its hash: it was changed after it was written"_s.arg(expected);
            return result;
        }
        result.good = {expected, hash};
    }
}

JournalVerification JournalFile::verify()
{
    // One read transaction, so that rows and head are of the same moment even while another console appends.
    const bool begun = m_connection.execute("BEGIN").has_value();
    JournalVerification verification;
    verification.predecessor = QString::fromUtf8(m_header.predecessorFile);
    verification.predecessorHash = m_header.predecessorHash;
    const Walk result = walk({0, m_headerHash});
    verification.count = result.good.count;
    verification.lastGoodHash = result.good.hash;
    const auto triggers = m_connection.number("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'");
    JournalHead stored;
    if (auto statement = m_connection.prepare("SELECT count, hash FROM head WHERE one = 1")) {
        if (const auto step = statement->step(); step && *step == SqliteStatement::Step::Row)
            stored = {statement->integer(0), hashFrom(statement->blob(1))};
    }
    if (begun)
        (void)m_connection.execute("ROLLBACK");
    if (result.problem) {
        verification.reason = *result.problem;
        verification.firstBadRow = result.good.count + 1;
    } else if (stored.count > result.good.count) {
        verification.reason
            = u"the journal had %1 rows and now ends after row %2: rows were cut from its end"_s.arg(stored.count)
                  .arg(result.good.count);
        verification.firstBadRow = result.good.count + 1;
    } else if (stored != result.good) {
        verification.reason = u"the journal's head does not match row %1"_s.arg(result.good.count);
        verification.firstBadRow = result.good.count;
    } else if (!triggers || *triggers != journalschema::triggerCount) {
        verification.reason = u"the guards that refuse changes were removed from the file"_s;
    } else {
        verification.ok = true;
        m_head = result.good;
        m_verified = true;
    }
    return verification;
}

Result<QList<JournalRow>> JournalFile::append(std::span<const Stamped> entries)
{
    if (!m_verified || !m_insert)
        return fail(ErrorKind::Corrupt, u"The journal is open for reading only: its chain has not been found whole"_s);
    const auto begun = m_begin->step();
    m_begin->reset();
    if (!begun)
        return std::unexpected(begun.error());
    JournalHead head = m_head;
    QList<JournalRow> rows;
    auto done = appendRows(entries, head, rows);
    if (done) {
        const auto committed = m_commit->step();
        m_commit->reset();
        if (!committed)
            done = std::unexpected(committed.error());
    }
    if (!done) {
        (void)m_connection.execute("ROLLBACK"); // SQLite may have rolled back itself; a second time is harmless
        return std::unexpected(done.error());
    }
    m_head = head;
    return rows;
}

Result<void> JournalFile::appendRows(std::span<const Stamped> entries, JournalHead &head, QList<JournalRow> &rows)
{
    const auto stored = storedHead();
    if (!stored)
        return std::unexpected(stored.error());
    if (*stored != head) {
        const Walk news = walk(head);
        if (news.problem || news.good != *stored) {
            m_verified = false;
            return fail(ErrorKind::Corrupt, u"The journal was changed by another program and its chain is broken"_s,
                news.problem.value_or(u"its head does not match its last row"_s));
        }
        head = news.good;
    }
    rows.reserve(static_cast<qsizetype>(entries.size()));
    Utf8Scratch scratch;
    for (const Stamped &stamped : entries) {
        const JournalEntry &entry = stamped.entry;
        const QByteArrayView kind = journalKindName(entry.kind); // letters of ASCII are the same in UTF-8
        scratch.clear(entry.actor.size() + entry.subject.size() + entry.text.size());
        const QByteArrayView actor = scratch.of(entry.actor), subject = scratch.of(entry.subject), text = scratch.of(entry.text);
        if (actor.size() + subject.size() + text.size() + entry.evidence.size() > longestField)
            return fail(ErrorKind::Exhausted, u"A journal entry may not exceed 16 MiB"_s);
        const JournalChain::Fields fields{
            head.count + 1, stamped.at.micros(), kind, actor, subject, text, entry.evidence};
        const Hash32 hash = m_chain.rowHash(fields, head.hash);
        m_insert->bind(1, fields.id);
        m_insert->bind(2, fields.micros);
        m_insert->bindText(3, kind);
        m_insert->bindText(4, actor);
        m_insert->bindText(5, subject);
        m_insert->bindText(6, text);
        m_insert->bindBlob(7, hash.view());
        m_insert->bindBlob(8, entry.evidence);
        const auto step = m_insert->step();
        m_insert->reset();
        if (!step)
            return std::unexpected(step.error());
        head = {fields.id, hash};
        rows.append({fields.id, stamped.at, entry.kind, entry.actor, entry.subject, entry.text, entry.evidence, hash});
    }
    m_writeHead->bind(1, head.count);
    m_writeHead->bindBlob(2, head.hash.view());
    const auto step = m_writeHead->step();
    m_writeHead->reset();
    if (!step)
        return std::unexpected(step.error());
    return {};
}

Result<QList<JournalRow>> JournalFile::load(qint64 first, qint64 last)
{
    auto statement = m_connection.prepare("SELECT id, at, kind, actor, subject, text, evidence, hash FROM entries "
                                          "WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
    if (!statement)
        return std::unexpected(statement.error());
    statement->bind(1, first);
    statement->bind(2, last);
    QList<JournalRow> rows;
    for (;;) {
        const auto step = statement->step();
        if (!step)
            return std::unexpected(step.error());
        if (*step == SqliteStatement::Step::Done)
            return rows;
        rows.append({statement->integer(0), Timestamp::fromMicros(statement->integer(1)),
            journalKindFromUtf8(statement->text(2)), QString::fromUtf8(statement->text(3)),
            QString::fromUtf8(statement->text(4)), QString::fromUtf8(statement->text(5)),
            statement->blob(6).toByteArray(), hashFrom(statement->blob(7))});
    }
}

Result<JournalLines> JournalFile::loadLines(qint64 first, qint64 last)
{
    JournalLines lines;
    // Room for the range as asked, but not for one that is only "everything": the head may not be known here.
    constexpr qint64 mostReserved = 4'000'000;
    if (const auto highest = m_connection.number("SELECT max(id) FROM entries"); highest && *highest >= first)
        lines.reserve(std::min(std::min(last, *highest) - first + 1, mostReserved));
    auto done = m_connection.visit("SELECT visit(id, at, kind, actor, subject, text) FROM entries WHERE id BETWEEN ?1 AND ?2",
        {first, last}, [&lines](const SqliteValues &row) {
            lines.append(row.integer(0), Timestamp::fromMicros(row.integer(1)), journalKindFromUtf8(row.text(2)),
                row.text(3), row.text(4), row.text(5));
        });
    if (!done)
        return std::unexpected(done.error());
    return lines;
}

} // namespace countersign
