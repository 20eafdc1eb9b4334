#include "backend/evm/chainclient.h"
#include "backend/evm/create2.h"
#include "backend/evm/revert.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

class TestChainClient final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Anvil> m_anvil;
    std::unique_ptr<TestChain> m_chain;
    std::optional<ContractArtifact> m_artifact;
    Address m_registry;

    const AbiFunction &function(QStringView name) const { return *m_artifact->abi().function(name); }

private slots:
    void initTestCase()
    {
        m_anvil = std::make_unique<Anvil>();
        m_chain = std::make_unique<TestChain>(m_anvil->url());
        m_artifact = TestChain::artifact(u"artifacts/CantonKeyRegistry.json"_s);
        const Address expected = createAddress(m_chain->payer.address(), Nonce(0));
        m_registry = m_chain->deploy(m_artifact->deploymentCode({}).value());
        QCOMPARE(m_registry, expected);
    }

    void readsHeadsAndBlocks()
    {
        QCOMPARE(QCoro::waitFor(m_chain->client.chainId()).value(), ChainId(31337));
        const BlockNumber number = QCoro::waitFor(m_chain->client.blockNumber()).value();
        const auto latest = QCoro::waitFor(m_chain->client.getBlock(BlockRef::latest())).value();
        QCOMPARE(latest.number, number);
        QVERIFY(latest.baseFeePerGas.has_value());
        QVERIFY(QCoro::waitFor(m_chain->client.getBlock(BlockRef::at(latest.hash))).value() == latest);
        const auto all = QCoro::waitFor(m_chain->client.getBlocks(BlockNumber(0), number)).value();
        QCOMPARE(all.size(), number.value() + 1);
        QCOMPARE(all.back().parentHash, all[all.size() - 2].hash);
    }

    void saysWhichBlockTheNodeDoesNotHave()
    {
        QCOMPARE(QCoro::waitFor(m_chain->client.getBlock(BlockRef::at(BlockNumber(1'000'000)))).error().kind, ErrorKind::NotFound);
        QCOMPARE(QCoro::waitFor(m_chain->client.getBlock(BlockRef::at(keccak256("no block")))).error().kind, ErrorKind::NotFound);
        QCOMPARE(QCoro::waitFor(m_chain->client.getBlocks(BlockNumber(0), BlockNumber(500))).error().kind, ErrorKind::NotFound);
    }

    void deploysTheArtifactThatStandsOnChain()
    {
        const Bytes code = QCoro::waitFor(m_chain->client.getCode(m_registry)).value();
        QVERIFY(m_artifact->matchesRuntime(code));
        QVERIFY(QCoro::waitFor(m_chain->client.getCode(Address())).value().isEmpty());
    }

    void callsAtABlockThatIsPinnedByHash()
    {
        const auto before = QCoro::waitFor(m_chain->client.getBlock(BlockRef::latest())).value();
        const Hash32 party = keccak256("treasury-desk");
        const Address key = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const auto receipt = m_chain->execute(m_registry, function(u"registerKey").encodeCall({party, key}).value());
        QVERIFY(receipt.succeeded);
        const CallRequest lookUp{.to = m_registry, .data = function(u"cantonPartyToKey").encodeCall({party}).value()};
        const auto now = QCoro::waitFor(m_chain->client.call(lookUp)).value();
        QVERIFY(function(u"cantonPartyToKey").decodeOutput(now).value().front() == AbiValue(key));
        const auto then = QCoro::waitFor(m_chain->client.call(lookUp, BlockRef::at(before.hash))).value();
        QVERIFY(function(u"cantonPartyToKey").decodeOutput(then).value().front() == AbiValue(Address()));

        QCOMPARE(receipt.logs.size(), size_t(1));
        const auto event = m_artifact->abi().decodeLog(receipt.logs.front()).value();
        QCOMPARE(event.name, u"KeyRegistered"_s);
        LogFilter filter{.addresses = {m_registry}, .topics = {{receipt.logs.front().topics.front()}}, .blockHash = receipt.blockHash};
        QVERIFY(QCoro::waitFor(m_chain->client.getLogs(filter)).value() == receipt.logs);
        filter.topics = {{keccak256("another topic")}};
        QVERIFY(QCoro::waitFor(m_chain->client.getLogs(filter)).value().empty());
    }

    void givesTheReasonOfARevert()
    {
        const Hash32 nobody = keccak256("nobody");
        const CallRequest revoke{.from = m_chain->payer.address(), .to = m_registry, .data = function(u"revokeKey").encodeCall({nobody}).value()};
        for (const bool estimate : {false, true}) {
            Error error;
            if (estimate)
                error = QCoro::waitFor(m_chain->client.estimateGas(revoke)).error();
            else
                error = QCoro::waitFor(m_chain->client.call(revoke)).error();
            QCOMPARE(error.kind, ErrorKind::Rejected);
            const auto data = revertDataOf(error);
            QVERIFY2(data.has_value(), qPrintable(error.detail));
            const Revert revert = describeRevert(*data, &m_artifact->abi());
            QCOMPARE(revert.kind, RevertKind::Custom);
            QCOMPARE(revert.text, QString(u"KeyNotRegistered(partyId: "_s + nobody.toString() + u')'));
        }
    }

    void answersManyCallsInOneRoundWithTheOutcomeOfEach()
    {
        const Hash32 nobody = keccak256("nobody");
        const auto outcomes = QCoro::waitFor(m_chain->client.callMany({{.to = m_registry, .data = function(u"owner").encodeCall({}).value()},
                                                                       {.to = m_registry, .data = function(u"revokeKey").encodeCall({nobody}).value()}},
                                                                      BlockRef::latest()));
        QVERIFY(function(u"owner").decodeOutput(*outcomes.value()[0]).value().front() == AbiValue(m_chain->payer.address()));
        QVERIFY(revertDataOf(outcomes.value()[1].error()).has_value());
    }

    void simulatesOnStateThatIsNotThere()
    {
        const Address stranger = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const CallRequest owner{.to = m_registry, .data = function(u"owner").encodeCall({}).value()};
        Hash32 word = Hash32::fromBytes(Bytes(Bytes(12, '\0') + stranger.bytes())).value();
        const StateOverrides overrides{{m_registry, {.balance = Uint256(1), .nonce = Nonce(9), .storage = {{Hash32(), word}}}}};
        const auto answer = QCoro::waitFor(m_chain->client.call(owner, BlockRef::latest(), overrides)).value();
        QVERIFY(function(u"owner").decodeOutput(answer).value().front() == AbiValue(stranger));
    }

    void readsAccountsAndStorage()
    {
        const Address payer = m_chain->payer.address();
        QVERIFY(QCoro::waitFor(m_chain->client.getTransactionCount(payer)).value().value() >= 1);
        QVERIFY(!QCoro::waitFor(m_chain->client.getBalance(payer)).value().isZero());
        const Hash32 slot = QCoro::waitFor(m_chain->client.getStorageAt(m_registry, Hash32())).value();
        QCOMPARE(toHex(slot.view().last(20)), payer.toLower());
        const auto fee = QCoro::waitFor(m_chain->client.feeSuggestion()).value();
        QVERIFY(fee.maxFeePerGas > fee.maxPriorityFeePerGas);
    }

    void waitsForAReceiptWithoutAnError()
    {
        const Hash32 hash = m_chain->send(m_registry, function(u"owner").encodeCall({}).value());
        QVERIFY(!QCoro::waitFor(m_chain->client.getTransactionReceipt(hash)).value().has_value());
        m_chain->mine();
        QVERIFY(QCoro::waitFor(m_chain->client.getTransactionReceipt(hash)).value().has_value());
    }

    void refusesATransactionThatTheNodeRefuses()
    {
        Eip1559Transaction transaction{.chainId = ChainId(1), .gasLimit = 21'000, .to = m_registry};
        const Bytes raw = transaction.serialize(m_chain->payer.sign(transaction.signingHash()));
        const auto sent = QCoro::waitFor(m_chain->client.sendRawTransaction(raw));
        QVERIFY(!sent.has_value());
        QVERIFY(!revertDataOf(sent.error()).has_value());
    }

    void endsAtOnceWhenItIsStopped()
    {
        std::stop_source stop;
        auto task = m_chain->client.blockNumber(stop.get_token());
        stop.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Cancelled);
    }

    void saysWhenNobodyAnswers()
    {
        TestChain nobody(QUrl(u"http://127.0.0.1:1"_s));
        QCOMPARE(QCoro::waitFor(nobody.client.blockNumber()).error().kind, ErrorKind::Unavailable);
    }
};

QTEST_GUILESS_MAIN(TestChainClient)
#include "tst_chainclient.moc"
