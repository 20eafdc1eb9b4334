#include "backend/evm/blockfollower.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QJsonDocument>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace countersign;
using namespace countersign::test;
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

// A chain with a registration on each third block, behind a node that limits what eth_getLogs may be asked for.
class LimitedNode final {
public:
    explicit LimitedNode(int errorCode) : m_errorCode(errorCode) {}

    static constexpr quint64 top = 700;
    quint64 maxBlocks = 100;
    int refusals = 0;
    int answers = 0;

    FakeHttpReply operator()(const FakeHttpRequest &request)
    {
        const QJsonDocument document = QJsonDocument::fromJson(request.body);
        QByteArray body;
        if (document.isObject()) {
            body = QJsonDocument(answer(document.object())).toJson();
        } else {
            QJsonArray all;
            const QJsonArray calls = document.array();
            for (const QJsonValue &call : calls)
                all.append(answer(call.toObject()));
            body = QJsonDocument(all).toJson();
        }
        return {.status = 200, .contentType = "application/json", .body = body, .silent = false, .hangUp = false};
    }

private:
    static QString quantity(quint64 number) { return Uint256(number).toHexQuantity(); }
    static QString blockHash(quint64 number) { return keccak256(QByteArray("block" + QByteArray::number(number))).toString(); }

    static QJsonValue block(quint64 number)
    {
        if (number > top)
            return {};
        return QJsonObject{{u"number"_s, quantity(number)}, {u"hash"_s, blockHash(number)},
                           {u"parentHash"_s, number == 0 ? Hash32().toString() : blockHash(number - 1)},
                           {u"timestamp"_s, quantity(1'700'000'000 + number)}, {u"gasLimit"_s, u"0x1"_s}, {u"gasUsed"_s, u"0x0"_s}};
    }

    static QJsonArray logs(quint64 from, quint64 to)
    {
        QJsonArray all;
        for (quint64 number = from; number <= std::min(to, top); ++number) {
            if (number % 3 == 0)
                all.append(QJsonObject{{u"address"_s, Address().toLower()}, {u"topics"_s, QJsonArray{keccak256("KeyRegistered(bytes32,address)").toString()}},
                                       {u"data"_s, u"0x"_s}, {u"blockNumber"_s, quantity(number)}, {u"blockHash"_s, blockHash(number)},
                                       {u"transactionHash"_s, blockHash(number)}, {u"transactionIndex"_s, u"0x0"_s}, {u"logIndex"_s, u"0x0"_s}});
        }
        return all;
    }

    QJsonObject answer(const QJsonObject &call)
    {
        QJsonObject reply{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, call.value(u"id"_s)}};
        const QJsonArray parameters = call.value(u"params"_s).toArray();
        if (call.value(u"method"_s).toString() == u"eth_getBlockByNumber") {
            const QString which = parameters.first().toString();
            reply.insert(u"result"_s, block(which == u"latest" ? top : which.toULongLong(nullptr, 16)));
            return reply;
        }
        const QJsonObject filter = parameters.first().toObject();
        const quint64 from = filter.value(u"fromBlock"_s).toString().toULongLong(nullptr, 16);
        const quint64 to = filter.value(u"toBlock"_s).toString().toULongLong(nullptr, 16);
        if (to - from >= maxBlocks) {
            ++refusals;
            reply.insert(u"error"_s, QJsonObject{{u"code"_s, m_errorCode}, {u"message"_s, u"query returned too many results"_s}});
        } else {
            ++answers;
            reply.insert(u"result"_s, logs(from, to));
        }
        return reply;
    }

    int m_errorCode;
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

    void splitsRangesThatTheNodeRefuses_data()
    {
        QTest::addColumn<int>("code");
        for (const int code : {-32005, -32602, -32000, -32603, -32001 - 9})
            QTest::addRow("%d", code) << code;
    }

    void splitsRangesThatTheNodeRefuses()
    {
        QFETCH(const int, code);
        LimitedNode node(code);
        FakeHttpServer server([&node](const FakeHttpRequest &request) { return node(request); });
        JsonRpcClient rpc(server.url());
        ChainClient client(rpc);
        BlockFollowerOptions wanted = options();
        wanted.addresses = {Address()};
        wanted.firstLogBlock = BlockNumber(0);
        wanted.keepHeaders = 16;
        BlockFollower follower(client, m_clock, wanted);
        Receiver receiver(follower);
        follower.start();
        QTRY_COMPARE(receiver.logs.size(), qsizetype(LimitedNode::top / 3 + 1));
        for (qsizetype i = 0; i < receiver.logs.size(); ++i)
            QCOMPARE(receiver.logs.at(i).blockNumber, BlockNumber(static_cast<quint64>(i) * 3));
        QVERIFY(!receiver.doubled);
        QVERIFY(node.refusals >= 3 && node.refusals <= 6); // it remembers what was too much
        QTRY_VERIFY(follower.nextLogBlock() == BlockNumber(LimitedNode::top + 1));
    }

    void asksForLargerRangesAgain()
    {
        LimitedNode node(-32005);
        node.maxBlocks = 5;
        FakeHttpServer server([&node](const FakeHttpRequest &request) {
            if (node.answers > 20)
                node.maxBlocks = 1000; // the node was only busy
            return node(request);
        });
        JsonRpcClient rpc(server.url());
        ChainClient client(rpc);
        BlockFollowerOptions wanted = options();
        wanted.addresses = {Address()};
        wanted.firstLogBlock = BlockNumber(0);
        wanted.keepHeaders = 16;
        BlockFollower follower(client, m_clock, wanted);
        Receiver receiver(follower);
        follower.start();
        QTRY_COMPARE(receiver.logs.size(), qsizetype(LimitedNode::top / 3 + 1));
        QVERIFY(node.answers < 90); // 5 blocks each would be 137
        QVERIFY(!receiver.doubled);
    }

    void resumesAfterAnOutageWithoutLosingOrDoublingALog()
    {
        QVector<EvmLog> known;
        std::vector<HeadChain::Held> held;
        {
            BlockFollower before(m_chain->client, m_clock, options());
            Receiver receiver(before);
            before.start();
            QTRY_VERIFY(isAt(before, height()));
            registerKey();
            registerKey();
            registerKey();
            QTRY_COMPARE(receiver.logs.size(), 3);
            QTRY_VERIFY(isAt(before, height()));
            known = receiver.logs;
            held = before.held();
        }
        // While nobody looks, two of the three go and more come than are asked for one by one.
        m_chain->ask(u"anvil_reorg"_s, {2, QJsonArray()});
        QVector<EvmLog> expected{known.first()};
        for (int i = 0; i < 10; ++i) {
            expected.append(registerKey().logs.front());
            m_chain->mine(2);
        }
        BlockFollowerOptions resumed = options();
        resumed.resumeFrom = held;
        resumed.keepHeaders = 16;
        BlockFollower after(m_chain->client, m_clock, resumed);
        Receiver receiver(after);
        receiver.logs = known;
        after.start();
        QTRY_COMPARE(receiver.logs.size(), 11);
        QCOMPARE(receiver.logs, expected);
        QCOMPARE(receiver.takenBack, qsizetype(2));
        QVERIFY(!receiver.doubled && !receiver.missing && receiver.consistent);
    }

    void followsChosenTopicsOnly()
    {
        BlockFollowerOptions chosen = options();
        chosen.addresses = {};
        chosen.topics = {{keccak256("KeyRegistered(bytes32,address)")}};
        chosen.firstLogBlock = BlockNumber(0);
        BlockFollower follower(m_chain->client, m_clock, chosen);
        QSignalSpy added(&follower, &BlockFollower::logsAdded);
        follower.start();
        QTRY_VERIFY(isAt(follower, height()));
        QVERIFY(added.isEmpty()); // the deployment's own event is another
        registerKey();
        QTRY_COMPARE(added.size(), 1);
        QVERIFY(isOfInterest(added.first().first().value<QVector<EvmLog>>().first()));
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
