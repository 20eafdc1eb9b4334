#include "models/relayers/logtablemodel.h"

#include "backend/types/strings.h"
#include "models/relayers/logfilter.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;

namespace {

// ' stands for ".
QByteArray textOf(int number, const QByteArray &message, const QByteArray &level = "info")
{
    QByteArray line = "{'timestamp':'" + Timestamp::fromSeconds(1'760'000'000 + number).toIsoString().toLatin1() + "','level':'" + level
        + "','message':'" + message + "','intentId':'intent-" + QByteArray::number(number) + "','chain':'polygon'}";
    return line.replace('\'', '"');
}

LogLine lineOf(int number, const QByteArray &message, const QByteArray &level = "info")
{
    const QByteArray raw = textOf(number, message, level);
    LogLine line = *parseLogLine(raw);
    line.relayer = u"relayer-1"_s;
    line.position = number;
    line.raw = raw;
    return line;
}

QString cell(const LogTableModel &model, int row, LogTableModel::Column column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class TestLogTableModel final : public QObject {
    Q_OBJECT

private slots:
    void theNewestLineIsOnTopAndTheFilterHolds()
    {
        LogTableModel model(nullptr);
        const QAbstractItemModelTester tester(&model);
        model.append({lineOf(2, "intent_queued"), lineOf(1, "intent_received"), lineOf(3, "intent_failed", "error")});
        QTRY_COMPARE(model.rowCount(), 3);
        QCOMPARE(cell(model, 0, LogTableModel::MessageColumn), u"intent_failed"_s);
        QCOMPARE(cell(model, 2, LogTableModel::MessageColumn), u"intent_received"_s);
        QCOMPARE(cell(model, 0, LogTableModel::IntentColumn), u"intent-3"_s);
        QCOMPARE(cell(model, 0, LogTableModel::FieldsColumn), u"chain=polygon"_s);
        QCOMPARE(static_cast<Tone>(model.index(0, 0).data(LogTableModel::ToneRole).toInt()), Tone::Bad);
        QCOMPARE(model.json(0).toUtf8(), textOf(3, "intent_failed", "error"));
        model.setQuery(*parseLogFilter(u"level:>=warn"_s));
        QCOMPARE(model.rowCount(), 1);
        model.append({lineOf(4, "intent_queued"), lineOf(5, "retry", "warn")});
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 0, LogTableModel::MessageColumn), u"retry"_s);
        QCOMPARE(model.liveCount(), 5);
        model.setQuery({});
        QCOMPARE(model.rowCount(), 5);
    }

    void whileItIsHeldLinesWait()
    {
        LogTableModel model(nullptr);
        const QAbstractItemModelTester tester(&model);
        model.append({lineOf(1, "a")});
        QTRY_COMPARE(model.rowCount(), 1);
        model.setHeld(true);
        model.append({lineOf(2, "b"), lineOf(3, "c")});
        QTRY_COMPARE(model.pendingCount(), 2);
        QCOMPARE(model.rowCount(), 1);
        model.setHeld(false);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.pendingCount(), 0);
    }

    void theOldestLinesLeave()
    {
        LogTableModel model(nullptr);
        model.setQuery(*parseLogFilter(u"message:even"_s));
        int number = 0;
        for (int batch = 0; batch < 11; ++batch) {
            QVector<LogLine> lines;
            for (int i = 0; i < 1000; ++i, ++number)
                lines.append(lineOf(number, number % 2 == 0 ? "even" : "odd"));
            model.append(lines);
            QTRY_COMPARE(model.liveCount(), std::min<qsizetype>(number, LogTableModel::liveLines));
        }
        QTRY_COMPARE(cell(model, 0, LogTableModel::IntentColumn), u"intent-10998"_s);
        QCOMPARE(model.rowCount(), 5000);
        QCOMPARE(cell(model, 4999, LogTableModel::IntentColumn), u"intent-1000"_s);
    }

    void theHistoryIsSearchedInPagesAndLiveLinesWait()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"relayer.log"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 1000; ++i)
            file.write(textOf(i, i % 2 == 0 ? "even" : "odd") + '\n');
        file.close();
        LogArchive archive({{u"relayer-1"_s, path}});
        archive.start();
        LogTableModel model(&archive); // without a tester, which would fetch every page
        model.append({lineOf(5000, "even")});
        QTRY_COMPARE(model.rowCount(), 1);
        model.setQuery(*parseLogFilter(u"message:even"_s));
        model.searchHistory();
        QVERIFY(model.isSearching());
        QTRY_COMPARE(model.rowCount(), LogTableModel::pageSize);
        QVERIFY(!model.isSearching());
        QCOMPARE(model.found().hits.size(), 500);
        QCOMPARE(cell(model, 0, LogTableModel::IntentColumn), u"intent-998"_s);
        QCOMPARE(cell(model, 0, LogTableModel::RelayerColumn), u"relayer-1"_s);
        model.append({lineOf(5001, "even")});
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        QTRY_COMPARE(model.rowCount(), 2 * LogTableModel::pageSize);
        model.fetchMore({});
        QTRY_COMPARE(model.rowCount(), 500);
        QVERIFY(!model.canFetchMore({}));
        model.setQuery(*parseLogFilter(u"intent:intent-77"_s)); // a new filter is a new search
        QTRY_COMPARE(model.rowCount(), 11);
        model.setQuery({});
        model.showLive();
        QTRY_COMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 0, LogTableModel::IntentColumn), u"intent-5001"_s);
    }

    void aModelThatGoesEndsItsSearch()
    {
        const QTemporaryDir folder;
        LogArchive archive({{u"relayer-1"_s, folder.filePath(u"none.log"_s)}});
        archive.start();
        auto model = std::make_unique<LogTableModel>(&archive);
        model->searchHistory();
        model.reset();
        QTest::qWait(50);
    }
};

QTEST_GUILESS_MAIN(TestLogTableModel)
#include "tst_logtablemodel.moc"
