#include "tests/backend/records/testrecord.h"
#include "ui/documents/approvalrecordpdf.h"
#include "ui/documents/recorddocument.h"

#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

constexpr double dotsPerInch = 110;

QImage blankPage()
{
    const QSize size = QPageSize(QPageSize::A4).sizePixels(int(dotsPerInch));
    QImage page(size, QImage::Format_RGB32);
    page.setDotsPerMeterX(int(dotsPerInch / 0.0254));
    page.setDotsPerMeterY(int(dotsPerInch / 0.0254));
    page.fill(Qt::white);
    return page;
}

QList<QImage> pagesOf(const ApprovalRecord &record)
{
    QImage device = blankPage();
    const RecordDocument document(record, device);
    QList<QImage> pages;
    for (int page = 0; page < document.pageCount(); ++page) {
        QImage sheet = blankPage();
        QPainter painter(&sheet);
        document.drawPage(painter, page);
        painter.end();
        pages.append(sheet);
    }
    return pages;
}

/// How many pixels of a part of the page are not white.
int inked(const QImage &page, const QRect &part)
{
    int count = 0;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x)
            count += qGray(page.pixel(x, y)) < 200 ? 1 : 0;
    }
    return count;
}

/// What a stream of the document holds; empty when it is not compressed.
QByteArray inflated(const QByteArray &stream)
{
    const QByteArray anySize("\x00\x01\x00\x00", 4); // a hint only
    return stream.startsWith('\x78') ? qUncompress(anySize + stream) : QByteArray();
}

} // namespace

/// The record on paper.
class TestApprovalRecordPdf final : public QObject {
    Q_OBJECT

private slots:
    void theDocumentHasItsPagesAndTheRecordWithin();
    void everyPageIsWrittenOnAndHasItsFoot();
    void theSameRecordGivesTheSamePages();
    void textsFromOutsideAreShownAndDoNotTurn();
    void aRefusalAndAnExecutionAreDrawn();
    void aFolderThatIsNotThereIsSaid();
};

void TestApprovalRecordPdf::theDocumentHasItsPagesAndTheRecordWithin()
{
    const ApprovalRecord record = testRecord(ReviewFixture());
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"record.pdf"_s);
    const auto written = writeApprovalRecordPdf(record, path);
    QVERIFY2(written, qPrintable(written ? QString() : written.error().message));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray pdf = file.readAll();
    QVERIFY(pdf.startsWith("%PDF-1."));
    QVERIFY(pdf.contains("/EmbeddedFile"));
    const auto pages = pdf.count("/Type /Page\n");
    QVERIFY2(pages >= 2, qPrintable(QString::number(pages)));
    // The attachment is the record, byte for byte.
    bool found = false;
    const Bytes expected = approvalRecordToJson(record);
    for (qsizetype at = pdf.indexOf("stream\n"); at >= 0; at = pdf.indexOf("stream\n", at + 1)) {
        const qsizetype begin = at + 7, end = pdf.indexOf("endstream", begin);
        if (end < 0)
            break;
        const QByteArray stream = pdf.sliced(begin, end - begin);
        found = found || stream.startsWith(expected) || inflated(stream) == expected;
    }
    QVERIFY(found);
}

void TestApprovalRecordPdf::everyPageIsWrittenOnAndHasItsFoot()
{
    const ApprovalRecord record = testRecord(ReviewFixture());
    const QList<QImage> pages = pagesOf(record);
    QVERIFY(pages.size() >= 2);
    if (qEnvironmentVariableIsSet("COUNTERSIGN_KEEP_PAGES")) {
        for (int i = 0; i < pages.size(); ++i)
            pages[i].save(u"%1/record-%2.png"_s.arg(qEnvironmentVariable("COUNTERSIGN_KEEP_PAGES")).arg(i + 1));
    }
    for (const QImage &page : pages) {
        const int width = page.width(), height = page.height();
        const int footTop = height * 9 / 10;
        QVERIFY(inked(page, {0, 0, width, footTop}) > 500);
        QVERIFY(inked(page, {0, footTop, width, height - footTop}) > 100);
        // Nothing runs off the paper.
        const int edge = width / 15;
        QCOMPARE(inked(page, {width - edge, 0, edge - 1, height}), 0);
        QCOMPARE(inked(page, {0, 0, edge, height}), 0);
    }
}

void TestApprovalRecordPdf::theSameRecordGivesTheSamePages()
{
    const ApprovalRecord record = testRecord(ReviewFixture());
    QCOMPARE(pagesOf(record), pagesOf(record));
    ApprovalRecord other = record;
    other.journal.count += 1;
    QVERIFY(pagesOf(record) != pagesOf(other));
}

void TestApprovalRecordPdf::textsFromOutsideAreShownAndDoNotTurn()
{
    ApprovalRecord record = testRecord(ReviewFixture());
    const auto before = pagesOf(record).size();
    record.review.findings.first().message = u"\u202e\u200b<b>gone</b>"_s;
    record.review.findings.first().evidence = QString(20'000, u'f');
    record.review.call.data = Bytes(200'000, 'd');
    const auto pages = pagesOf(record);
    QVERIFY(pages.size() > before);
    for (const QImage &page : pages)
        QCOMPARE(inked(page, {page.width() - page.width() / 15, 0, page.width() / 15 - 1, page.height()}), 0);
}

void TestApprovalRecordPdf::aRefusalAndAnExecutionAreDrawn()
{
    ApprovalRecord refused = testRecord(ReviewFixture(), false);
    refused.act = RecordedAct::Refused;
    refused.signature.reset();
    refused.comparison = DeviceComparison::mismatch(u"DEAD BEEF"_s);
    ApprovalRecord executed = testRecord(ReviewFixture(), false);
    executed.act = RecordedAct::Executed;
    executed.comparison.reset();
    executed.execution = ExecutionReport{executed.review.hashes.safeTx, keccak256("transaction"), BlockNumber(101),
        90'000, executed.review.effects, true, true};
    const auto first = pagesOf(refused), second = pagesOf(executed);
    QVERIFY(!first.isEmpty() && !second.isEmpty());
    QVERIFY(first.first() != second.first());
}

void TestApprovalRecordPdf::aFolderThatIsNotThereIsSaid()
{
    const auto written = writeApprovalRecordPdf(testRecord(ReviewFixture()), u"/proc/no/such/record.pdf"_s);
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Unavailable);
    QVERIFY(!QFileInfo::exists(u"/proc/no/such/record.pdf"_s));
}

QTEST_MAIN(TestApprovalRecordPdf)
#include "tst_approvalrecordpdf.moc"
