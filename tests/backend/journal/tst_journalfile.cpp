#include "backend/journal/journalfile.h"
#include "backend/types/strings.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace countersign;

namespace {

std::vector<JournalFile::Stamped> someEntries(int count, int from = 0)
{
    std::vector<JournalFile::Stamped> entries;
    for (int i = from; i < from + count; ++i) {
        entries.push_back(
            {JournalEntry::make(JournalKind::Review, u"alice"_s, u"0x%1"_s.arg(i),
                 u"Reviewed proposal number %1"_s.arg(i), {{u"block"_s, i}, {u"padding"_s, QString(300, u'x')}}),
                Timestamp::fromSeconds(1'700'000'000 + i)});
    }
    return entries;
}

// What a person with the file and a SQLite shell could do; the product's own code has no such door.
QByteArray tamper(const QString &path, const char *sql)
{
    sqlite3 *database = nullptr;
    sqlite3_open(QFile::encodeName(path).constData(), &database);
    char *message = nullptr;
    sqlite3_exec(database, sql, nullptr, nullptr, &message);
    QByteArray text(message);
    sqlite3_free(message);
    sqlite3_close(database);
    return text;
}

} // namespace

class TestJournalFile final : public QObject {
    Q_OBJECT

private slots:
    void init();
    void whatWasAppendedIsReadBackAndVerifies();
    void fileIsReadableByItsUserOnly();
    void updateAndDeleteAreRefused_data();
    void updateAndDeleteAreRefused();
    void nothingIsAppendedBeforeTheChainWasVerified();
    void flippedByteInATextIsFoundAtItsRow();
    void deletedRowInTheMiddleIsFound();
    void rowsCutFromTheEndAreFound();
    void changedHeaderIsFound();
    void removedGuardsAreFound();
    void truncatedFileIsFoundAndItsGoodRowsCanBeRead();
    void fileThatIsNoDatabaseIsRefused();
    void databaseThatIsNoJournalIsRefused();
    void twoConsolesShareOneChain();
    void consoleStopsWhenAnotherBrokeTheChain();
    void lockedFileRefusesAndKeepsItsChain();
    void fullDiskRefusesTheWholeBatchAndTheFileStaysGood();
    void rangesAreLoadedInOrder();

private:
    JournalFile verified()
    {
        auto file = JournalFile::open(m_path, m_options);
        if (!file)
            qFatal("%s", qPrintable(file.error().message));
        file->verify();
        return std::move(*file);
    }
    JournalVerification verification()
    {
        auto file = JournalFile::openForReading(m_path, m_options);
        if (!file)
            qFatal("%s", qPrintable(file.error().message));
        return file->verify();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    JournalFile::Options m_options{.busyMilliseconds = 50};
};

void TestJournalFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"journal.sqlite"_s);
    QVERIFY(JournalFile::create(m_path, Timestamp::fromSeconds(1'700'000'000), {}, m_options));
    auto file = verified();
    QVERIFY(file.append(someEntries(20)));
}

void TestJournalFile::whatWasAppendedIsReadBackAndVerifies()
{
    auto file = verified();
    const auto rows = file.load(1, 100);
    QVERIFY(rows);
    QCOMPARE(rows->size(), 20);
    const auto entries = someEntries(20);
    for (qsizetype i = 0; i < rows->size(); ++i) {
        const auto &row = rows->at(i);
        const auto &entry = entries[static_cast<size_t>(i)];
        QCOMPARE(row.id, i + 1);
        QCOMPARE(row.at.micros(), entry.at.micros());
        QCOMPARE(row.kind, JournalKind::Review);
        QCOMPARE(row.actor, entry.entry.actor);
        QCOMPARE(row.subject, entry.entry.subject);
        QCOMPARE(row.text, entry.entry.text);
        QCOMPARE(row.evidence, entry.entry.evidence);
    }
    const auto result = verification();
    QVERIFY2(result.ok, qPrintable(result.reason));
    QCOMPARE(result.count, 20);
    QCOMPARE(result.lastGoodHash.toString(), rows->last().hash.toString());
}

void TestJournalFile::fileIsReadableByItsUserOnly()
{
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(m_path).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
}

void TestJournalFile::updateAndDeleteAreRefused_data()
{
    QTest::addColumn<QByteArray>("sql");
    QTest::newRow("update") << QByteArray("UPDATE entries SET text = 'x' WHERE id = 3");
    QTest::newRow("delete") << QByteArray("DELETE FROM entries WHERE id = 3");
    QTest::newRow("header") << QByteArray("UPDATE header SET at = 0");
    QTest::newRow("head") << QByteArray("DELETE FROM head");
}

void TestJournalFile::updateAndDeleteAreRefused()
{
    QFETCH(QByteArray, sql);
    QCOMPARE(tamper(m_path, sql.constData()), QByteArray("the journal only grows"));
    QVERIFY(verification().ok);
}

void TestJournalFile::nothingIsAppendedBeforeTheChainWasVerified()
{
    auto file = JournalFile::open(m_path, m_options);
    QVERIFY(file);
    const auto refused = file->append(someEntries(1));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Corrupt);
}

void TestJournalFile::flippedByteInATextIsFoundAtItsRow()
{
    tamper(m_path, "PRAGMA wal_checkpoint(TRUNCATE)");
    QFile raw(m_path);
    QVERIFY(raw.open(QIODevice::ReadWrite));
    const QByteArray bytes = raw.readAll();
    const qsizetype at = bytes.indexOf("Reviewed proposal number 12");
    QVERIFY(at > 0);
    raw.seek(at);
    raw.write("r");
    raw.close();
    const auto result = verification();
    QVERIFY(!result.ok);
    QCOMPARE(result.firstBadRow, 13);
    QCOMPARE(result.count, 12);
    QVERIFY2(result.reason.contains(u"row 13 does not match its hash"_s), qPrintable(result.reason));
    auto file = JournalFile::open(m_path, m_options);
    QVERIFY(file);
    file->verify();
    QVERIFY(!file->append(someEntries(1)));
}

void TestJournalFile::deletedRowInTheMiddleIsFound()
{
    tamper(m_path, "DROP TRIGGER entries_no_delete; DELETE FROM entries WHERE id = 7;");
    const auto result = verification();
    QVERIFY(!result.ok);
    QCOMPARE(result.firstBadRow, 7);
    QVERIFY2(result.reason.contains(u"row 7 is missing"_s), qPrintable(result.reason));
}

void TestJournalFile::rowsCutFromTheEndAreFound()
{
    tamper(m_path,
        "DROP TRIGGER entries_no_delete; DELETE FROM entries WHERE id > 18;"
        "CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT 1; END;");
    const auto result = verification();
    QVERIFY(!result.ok);
    QCOMPARE(result.firstBadRow, 19);
    QVERIFY2(result.reason.contains(u"had 20 rows"_s), qPrintable(result.reason));
}

void TestJournalFile::changedHeaderIsFound()
{
    tamper(m_path, "DROP TRIGGER header_no_update; UPDATE header SET predecessor_file = 'x';");
    const auto result = verification();
    QVERIFY(!result.ok);
    QCOMPARE(result.count, 0);
}

void TestJournalFile::removedGuardsAreFound()
{
    tamper(m_path, "DROP TRIGGER entries_no_update");
    const auto result = verification();
    QVERIFY(!result.ok);
    QVERIFY2(result.reason.contains(u"guards"_s), qPrintable(result.reason));
}

void TestJournalFile::truncatedFileIsFoundAndItsGoodRowsCanBeRead()
{
    {
        auto file = verified();
        QVERIFY(file.append(someEntries(200, 20)));
    }
    tamper(m_path, "PRAGMA wal_checkpoint(TRUNCATE)");
    QFile raw(m_path);
    QVERIFY(raw.resize(raw.size() - 3 * 16384));
    auto file = JournalFile::openForReading(m_path, m_options);
    if (file) {
        const auto result = file->verify();
        QVERIFY(!result.ok);
        QVERIFY2(result.count > 0 && result.count < 220, qPrintable(QString::number(result.count)));
        QVERIFY2(result.reason.contains(u"cannot be read"_s), qPrintable(result.reason));
        const auto rows = file->load(1, result.count);
        QVERIFY(rows);
        QCOMPARE(rows->size(), result.count);
    } else {
        QCOMPARE(file.error().kind, ErrorKind::Corrupt);
    }
}

void TestJournalFile::fileThatIsNoDatabaseIsRefused()
{
    QFile raw(m_path);
    QVERIFY(raw.open(QIODevice::WriteOnly | QIODevice::Truncate));
    raw.write(QByteArray(8192, 'j'));
    raw.close();
    const auto file = JournalFile::open(m_path, m_options);
    QVERIFY(!file);
    QCOMPARE(file.error().kind, ErrorKind::Corrupt);
    QVERIFY(file.error().message.contains(u"not a journal"_s));
}

void TestJournalFile::databaseThatIsNoJournalIsRefused()
{
    const QString other = m_folder->filePath(u"other.sqlite"_s);
    tamper(other, "CREATE TABLE x(y)");
    const auto file = JournalFile::open(other, m_options);
    QVERIFY(!file);
    QCOMPARE(file.error().kind, ErrorKind::Corrupt);
    QVERIFY(file.error().message.contains(u"not a journal"_s));
}

void TestJournalFile::twoConsolesShareOneChain()
{
    auto one = verified();
    auto two = verified();
    QVERIFY(one.append(someEntries(3, 100)));
    const auto rows = two.append(someEntries(2, 200));
    QVERIFY2(rows, qPrintable(rows ? QString() : rows.error().message));
    QCOMPARE(rows->first().id, 24);
    QVERIFY(one.append(someEntries(1, 300)));
    const auto result = verification();
    QVERIFY2(result.ok, qPrintable(result.reason));
    QCOMPARE(result.count, 26);
}

void TestJournalFile::consoleStopsWhenAnotherBrokeTheChain()
{
    auto file = verified();
    tamper(m_path,
        "INSERT INTO entries VALUES(21, 1, 'review', 'mallory', '', 'x', zeroblob(32), zeroblob(0));"
        "UPDATE head SET count = 21, hash = zeroblob(32)");
    const auto refused = file.append(someEntries(1));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Corrupt);
    QVERIFY(!file.append(someEntries(1)));
    QCOMPARE(verification().firstBadRow, 21);
}

void TestJournalFile::lockedFileRefusesAndKeepsItsChain()
{
    auto file = verified();
    sqlite3 *other = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(m_path).constData(), &other), SQLITE_OK);
    QCOMPARE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto refused = file.append(someEntries(1));
    sqlite3_close(other);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Unavailable);
    QVERIFY(refused.error().message.contains(u"locked"_s));
    QVERIFY(file.append(someEntries(1)));
    QVERIFY(verification().ok);
}

void TestJournalFile::fullDiskRefusesTheWholeBatchAndTheFileStaysGood()
{
    auto options = m_options;
    options.maximumPages = 12;
    auto file = JournalFile::open(m_path, options);
    QVERIFY(file);
    QVERIFY(file->verify().ok);
    const auto refused = file->append(someEntries(500));
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::Exhausted);
    const auto small = file->append(someEntries(1));
    QVERIFY2(small, qPrintable(small ? QString() : small.error().message));
    const auto result = verification();
    QVERIFY2(result.ok, qPrintable(result.reason));
    QCOMPARE(result.count, 21);
}

void TestJournalFile::rangesAreLoadedInOrder()
{
    auto file = verified();
    const auto rows = file.loadLines(5, 9);
    QVERIFY(rows);
    QCOMPARE(rows->size(), 5);
    const auto whole = file.load(5, 9);
    QVERIFY(whole);
    for (qsizetype i = 0; i < 5; ++i) {
        const JournalLine &line = (*rows)[i];
        const JournalRow &row = whole->at(i);
        QCOMPARE(line.id, 5 + i);
        QCOMPARE(line.at, row.at);
        QCOMPARE(line.kind, row.kind);
        QCOMPARE(line.actor.toString(), row.actor);
        QCOMPARE(line.subject.toString(), row.subject);
        QCOMPARE(line.text.toString(), row.text);
    }
}

QTEST_GUILESS_MAIN(TestJournalFile)
#include "tst_journalfile.moc"
