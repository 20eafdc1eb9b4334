#include "backend/journal/journal.h"
#include "backend/types/strings.h"

#include <sqlite3.h>

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

JournalEntry entry(int number)
{
    return JournalEntry::make(JournalKind::Operation, u"alice"_s, QString::number(number), u"Entry %1"_s.arg(number));
}

void tamper(const QString &path, const char *sql)
{
    sqlite3 *database = nullptr;
    sqlite3_open(QFile::encodeName(path).constData(), &database);
    sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
    sqlite3_close(database);
}

} // namespace

class TestJournal final : public QObject {
    Q_OBJECT

private slots:
    void init();
    void newFileIsBegunWithARowOfItsOwn();
    void entriesAppendedBeforeItIsOpenAreKept();
    void entriesThatArriveWhileItIsBusyAreWrittenTogetherInOrder();
    void destructionWritesWhatWaits();
    void timesComeFromTheInjectedClock();
    void brokenChainIsReadOnlyAndNamesTheFirstBadRow();
    void successorContinuesTheLastGoodHashAndKeepsTheOldFile();
    void fileThatIsNoDatabaseCanBeFollowedToo();
    void interruptedSuccessorIsCompleted();
    void missingFolderIsUnavailableAndCanBeTriedAgain();
    void lockedJournalRefusesAndRecovers();
    void damageWhileRunningIsFoundByVerify();

private:
    bool openedAs(Journal &journal, JournalStatus::State state)
    {
        if (journal.status().state == JournalStatus::State::Opening)
            journal.open();
        return QTest::qWaitFor([&] { return journal.status().state == state; }, 10'000);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    ManualClock m_clock;
    JournalFile::Options m_options{.busyMilliseconds = 50};
};

void TestJournal::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"journal.sqlite"_s);
}

void TestJournal::newFileIsBegunWithARowOfItsOwn()
{
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Ready));
    auto rows = journal.load(1, 10);
    QTRY_VERIFY(rows.isFinished());
    QVERIFY(rows.result());
    QCOMPARE(rows.result()->size(), 1);
    QCOMPARE(rows.result()->first().text, u"Journal begun"_s);
    QCOMPARE(journal.status().head.count, 1);
}

void TestJournal::entriesAppendedBeforeItIsOpenAreKept()
{
    Journal journal(m_path, m_clock);
    journal.open();
    auto future = journal.append(entry(1));
    QCOMPARE(journal.status().state, JournalStatus::State::Opening);
    QTRY_VERIFY(future.isFinished());
    QVERIFY(future.result());
    QCOMPARE(*future.result(), 2);
}

void TestJournal::entriesThatArriveWhileItIsBusyAreWrittenTogetherInOrder()
{
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Ready));
    QSignalSpy appended(&journal, &Journal::rowsAppended);
    QList<QFuture<Result<qint64>>> futures;
    for (int i = 0; i < 500; ++i)
        futures.append(journal.append(entry(i)));
    QTRY_COMPARE(journal.status().head.count, 501);
    for (int i = 0; i < 500; ++i) {
        QTRY_VERIFY(futures[i].isFinished());
        QCOMPARE(*futures[i].result(), i + 2);
    }
    QVERIFY2(appended.count() <= 3,
        qPrintable(QString::number(appended.count()))); // the first alone, the rest as they gathered
    auto verification = journal.verify();
    QTRY_VERIFY(verification.isFinished());
    QVERIFY(verification.result().ok);
    QCOMPARE(verification.result().count, 501);
}

void TestJournal::destructionWritesWhatWaits()
{
    QFuture<Result<qint64>> last;
    {
        Journal journal(m_path, m_clock);
        journal.open();
        for (int i = 0; i < 50; ++i)
            last = journal.append(entry(i));
    }
    QVERIFY(last.isFinished());
    QVERIFY2(last.result(), qPrintable(last.result() ? QString() : last.result().error().message));
    auto file = JournalFile::openForReading(m_path, {});
    QVERIFY(file);
    QCOMPARE(file->verify().count, 51);
}

void TestJournal::timesComeFromTheInjectedClock()
{
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Ready));
    m_clock.set(Timestamp::fromMicros(1'800'000'000'123'456));
    auto future = journal.append(entry(1));
    QTRY_VERIFY(future.isFinished());
    auto rows = journal.load(2, 2);
    QTRY_VERIFY(rows.isFinished());
    QCOMPARE(rows.result()->first().at.micros(), 1'800'000'000'123'456);
}

void TestJournal::brokenChainIsReadOnlyAndNamesTheFirstBadRow()
{
    {
        Journal journal(m_path, m_clock);
        QVERIFY(openedAs(journal, JournalStatus::State::Ready));
        for (int i = 0; i < 5; ++i)
            journal.append(entry(i));
    }
    tamper(m_path, "DROP TRIGGER entries_no_delete; DELETE FROM entries WHERE id = 4");
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Broken));
    QCOMPARE(journal.status().error.kind, ErrorKind::Corrupt);
    QVERIFY2(
        journal.status().error.message.contains(u"row 4 is missing"_s), qPrintable(journal.status().error.message));
    QCOMPARE(journal.status().verification.firstBadRow, 4);
    QCOMPARE(journal.status().head.count, 3);
    auto refused = journal.append(entry(9));
    QTRY_VERIFY(refused.isFinished());
    QVERIFY(!refused.result());
    QCOMPARE(refused.result().error().kind, ErrorKind::Corrupt);
    auto rows = journal.load(1, 100);
    QTRY_VERIFY(rows.isFinished());
    QCOMPARE(rows.result()->size(), 5); // rows 1 to 3, 5 and 6: everything that is left can still be looked at
}

void TestJournal::successorContinuesTheLastGoodHashAndKeepsTheOldFile()
{
    {
        Journal journal(m_path, m_clock);
        QVERIFY(openedAs(journal, JournalStatus::State::Ready));
        for (int i = 0; i < 5; ++i)
            journal.append(entry(i));
    }
    tamper(m_path, "DROP TRIGGER entries_no_update; UPDATE entries SET text = 'nothing' WHERE id = 3");
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Broken));
    const Hash32 lastGood = journal.status().verification.lastGoodHash;
    auto kept = journal.beginSuccessor();
    QTRY_COMPARE(journal.status().state, JournalStatus::State::Ready);
    QVERIFY(kept.result());
    QVERIFY(QFile::exists(*kept.result()));
    QCOMPARE(journal.status().verification.predecessorHash.toString(), lastGood.toString());
    QCOMPARE(u"%1/%2"_s.arg(m_folder->path(), journal.status().verification.predecessor), *kept.result());
    auto future = journal.append(entry(10));
    QTRY_VERIFY(future.isFinished());
    QVERIFY(future.result());
    auto rows = journal.load(1, 10);
    QTRY_VERIFY(rows.isFinished());
    QVERIFY2(
        rows.result()->first().text.contains(u"after its last good row 2"_s), qPrintable(rows.result()->first().text));
    auto old = JournalFile::openForReading(*kept.result(), {});
    QVERIFY(old);
    QCOMPARE(old->load(1, 100)->size(), 6);
}

void TestJournal::fileThatIsNoDatabaseCanBeFollowedToo()
{
    QFile raw(m_path);
    QVERIFY(raw.open(QIODevice::WriteOnly));
    raw.write(QByteArray(8192, 'j'));
    raw.close();
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Broken));
    QVERIFY(journal.status().error.message.contains(u"not a journal"_s));
    auto kept = journal.beginSuccessor();
    QTRY_COMPARE(journal.status().state, JournalStatus::State::Ready);
    QFile old(*kept.result());
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray(8192, 'j'));
}

void TestJournal::interruptedSuccessorIsCompleted()
{
    // As if the console had ended between the two renames of beginSuccessor().
    const JournalFile::Predecessor link{u"journal.broken-x.sqlite"_s, 2, Hash32::fromDigest(QByteArray(32, 'h'))};
    QVERIFY(JournalFile::create(m_path + u".new"_s, m_clock.now(), link, {}));
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Ready));
    QCOMPARE(journal.status().verification.predecessor, link.file);
    QVERIFY(!QFile::exists(m_path + u".new"_s));
}

void TestJournal::missingFolderIsUnavailableAndCanBeTriedAgain()
{
    const QString path = m_folder->filePath(u"later/journal.sqlite"_s);
    Journal journal(path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Unavailable));
    QVERIFY(journal.status().error.message.contains(path));
    auto refused = journal.append(entry(1));
    QTRY_VERIFY(refused.isFinished());
    QVERIFY(!refused.result());
    QVERIFY(QDir().mkpath(m_folder->filePath(u"later"_s)));
    journal.open();
    QTRY_COMPARE(journal.status().state, JournalStatus::State::Ready);
}

void TestJournal::lockedJournalRefusesAndRecovers()
{
    Journal journal(m_path, m_clock, m_options);
    QVERIFY(openedAs(journal, JournalStatus::State::Ready));
    sqlite3 *other = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(m_path).constData(), &other), SQLITE_OK);
    QCOMPARE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    auto refused = journal.append(entry(1));
    QTRY_VERIFY(refused.isFinished());
    sqlite3_close(other);
    QVERIFY(!refused.result());
    QTRY_COMPARE(journal.status().state, JournalStatus::State::Blocked);
    QVERIFY(journal.status().error.message.contains(u"locked"_s));
    auto accepted = journal.append(entry(2));
    QTRY_COMPARE(journal.status().state, JournalStatus::State::Ready);
    QVERIFY(accepted.result());
}

void TestJournal::damageWhileRunningIsFoundByVerify()
{
    Journal journal(m_path, m_clock);
    QVERIFY(openedAs(journal, JournalStatus::State::Ready));
    auto first = journal.append(entry(1));
    QTRY_VERIFY(first.isFinished());
    tamper(m_path, "DROP TRIGGER entries_no_update; UPDATE entries SET actor = 'bob' WHERE id = 2");
    auto verification = journal.verify();
    QTRY_VERIFY(verification.isFinished());
    QCOMPARE(verification.result().firstBadRow, 2);
    QTRY_COMPARE(journal.status().state, JournalStatus::State::Broken);
}

QTEST_GUILESS_MAIN(TestJournal)
#include "tst_journal.moc"
