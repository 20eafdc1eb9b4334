#include "backend/types/strings.h"
#include "models/journal/journalmodel.h"

#include <sqlite3.h>

#include <QAbstractItemModelTester>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

class TestJournalModel final : public QObject {
    Q_OBJECT

private slots:
    void init();
    void showsNewestFirst();
    void newRowsComeOnTop();
    void filtersByKindAndWords();
    void filterHoldsForRowsThatArrive();
    void rowsThatArriveWhileAPageIsReadComeOnce();
    void statusSaysWhatIsWrong();
    void verifiesOnRequest();

private:
    JournalEntry entry(int number, JournalKind kind = JournalKind::Operation)
    {
        return JournalEntry::make(kind, number % 2 == 0 ? u"alice"_s : u"bob"_s, u"subject-%1"_s.arg(number),
            u"Entry number %1"_s.arg(number), {{u"number"_s, number}});
    }
    std::unique_ptr<Journal> opened()
    {
        auto journal = std::make_unique<Journal>(m_path, m_clock);
        journal->open();
        if (!QTest::qWaitFor([&] { return journal->status().state != JournalStatus::State::Opening; }))
            qFatal("the journal does not open");
        return journal;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    ManualClock m_clock;
};

void TestJournalModel::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"journal.sqlite"_s);
    const auto journal = opened();
    for (int i = 0; i < 100; ++i)
        journal->append(entry(i, i % 10 == 0 ? JournalKind::Incident : JournalKind::Operation));
}

void TestJournalModel::showsNewestFirst()
{
    const auto journal = opened();
    JournalModel model(*journal);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model.rowCount(), 101);
    QVERIFY(!model.isLoading());
    QCOMPARE(model.index(0, JournalModel::TextColumn).data().toString(), u"Entry number 99"_s);
    QCOMPARE(model.index(0, JournalModel::ActorColumn).data().toString(), u"bob"_s);
    QCOMPARE(model.index(0, 0).data(JournalModel::IdRole).toLongLong(), 101);
    auto whole = model.load(101, 101);
    whole.waitForFinished();
    QVERIFY(whole.result());
    QCOMPARE(whole.result()->first().evidence, QByteArray("{\"number\":99}"));
    QCOMPARE(model.index(100, JournalModel::KindColumn).data().toString(), u"journal"_s);
}

void TestJournalModel::newRowsComeOnTop()
{
    const auto journal = opened();
    JournalModel model(*journal);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model.rowCount(), 101);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    journal->append(entry(500));
    QTRY_COMPARE(model.rowCount(), 102);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(inserted.first().at(1).toInt(), 0);
    QCOMPARE(model.line(0).text.toString(), u"Entry number 500"_s);
}

void TestJournalModel::filtersByKindAndWords()
{
    const auto journal = opened();
    JournalModel model(*journal);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QTRY_COMPARE(model.rowCount(), 101);
    model.setFilter({{JournalKind::Incident}, {}});
    QCOMPARE(model.rowCount(), 10);
    QVERIFY(model.index(0, 0).data(JournalModel::IsIncidentRole).toBool());
    model.setFilter({{JournalKind::Incident}, u"NUMBER 90"_s});
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.line(0).subject.toString(), u"subject-90"_s);
    model.setFilter({{}, u"alice entry"_s});
    QCOMPARE(model.rowCount(), 50);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 101);
}

void TestJournalModel::filterHoldsForRowsThatArrive()
{
    const auto journal = opened();
    JournalModel model(*journal);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setFilter({{JournalKind::Signature}, {}});
    QTRY_VERIFY(!model.isLoading());
    QCOMPARE(model.rowCount(), 0);
    journal->append(entry(1));
    journal->append(entry(2, JournalKind::Signature));
    QTRY_COMPARE(model.total(), 103);
    QCOMPARE(model.rowCount(), 1);
}

void TestJournalModel::rowsThatArriveWhileAPageIsReadComeOnce()
{
    const auto journal = opened();
    JournalModel model(*journal);
    for (int i = 0; i < 50; ++i)
        journal->append(entry(1000 + i));
    QTRY_COMPARE(model.rowCount(), 151);
    QTRY_VERIFY(!model.isLoading());
    for (int row = 0; row < model.rowCount(); ++row)
        QCOMPARE(model.line(row).id, 151 - row);
}

void TestJournalModel::statusSaysWhatIsWrong()
{
    {
        const auto journal = opened();
        const JournalModel model(*journal);
        QVERIFY2(model.statusText().contains(u"chain whole"_s), qPrintable(model.statusText()));
    }
    sqlite3 *database = nullptr;
    QCOMPARE(sqlite3_open(QFile::encodeName(m_path).constData(), &database), SQLITE_OK);
    sqlite3_exec(
        database, "DROP TRIGGER entries_no_delete; DELETE FROM entries WHERE id = 50", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    const auto journal = opened();
    JournalModel model(*journal);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QVERIFY2(model.statusText().contains(u"row 50 is missing"_s), qPrintable(model.statusText()));
    QTRY_COMPARE(model.rowCount(), 100); // what is left can be read, beyond the gap too
    journal->beginSuccessor();
    QTRY_COMPARE(journal->status().state, JournalStatus::State::Ready);
    QTRY_COMPARE(model.rowCount(), 1);
    QVERIFY(model.line(0).text.toString().contains(u"last good row 49"_s));
}

void TestJournalModel::verifiesOnRequest()
{
    const auto journal = opened();
    JournalModel model(*journal);
    QSignalSpy changed(&model, &JournalModel::statusChanged);
    model.verify();
    QVERIFY(model.isVerifying());
    QTRY_VERIFY(!model.isVerifying());
    QVERIFY(changed.count() >= 2);
    QVERIFY(model.statusText().contains(u"chain whole"_s));
}

QTEST_GUILESS_MAIN(TestJournalModel)
#include "tst_journalmodel.moc"
