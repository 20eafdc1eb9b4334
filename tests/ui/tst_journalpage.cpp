#include "backend/types/strings.h"
#include "models/journal/journalmodel.h"
#include "ui/pages/journal/journaldetails.h"
#include "ui/pages/journal/journalpage.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/prompter.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

/// Answers at once, with the file that the test names.
class ReadyPrompter final : public Prompter {
public:
    void askSaveFile(QWidget *, const SaveRequest &, std::function<void(const QString &)> done) override { done(path); }
    void askOpenFiles(QWidget *, const OpenRequest &, std::function<void(const QStringList &)> done) override { done({path}); }
    void tell(QWidget *, const QString &, const QString &) override { }
    void confirm(QWidget *, const ConfirmRequest &, std::function<void(bool)> done) override { done(true); }
    QString path;
};

constexpr int entryCount = 4500; // more than one reading of the export

} // namespace

class TestJournalPage final : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void detailsShowTheWholeRow();
    void exportsTheRowsShownInOrder();
    void anExportThatIsStoppedLeavesNoFile();
    void anExportThatCannotBeWrittenSaysSo();

private:
    QPushButton *exportButton()
    {
        for (auto *button : m_page->findChildren<QPushButton *>()) {
            if (button->accessibleName() == u"Export rows")
                return button;
        }
        return nullptr;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    ManualClock m_clock;
    ReadyPrompter m_prompter;
    std::unique_ptr<Journal> m_journal;
    std::unique_ptr<JournalModel> m_model;
    std::unique_ptr<JournalPage> m_page;
};

void TestJournalPage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_prompter.path = m_folder->filePath(u"rows.jsonl"_s);
    m_journal = std::make_unique<Journal>(m_folder->filePath(u"journal.sqlite"_s), m_clock);
    m_journal->open();
    for (int i = 0; i < entryCount; ++i)
        m_journal->append(JournalEntry::make(JournalKind::Operation, i % 2 == 0 ? u"alice"_s : u"bob"_s,
            u"subject-%1"_s.arg(i), u"Entry %1"_s.arg(i), {{u"number"_s, i}}));
    m_model = std::make_unique<JournalModel>(*m_journal);
    m_page = std::make_unique<JournalPage>(*m_model, m_prompter);
    QTRY_COMPARE(m_model->total(), entryCount + 1);
}

void TestJournalPage::cleanup()
{
    m_page.reset();
    m_model.reset();
    m_journal.reset();
}

void TestJournalPage::detailsShowTheWholeRow()
{
    auto *table = m_page->findChild<DataTable *>();
    auto *details = m_page->findChild<JournalDetails *>();
    QVERIFY(table && details && details->isHidden());
    table->setCurrentIndex(m_model->index(0, 0));
    QTRY_VERIFY(!details->isHidden());
    const QJsonObject row = QJsonDocument::fromJson(details->text().toUtf8()).object();
    QCOMPARE(row[u"id"].toInt(), entryCount + 1);
    QCOMPARE(row[u"evidence"][u"number"].toInt(), entryCount - 1);
    QCOMPARE(row[u"hash"].toString(), m_journal->status().head.hash.toString());
}

void TestJournalPage::exportsTheRowsShownInOrder()
{
    m_page->findChild<QLineEdit *>()->setText(u"alice"_s);
    QCOMPARE(m_model->rowCount(), entryCount / 2);
    exportButton()->click();
    QTRY_VERIFY(QFile::exists(m_prompter.path));
    QFile file(m_prompter.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    int count = 0;
    while (!file.atEnd()) {
        const QJsonObject line = QJsonDocument::fromJson(file.readLine()).object();
        QCOMPARE(line[u"text"].toString(), u"Entry %1"_s.arg(2 * count));
        QCOMPARE(line[u"actor"].toString(), u"alice"_s);
        QCOMPARE(QJsonDocument::fromJson(line[u"evidence"].toString().toUtf8()).object()[u"number"].toInt(), 2 * count);
        QCOMPARE(line[u"hash"].toString().size(), 66);
        ++count;
    }
    QCOMPARE(count, entryCount / 2);
}

void TestJournalPage::anExportThatIsStoppedLeavesNoFile()
{
    exportButton()->click();
    QCOMPARE(exportButton()->text(), u"Stop export"_s);
    exportButton()->click();
    QCOMPARE(exportButton()->text(), u"Export…"_s);
    QTest::qWait(50);
    QVERIFY(!QFile::exists(m_prompter.path));
}

void TestJournalPage::anExportThatCannotBeWrittenSaysSo()
{
    m_prompter.path = m_folder->filePath(u"missing/rows.jsonl"_s);
    exportButton()->click();
    QCOMPARE(exportButton()->text(), u"Export…"_s);
    QVERIFY(!QFile::exists(m_prompter.path));
}

QTEST_MAIN(TestJournalPage)
#include "tst_journalpage.moc"
