#include "backend/proposals/exchangememory.h"
#include "backend/types/strings.h"
#include "tests/backend/proposals/member.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <thread>

using namespace countersign;

namespace {

ExchangeLane laneOf(quint8 author)
{
    return {ChainId(testChain), testSafe, TestKey(author).address()};
}

ExchangeRecord recordOf(quint8 author, quint64 sequence)
{
    ExchangeRecord record;
    record.heads[laneOf(author)]
        = {laneOf(author).author, sequence, keccak256(QByteArray::number(author) + QByteArray::number(sequence))};
    return record;
}

} // namespace

class TestExchangeMemory final : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void recordSurvivesTheFile()
    {
        ExchangeRecord record = recordOf(1, 3);
        record.heads.merge(recordOf(2, 8).heads);
        record.accepted = {keccak256("a"), keccak256("b")};
        const auto read = recordFromJson(recordToJson(record));
        QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
        QVERIFY(*read == record);
        QVERIFY(!recordFromJson(recordToJson(record).chopped(1)));
    }
    void headsOnlyGoUp()
    {
        const ExchangeMemory memory(m_folder->path(), u"folder"_s);
        QVERIFY(memory.load()->heads.empty());
        QVERIFY(memory.remember(recordOf(1, 5)));
        QVERIFY(memory.remember(recordOf(2, 2)));
        const auto kept = memory.remember(recordOf(1, 4));
        QVERIFY(kept);
        QCOMPARE(kept->heads.at(laneOf(1)).sequence, 5u);
        QCOMPARE(memory.load()->heads.size(), size_t(2));
        const ExchangeMemory other(m_folder->path(), u"another"_s);
        QVERIFY(other.load()->heads.empty());
    }
    void acceptedAlarmMovesTheHeadWhereItIs()
    {
        const ExchangeMemory memory(m_folder->path(), u"folder"_s);
        QVERIFY(memory.remember(recordOf(1, 5)));
        const LaneHead back{laneOf(1).author, 3, keccak256("3")};
        QVERIFY(memory.accept(keccak256("alarm"), laneOf(1), &back));
        QCOMPARE(memory.load()->heads.at(laneOf(1)).sequence, 3u);
        QVERIFY(memory.load()->accepted.contains(keccak256("alarm")));
        QVERIFY(memory.accept(keccak256("other"), laneOf(1), nullptr));
        QVERIFY(memory.load()->heads.empty());
    }
    void damagedRecordIsSaidAndNotWrittenOver()
    {
        const ExchangeMemory memory(m_folder->path(), u"folder"_s);
        QVERIFY(memory.remember(recordOf(1, 5)));
        QFile file(m_folder->filePath(u"folder.heads.json"_s));
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(20);
        file.write("?");
        file.close();
        QCOMPARE(memory.load().error().kind, ErrorKind::Corrupt);
        QCOMPARE(memory.remember(recordOf(1, 6)).error().kind, ErrorKind::Corrupt);
        QVERIFY(memory.restart());
        QVERIFY(memory.load()->heads.empty());
        QVERIFY(memory.remember(recordOf(1, 6)));
    }
    void consolesThatShareItLoseNothing()
    {
        // Each moves its own log up; a turn that was not waited for would write an older state of the other's back.
        constexpr quint64 steps = 60;
        const QString path = m_folder->path();
        const auto climb = [path](quint8 author) {
            const ExchangeMemory memory(path, u"folder"_s);
            for (quint64 step = 1; step <= steps; ++step)
                static_cast<void>(memory.remember(recordOf(author, step)));
        };
        std::thread one(climb, quint8(1));
        std::thread two(climb, quint8(2));
        one.join();
        two.join();
        const auto record = ExchangeMemory(path, u"folder"_s).load();
        QVERIFY(record);
        QCOMPARE(record->heads.at(laneOf(1)).sequence, steps);
        QCOMPARE(record->heads.at(laneOf(2)).sequence, steps);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestExchangeMemory)
#include "tst_exchangememory.moc"
