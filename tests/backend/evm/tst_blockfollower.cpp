#include "backend/evm/blockfollower.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

// What a receiver of the signals would hold: logs added and not taken back.
/// The registry's own deployment logs an OwnershipTransferred, which is not what these tests count.
bool isOfInterest(const EvmLog &log)
{
    return !log.topics.empty() && log.topics.front() == keccak256("KeyRegistered(bytes32,address)");
}

struct Receiver {
    explicit Receiver(BlockFollower &follower)
    {
        QObject::connect(&follower, &BlockFollower::logsAdded, &follower, [this](const QVector<EvmLog> &added) {
            for (const EvmLog &log : added) {
                if (!isOfInterest(log))
                    continue;
                doubled = doubled || logs.contains(log);
                logs.append(log);
            }
        });
        QObject::connect(&follower, &BlockFollower::logsRemoved, &follower, [this](const QVector<EvmLog> &removed) {
            for (const EvmLog &log : removed) {
                if (!isOfInterest(log))
                    continue;
                missing = missing || !logs.removeOne(log);
                ++takenBack;
            }
        });
        QObject::connect(&follower, &BlockFollower::reorganised, &follower,
                         [this](BlockNumber from, int depth, const QVector<BlockHeader> &removed) {
                             reorganisations.append({from.value(), depth});
                             consistent = consistent && removed.size() == depth && removed.last().number == from;
                         });
    }

    QVector<EvmLog> logs;
    QVector<QPair<quint64, int>> reorganisations;
    qsizetype takenBack = 0;
    bool doubled = false;
    bool missing = false;
    bool consistent = true;
};

} // namespace

class TestBlockFollower final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Anvil> m_anvil;
    std::unique_ptr<TestChain> m_chain;
    std::optional<ContractArtifact> m_artifact;
    Address m_registry;
    SystemClock m_clock;
    int m_parties = 0;

    BlockFollowerOptions options() const
    {
        return {.sourceId = u"test"_s,
                .addresses = {m_registry},
                .pollInterval = std::chrono::milliseconds(20),
                .backoff = {.initial = std::chrono::milliseconds(10), .maximum = std::chrono::milliseconds(50)}};
    }

    // One log on one new block.
    TransactionReceipt registerKey()
    {
        const Hash32 party = keccak256(QByteArray("party" + QByteArray::number(++m_parties)));
        return m_chain->execute(m_registry, m_artifact->abi().function(u"registerKey")->encodeCall({party, m_registry}).value());
    }

    quint64 height() { return QCoro::waitFor(m_chain->client.blockNumber()).value().value(); }

    static bool isAt(const BlockFollower &follower, quint64 number)
    {
        return follower.head() && follower.head()->number.value() == number;
    }

private slots:
    void init()
    {
        m_anvil = std::make_unique<Anvil>();
        m_chain = std::make_unique<TestChain>(m_anvil->url());
        m_artifact = TestChain::artifact(u"artifacts/CantonKeyRegistry.json"_s);
        m_registry = m_chain->deploy(m_artifact->deploymentCode({}).value());
    }

    void followsHeadsAndLogs()
    {
        BlockFollower follower(m_chain->client, m_clock, options());
        Receiver receiver(follower);
        QSignalSpy heads(&follower, &BlockFollower::headChanged);
        QCOMPARE(follower.status().state, SourceState::Connecting);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        const auto receipt = registerKey();
        QTRY_COMPARE(receiver.logs.size(), 1);
        QCOMPARE(receiver.logs.first(), receipt.logs.front());
        QVERIFY(heads.size() >= 2);
        QVERIFY(receiver.reorganisations.isEmpty());
    }

    void takesBackTheLogsOfReorganisedBlocks()
    {
        m_chain->mine(5);
        BlockFollower follower(m_chain->client, m_clock, options());
        Receiver receiver(follower);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        registerKey();
        registerKey();
        registerKey();
        m_chain->mine(2); // of the four newest blocks two hold a registration
        QTRY_COMPARE(receiver.logs.size(), 3);
        const quint64 top = height();
        QTRY_VERIFY(isAt(follower, top)); // what it has not seen it cannot take back
        m_chain->ask(u"anvil_reorg"_s, {4, QJsonArray()});
        QTRY_COMPARE(receiver.reorganisations.size(), 1);
        QCOMPARE(receiver.reorganisations.first(), qMakePair(top - 3, 4));
        QTRY_COMPARE(receiver.logs.size(), 1);
        QCOMPARE(receiver.takenBack, 2);
        QTRY_VERIFY(isAt(follower, height()));
        QCOMPARE(follower.head()->hash, QCoro::waitFor(m_chain->client.getBlock(BlockRef::latest())).value().hash);
        QVERIFY(!receiver.doubled && !receiver.missing && receiver.consistent);
        registerKey();
        QTRY_COMPARE(receiver.logs.size(), 2);
    }

    void followsAChainThatIsRolledBack()
    {
        BlockFollower follower(m_chain->client, m_clock, options());
        Receiver receiver(follower);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        registerKey();
        QTRY_COMPARE(receiver.logs.size(), 1);
        const quint64 before = height();
        const QJsonValue snapshot = m_chain->ask(u"evm_snapshot"_s);
        registerKey();
        registerKey();
        QTRY_COMPARE(receiver.logs.size(), 3);
        m_chain->ask(u"evm_revert"_s, {snapshot});
        QTRY_VERIFY(isAt(follower, before));
        QCOMPARE(receiver.logs.size(), 1);
        registerKey();
        QTRY_COMPARE(receiver.logs.size(), 2);
        QVERIFY(!receiver.doubled && !receiver.missing && receiver.consistent);
    }

    void readsOldLogsInSmallRangesEachOnce()
    {
        QVector<EvmLog> expected;
        for (int i = 0; i < 12; ++i) {
            expected.append(registerKey().logs.front());
            m_chain->mine(i % 4);
        }
        m_chain->mine(80); // so that most of it lies below the headers read at the start
        BlockFollowerOptions wanted = options();
        wanted.firstLogBlock = BlockNumber(0);
        wanted.logChunk = 7;
        BlockFollower follower(m_chain->client, m_clock, wanted);
        Receiver receiver(follower);
        follower.start();
        QTRY_COMPARE(receiver.logs.size(), 12);
        QCOMPARE(receiver.logs, expected);
        QVERIFY(!receiver.doubled);
    }

    void repairsTheGapOfALongSleep()
    {
        BlockFollowerOptions sleepy = options();
        sleepy.pollInterval = std::chrono::hours(1);
        sleepy.keepHeaders = 16;
        BlockFollower follower(m_chain->client, m_clock, sleepy);
        Receiver receiver(follower);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        QVector<EvmLog> expected;
        for (int i = 0; i < 10; ++i) {
            expected.append(registerKey().logs.front());
            m_chain->mine(4);
        }
        QVERIFY(receiver.logs.isEmpty());
        follower.poke();
        QTRY_COMPARE(receiver.logs.size(), 10);
        QCOMPARE(receiver.logs, expected);
        QVERIFY(isAt(follower, height()));
        QVERIFY(receiver.reorganisations.isEmpty());
    }

    void noticesAReorganisationThatHappenedDuringASleep()
    {
        BlockFollowerOptions sleepy = options();
        sleepy.pollInterval = std::chrono::hours(1);
        BlockFollower follower(m_chain->client, m_clock, sleepy);
        Receiver receiver(follower);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        registerKey();
        follower.poke();
        QTRY_COMPARE(receiver.logs.size(), 1);
        m_chain->ask(u"anvil_reorg"_s, {1, QJsonArray()});
        m_chain->mine(20);
        registerKey();
        follower.poke();
        QTRY_VERIFY(isAt(follower, height()));
        QCOMPARE(receiver.takenBack, 1);
        QCOMPARE(receiver.logs.size(), 1);
        QVERIFY(!receiver.doubled && !receiver.missing && receiver.consistent);
    }

    void survivesANodeThatGoesAndComesBackAsAnotherChain()
    {
        BlockFollower follower(m_chain->client, m_clock, options());
        Receiver receiver(follower);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        registerKey();
        QTRY_COMPARE(receiver.logs.size(), 1);
        const quint16 port = m_anvil->port();
        m_anvil.reset();
        QTRY_COMPARE(follower.status().state, SourceState::Down);
        QVERIFY(!follower.status().lastError.isEmpty());
        QVERIFY(follower.status().nextAttempt.has_value());
        QVERIFY(follower.status().lastData.has_value());
        QCOMPARE(receiver.logs.size(), 1); // the last good data stays
        m_anvil = std::make_unique<Anvil>(port, QStringList{u"--no-mining"_s, u"--timestamp"_s, u"1700000000"_s});
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        QTRY_COMPARE(receiver.logs.size(), 0);
        QVERIFY(!receiver.missing);
    }

    void waitsForANodeThatIsNotThereYet()
    {
        QTcpServer reserved;
        QVERIFY(reserved.listen(QHostAddress::LocalHost));
        const quint16 port = reserved.serverPort();
        reserved.close();
        TestChain later(QUrl(u"http://127.0.0.1:"_s + QString::number(port)));
        BlockFollower follower(later.client, m_clock, options());
        follower.start();
        QTRY_COMPARE(follower.status().state, SourceState::Down);
        const Anvil anvil(port);
        QTRY_COMPARE(follower.status().state, SourceState::Live);
    }

    void saysWhenNoBlockComes()
    {
        ManualClock clock;
        BlockFollower follower(m_chain->client, clock, options());
        follower.start();
        QTRY_COMPARE(follower.status().state, SourceState::Live);
        clock.advance(std::chrono::minutes(2));
        QTRY_COMPARE(follower.status().state, SourceState::Stale);
        m_chain->mine();
        QTRY_COMPARE(follower.status().state, SourceState::Live);
    }

    void mayBeDestroyedWhileItReads()
    {
        auto follower = std::make_unique<BlockFollower>(m_chain->client, m_clock, options());
        follower->start();
        QCoreApplication::processEvents(); // its first question is on the way
        follower.reset();
        QVERIFY(height() > 0); // and its answer finds nobody
    }
};

QTEST_GUILESS_MAIN(TestBlockFollower)
#include "tst_blockfollower.moc"
