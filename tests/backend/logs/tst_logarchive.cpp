#include "backend/logs/logarchive.h"
#include "backend/logs/logmatcher.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace countersign;
using namespace std::chrono_literals;

namespace {

using Field = LogCondition::Field;

Timestamp momentOf(int number)
{
    return Timestamp::fromSeconds(1'760'000'000 + number);
}

// A line of a log; ' stands for ".
QByteArray lineOf(int number, const QByteArray &message, const QByteArray &level = "info", const QByteArray &more = {})
{
    QByteArray line = "{'timestamp':'" + momentOf(number).toIsoString().toLatin1() + "','level':'" + level + "','message':'" + message
        + "','intentId':'intent-" + QByteArray::number(number) + "'" + more + "}\n";
    return line.replace('\'', '"');
}

bool write(const QString &path, const QByteArray &text, QIODevice::OpenMode mode = QIODevice::WriteOnly)
{
    QFile file(path);
    return file.open(mode) && file.write(text) == text.size();
}

LogQuery queryOf(const LogCondition &condition)
{
    return {.conditions = {condition}};
}

LogCondition text(const QString &word)
{
    return {.field = Field::Text, .words = {word}};
}

template <class T> T waited(QFuture<T> future)
{
    for (int i = 0; i < 3000 && !future.isFinished(); ++i)
        QTest::qWait(10);
    return future.result();
}

LogScanResult searched(LogArchive &archive, const LogQuery &query, LogScanLimits limits = {})
{
    return waited(archive.search(query, limits, {}));
}

QStringList intentsOf(LogArchive &archive, const LogScanResult &result)
{
    QStringList ids;
    for (const auto &found : waited(archive.read(result.hits)))
        ids.append(found ? found->line.text(u"intentId") : u"gone"_s);
    return ids;
}

} // namespace

class TestLogArchive final : public QObject {
    Q_OBJECT

private slots:
    void linesAreFoundNewestFirstInEveryFileOfALog()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"relayer.log"_s);
        QVERIFY(write(path, lineOf(30, "intent_queued") + lineOf(31, "nonce_gap")));
        QVERIFY(write(path + u".1"_s, lineOf(20, "nonce_gap") + lineOf(21, "intent_queued")));
        QVERIFY(write(path + u"-20260131"_s, lineOf(10, "NONCE_GAP")));
        QVERIFY(write(path + u".2.gz"_s, "not read"));
        QVERIFY(write(folder.filePath(u"relayer.log.bak"_s), lineOf(99, "nonce_gap")));
        QVERIFY(write(folder.filePath(u"other.log"_s), lineOf(25, "nonce_gap")));
        LogArchive archive({{u"relayer-1"_s, path}, {u"relayer-2"_s, folder.filePath(u"other.log"_s)}});
        archive.start();
        const LogScanResult result = searched(archive, queryOf(text(u"nonce_gap"_s)));
        QCOMPARE(intentsOf(archive, result), (QStringList{u"intent-31"_s, u"intent-25"_s, u"intent-20"_s, u"intent-10"_s}));
        QVERIFY(!result.isCut);
        QCOMPARE(archive.compressedFiles(), 1);
        LogQuery ofOne = queryOf(text(u"nonce_gap"_s));
        ofOne.conditions.append({.field = Field::Relayer, .words = {u"relayer-2"_s}});
        QCOMPARE(intentsOf(archive, searched(archive, ofOne)), QStringList{u"intent-25"_s});
        ofOne.conditions.last().negated = true;
        QCOMPARE(searched(archive, ofOne).hits.size(), 3);
    }

    void conditionsOfEveryKindAreJoined()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"relayer.log"_s);
        QVERIFY(write(path,
            lineOf(1, "transaction_submitted", "info", ",'chain':'polygon','nonce':17")
                + lineOf(2, "transaction_submitted", "WARN", ",'chain':'ethereum','nonce':170,'note':'a \\'quoted\\' caf\\u00e9'")
                + lineOf(3, "intent_failed", "critical", ",'chain':'polygon','retry':true")
                + "{\"timestamp\":\"nonsense\",\"message\":\"polygon\"}\n" + "no JSON at all: polygon\n"
                + lineOf(4, "polygon_seen", "debug")));
        LogArchive archive({{u"relayer-1"_s, path}});
        archive.start();
        const auto found = [&archive](const QVector<LogCondition> &conditions) {
            return intentsOf(archive, searched(archive, {.conditions = conditions})).join(u' ').remove(u"intent-"_s);
        };
        const LogCondition polygon{.field = Field::Named, .name = u"CHAIN"_s, .words = {u"polygon"_s}};
        LogCondition notPolygon = polygon;
        notPolygon.negated = true;
        QCOMPARE(found({polygon}), u"3 1"_s);
        QCOMPARE(found({notPolygon}), u"4 2"_s);
        QCOMPARE(found({text(u"polygon"_s)}), u"4 3 1"_s);
        QCOMPARE(found({{.field = Field::Named, .name = u"nonce"_s, .words = {u"17"_s}}}), u"2 1"_s);
        QCOMPARE(found({{.field = Field::Named, .name = u"retry"_s, .words = {u"true"_s}}}), u"3"_s);
        QCOMPARE(found({{.field = Field::Named, .name = u"note"_s, .words = {u"\"quoted\" caf\u00e9"_s}}}), u"2"_s);
        QCOMPARE(found({{.field = Field::Level, .words = {u"warning"_s}}}), u"2"_s);
        QCOMPARE(found({{.field = Field::Level, .words = {u"warn"_s}, .atLeast = true}}), u"3 2"_s);
        QCOMPARE(found({{.field = Field::Level, .words = {u"info"_s, u"debug"_s}}}), u"4 1"_s);
        QCOMPARE(found({{.field = Field::Level, .words = {u"info"_s}, .negated = true}}), u"4 3 2"_s);
        QCOMPARE(found({{.field = Field::Message, .words = {u"submitted"_s, u"failed"_s}}}), u"3 2 1"_s);
        QCOMPARE(found({{.field = Field::Message, .words = {u"submitted"_s}}, notPolygon}), u"2"_s);
        QCOMPARE(found({}), u"4 3 2 1"_s);
        const LogScanResult between = searched(archive, {.conditions = {}, .from = momentOf(2), .until = momentOf(4)});
        QCOMPARE(intentsOf(archive, between).size(), 2);
    }

    void theIndexLeavesOutBlocksAndNoLine()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"relayer.log"_s);
        QByteArray log;
        const QByteArray rare[] = {"zebra_crossing", "quixotic_jump"};
        QVector<int> expected;
        for (int i = 0; log.size() < 6 * 1024 * 1024; ++i) {
            const bool isRare = i % 9973 == 17;
            if (isRare)
                expected.prepend(i);
            log += lineOf(i, isRare ? rare[0] : "intent_queued", "info", ",\"depth\":" + QByteArray::number(i % 100));
        }
        QVERIFY(write(path, log));
        LogArchive archive({{u"relayer-1"_s, path}});
        archive.start();
        const qint64 whole = (log.size() - longestLogLine) / LogBlock::size; // blocks that can be indexed
        QTRY_COMPARE_WITH_TIMEOUT(static_cast<qint64>(archive.files().front()->blocks().size()), whole, 20'000);
        const LogScanResult result = searched(archive, queryOf(text(QString::fromLatin1(rare[0]))));
        QVERIFY(result.bytesSkipped > 3 * 1024 * 1024);
        QStringList ids;
        for (const int i : std::as_const(expected))
            ids.append(u"intent-%1"_s.arg(i));
        QCOMPARE(intentsOf(archive, result), ids);
        const LogScanResult none = searched(archive, queryOf(text(QString::fromLatin1(rare[1]))));
        QVERIFY(none.hits.isEmpty());
        // Every line is found, the ones across the borders of blocks too.
        const LogScanResult all = searched(archive, queryOf(text(u"intent-"_s)), {.hits = 1'000'000});
        QCOMPARE(all.hits.size(), log.count('\n'));
        const LogScanResult late = searched(archive, {.conditions = {}, .from = all.hits.at(9).time});
        QCOMPARE(late.hits.size(), 10);
        QVERIFY(late.bytesSkipped > 4 * 1024 * 1024);
        const LogScanResult first = searched(archive, queryOf(text(u"intent-"_s)), {.hits = 100});
        QVERIFY(first.isCut);
        QCOMPARE(first.hits.size(), 100);
        QCOMPARE(first.hits.first().position, all.hits.first().position);
    }

    void rotatedCutAndUnfinishedFilesAreReadAsTheyAre()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"relayer.log"_s);
        QVERIFY(write(path, lineOf(1, "seen") + lineOf(2, "seen").chopped(5)));
        LogArchive archive({{u"relayer-1"_s, path}});
        archive.start();
        const LogQuery seen = queryOf(text(u"\"seen\""_s));
        QCOMPARE(searched(archive, seen).hits.size(), 1); // the second is not ended
        QVERIFY(write(path, lineOf(2, "seen").last(5), QIODevice::Append));
        const LogScanResult before = searched(archive, seen);
        QCOMPARE(intentsOf(archive, before), (QStringList{u"intent-2"_s, u"intent-1"_s}));
        QVERIFY(QFile::rename(path, path + u".1"_s));
        QVERIFY(write(path, lineOf(3, "seen")));
        QCOMPARE(intentsOf(archive, searched(archive, seen)), (QStringList{u"intent-3"_s, u"intent-2"_s, u"intent-1"_s}));
        QCOMPARE(intentsOf(archive, before), (QStringList{u"intent-2"_s, u"intent-1"_s})); // found before, and still there
        QVERIFY(QFile::remove(path + u".1"_s));
        QCOMPARE(searched(archive, seen).hits.size(), 1);
        QVERIFY(QFile::resize(path, 0));
        QVERIFY(searched(archive, seen).hits.isEmpty());
        QVERIFY(write(path, QByteArray(longestLogLine + 10, 'x') + "\"seen\"\n" + lineOf(4, "seen"), QIODevice::Append));
        QCOMPARE(intentsOf(archive, searched(archive, seen)), QStringList{u"intent-4"_s}); // not the hostile line
    }

    void aSearchCanBeStopped()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(u"relayer.log"_s);
        QVERIFY(write(path, lineOf(1, "seen")));
        LogArchive archive({{u"relayer-1"_s, path}});
        archive.start();
        std::stop_source stop;
        stop.request_stop();
        const LogScanResult result = waited(archive.search(queryOf(text(u"seen"_s)), {}, stop.get_token()));
        QVERIFY(result.isCancelled);
        QVERIFY(result.hits.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestLogArchive)
#include "tst_logarchive.moc"
