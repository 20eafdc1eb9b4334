#include "backend/intents/chainfacts.h"
#include "backend/intents/intentcorrelator.h"
#include "backend/intents/ledgerfacts.h"
#include "backend/intents/logfacts.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

namespace {

const Timestamp now = Timestamp::fromSeconds(1'700'000'000);

Environment environment()
{
    Environment e;
    e.model.request = u"#vault-intents:Vault.Intents:IntentRequest"_s;
    e.model.authorised = u"#vault-intents:Vault.Intents:AuthorisedIntent"_s;
    e.model.receipt = u"#vault-intents:Vault.Intents:IntentReceipt"_s;
    ChainSettings chain;
    chain.name = u"ethereum"_s;
    chain.chainId = ChainId(31337);
    chain.registry = *Address::parse(u"0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359"_s);
    chain.vaults = {{u"treasury"_s, *Address::parse(u"0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb"_s)}};
    e.chains = {chain};
    e.parties = {{keccak256("treasury-desk"), u"Treasury desk"_s, {}}};
    return e;
}

std::shared_ptr<LedgerShape> shape(const QString &entity, const std::vector<QByteArray> &labels)
{
    auto s = std::make_shared<LedgerShape>();
    s->templateId = {QString(64, u'a'), u"Vault.Intents"_s, entity};
    s->packageName = u"vault-intents"_s;
    s->labels = labels;
    return s;
}

EvmLog executedLog(const QString &intentId)
{
    EvmLog log;
    log.address = *Address::parse(u"0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb"_s);
    log.topics = {keccak256("IntentExecuted(bytes32,bytes32,bytes32,uint256,uint256,bytes)"), intentHashOf(intentId), keccak256("treasury-desk"),
                  keccak256("treasury")};
    log.data = Bytes::fromHex("00000000000000000000000000000000000000000000000000000000000000050000000000000000000000000000000000000000000000000000000000000007"
                              "00000000000000000000000000000000000000000000000000000000000000600000000000000000000000000000000000000000000000000000000000000000");
    log.blockNumber = BlockNumber(50);
    log.blockHash = keccak256("block");
    log.transactionHash = keccak256("tx");
    log.logIndex = 3;
    return log;
}

LogLine line(const QByteArray &json)
{
    auto parsed = parseLogLine(json);
    if (!parsed)
        qFatal("%s", qPrintable(parsed.error().message));
    parsed->relayer = u"relayer-2"_s;
    parsed->position = 777;
    return *parsed;
}

} // namespace

class TestIntentFacts final : public QObject
{
    Q_OBJECT

private slots:
    void aRequestIsReadByTheFieldMap()
    {
        Environment e = environment();
        e.model.fields.amount = u"quantity"_s;
        LedgerFacts facts(e, u"vault-operator"_s);
        const QString desk = keccak256("treasury-desk").toString();
        const auto event = LedgerEvent::make(
            LedgerEvent::Kind::Created, Offset(12), now, u"update-1"_s, u"contract-1"_s,
            shape(u"IntentRequest"_s, {"intentId", "partyId", "vaultId", "vaultAddress", "chainId", "action", "asset", "quantity", "nonce", "deadline"}),
            {u"intent-1"_s, desk, u"VAULT-7"_s, u"0xdbf03b407c01e7cd3cbea99509d93f8dddc8c6fb"_s, u"31337"_s, u"deposit"_s, u"USDC"_s, u"12.50"_s, u"9"_s,
             u"1700003600000000"_s});
        const QVector<Fact> read = facts.read(std::span(&event, 1));
        QCOMPARE(read.size(), 1);
        const Fact &fact = read.first();
        QCOMPARE(fact.kind, FactKind::Requested);
        QCOMPARE(fact.intentId, u"intent-1"_s);
        QCOMPARE(fact.reference, QByteArray("update-1"));
        QCOMPARE(fact.position, 12);
        QCOMPARE(fact.time, now);
        QCOMPARE(fact.terms.chain, u"ethereum"_s);
        QCOMPARE(fact.terms.vault, u"treasury"_s); // by its address: the profile's name outranks the model's
        QCOMPARE(fact.terms.party, u"Treasury desk"_s);
        QCOMPARE(fact.terms.amount, u"12.50"_s);
        QCOMPARE(fact.terms.nonce, std::optional<qint64>(9));
        QCOMPARE(fact.terms.deadline, std::optional(Timestamp::fromSeconds(1'700'003'600)));
    }

    void archivesOfRequestsAndReceiptsAreReadAndOthersPassedOver()
    {
        const Environment e = environment();
        LedgerFacts facts(e, u"p"_s);
        const QVector<LedgerEvent> events{
            LedgerEvent::make(LedgerEvent::Kind::Archived, Offset(1), now, u"u"_s, u"c1"_s, shape(u"IntentRequest"_s, {}), {}),
            LedgerEvent::make(LedgerEvent::Kind::Archived, Offset(1), now, u"u"_s, u"c2"_s, shape(u"AuthorisedIntent"_s, {}), {}),
            LedgerEvent::make(LedgerEvent::Kind::Created, Offset(2), now, u"u2"_s, u"c3"_s,
                              shape(u"IntentReceipt"_s, {"intentId", "outcome", "reason", "relayerId"}),
                              {u"intent-1"_s, u"failed"_s, u"paused"_s, u"relayer-1"_s}),
            LedgerEvent::make(LedgerEvent::Kind::Created, Offset(3), now, u"u3"_s, u"c4"_s, shape(u"Holding"_s, {"intentId"}), {u"x"_s}),
            LedgerEvent::make(LedgerEvent::Kind::Created, Offset(4), now, u"u4"_s, u"c5"_s, shape(u"IntentRequest"_s, {"other"}), {u"x"_s}),
            LedgerEvent::make(LedgerEvent::Kind::Checkpoint, Offset(5), now, {}, {}, nullptr, {})};
        const QVector<Fact> read = facts.read(events);
        QCOMPARE(read.size(), 2);
        QCOMPARE(read[0].kind, FactKind::RequestClosed);
        QCOMPARE(read[0].contractId, QByteArray("c1"));
        QVERIFY(read[0].intentId.isEmpty());
        QCOMPARE(read[1].kind, FactKind::Receipted);
        QCOMPARE(read[1].outcome, FactOutcome::Failed);
        QCOMPARE(read[1].reason, u"paused"_s);
        QCOMPARE(read[1].relayer, u"relayer-1"_s);
        QCOMPARE(facts.unreadable(), quint64(1));
    }

    void aTemplateOfAnotherPackageIsNotOurs()
    {
        const Environment e = environment();
        LedgerFacts facts(e, u"p"_s);
        auto foreign = shape(u"IntentRequest"_s, {"intentId"});
        foreign->packageName = u"someone-elses"_s;
        const auto event = LedgerEvent::make(LedgerEvent::Kind::Created, Offset(1), now, u"u"_s, u"c"_s, foreign, {u"x"_s});
        QVERIFY(facts.read(std::span(&event, 1)).isEmpty());
    }

    void logLinesBecomeFacts()
    {
        const auto submitted = factFromLogLine(line(
            R"({"timestamp":"2026-11-22T07:00:00.123Z","level":"info","message":"transaction_submitted","intentId":"i1","txHash":"0xab","chain":"ethereum","nonce":4})"));
        QVERIFY(submitted.has_value());
        QCOMPARE(submitted->kind, FactKind::Submitted);
        QCOMPARE(submitted->reference, QByteArray("0xab"));
        QCOMPARE(submitted->relayer, u"relayer-2"_s);
        QCOMPARE(submitted->position, 777);
        QVERIFY(submitted->evidence.contains("transaction_submitted"));
        QVERIFY(!submitted->terms.nonce); // the account's nonce, not the intent's
        const auto confirmed = factFromLogLine(line(
            R"({"timestamp":"2026-11-22T07:00:01Z","message":"transaction_confirmed","intentId":"i1","txHash":"0xab","blockNumber":50,"confirmations":2})"));
        QCOMPARE(confirmed->kind, FactKind::Confirmed);
        QCOMPARE(confirmed->position, 50);
        QCOMPARE(confirmed->number, 2U);
        const auto failed = factFromLogLine(
            line(R"({"timestamp":"2026-11-22T07:00:01Z","message":"intent_failed","intentId":"i1","reason":"KeyNotRegistered","attempt":2})"));
        QCOMPARE(failed->kind, FactKind::AttemptFailed);
        QCOMPARE(failed->reason, u"KeyNotRegistered"_s);
        QCOMPARE(failed->number, 2U);
        const auto received = factFromLogLine(
            line(R"({"timestamp":"2026-11-22T07:00:01Z","message":"intent_received","intentId":"i1","vaultId":"treasury","nonce":7,"offset":12})"));
        QCOMPARE(received->terms.nonce, std::optional<qint64>(7));
        QCOMPARE(received->terms.vault, u"treasury"_s);
        const auto acknowledged = factFromLogLine(
            line(R"({"timestamp":"2026-11-22T07:00:01Z","message":"intent_acknowledged","intentId":"i1","outcome":"expired","reason":"too late"})"));
        QCOMPARE(acknowledged->outcome, FactOutcome::Expired);
    }

    void otherLinesAreNoFacts()
    {
        QVERIFY(!factFromLogLine(line(R"({"timestamp":"2026-11-22T07:00:01Z","message":"leader_elected","relayerId":"relayer-1"})")));
        QVERIFY(!factFromLogLine(line(R"({"timestamp":"2026-11-22T07:00:01Z","message":"intent_queued"})")));
    }

    void chainLogsAreReadAndTakenBackInTheOrderTheyWereTold()
    {
        const Environment e = environment();
        ChainFacts facts(e, e.chains[0]);
        const EvmLog log = executedLog(u"intent-1"_s);
        const QVector<Fact> first = facts.added(std::span(&log, 1), BlockNumber(50), now);
        QCOMPARE(first.size(), 1);
        QCOMPARE(first[0].kind, FactKind::Executed);
        QCOMPARE(*first[0].intentHash, intentHashOf(u"intent-1"_s));
        QCOMPARE(first[0].terms.vault, u"treasury"_s);
        QCOMPARE(first[0].terms.party, u"Treasury desk"_s);
        QCOMPARE(first[0].position, 50);
        QVERIFY(!first[0].retracted);
        QCOMPARE(first[0].time, now);
        const QVector<Fact> gone = facts.removed(std::span(&log, 1));
        QVERIFY(gone[0].retracted);
        QVERIFY(gone[0].revision > first[0].revision);
        const QVector<Fact> back = facts.added(std::span(&log, 1), BlockNumber(50), now);
        QVERIFY(!back[0].retracted);
        QVERIFY(back[0].revision > gone[0].revision);
    }

    void executionsAreConfirmedOnceByTheBlocksUponThem()
    {
        Environment e = environment();
        e.chains[0].confirmations = 3;
        ChainFacts facts(e, e.chains[0]);
        const EvmLog log = executedLog(u"intent-1"_s);
        EvmLog other = executedLog(u"intent-2"_s);
        other.transactionHash = keccak256("other");
        (void)facts.added(std::vector{log, other}, BlockNumber(50), now);
        QVERIFY(facts.confirmed(BlockNumber(51), now).isEmpty());
        (void)facts.removed(std::span(&other, 1));
        const QVector<Fact> confirmed = facts.confirmed(BlockNumber(52), now);
        QCOMPARE(confirmed.size(), 1);
        QCOMPARE(confirmed[0].kind, FactKind::Confirmed);
        QCOMPARE(confirmed[0].source, FactSource::Chain);
        QCOMPARE(*confirmed[0].intentHash, intentHashOf(u"intent-1"_s));
        QCOMPARE(confirmed[0].number, 3U);
        QCOMPARE(confirmed[0].time, now);
        QVERIFY(facts.confirmed(BlockNumber(53), now).isEmpty());

        IntentStore store;
        IntentCorrelator correlator(store);
        correlator.apply(facts.added(std::span(&log, 1), BlockNumber(50), now));
        correlator.apply(confirmed);
        QCOMPARE(store.row(0).phase, IntentPhase::Final);
        correlator.apply(facts.removed(std::span(&log, 1)));
        QVERIFY(store.row(0).phase < IntentPhase::Mined); // the confirmation rested on the block
    }

    void logsOfEarlierBlocksHaveNoTimeOfTheirOwn()
    {
        const Environment e = environment();
        ChainFacts facts(e, e.chains[0]);
        const EvmLog log = executedLog(u"intent-1"_s);
        QVERIFY(facts.added(std::span(&log, 1), BlockNumber(51), now)[0].time.isNull());
    }

    void logsOfOthersAndDamagedOnesAreNoFacts()
    {
        const Environment e = environment();
        ChainFacts facts(e, e.chains[0]);
        EvmLog foreign = executedLog(u"a"_s);
        foreign.address = *e.chains[0].registry;
        EvmLog other = executedLog(u"a"_s);
        other.topics[0] = keccak256("Paused(address)");
        EvmLog bare = executedLog(u"a"_s);
        bare.topics.clear();
        EvmLog cut = executedLog(u"a"_s);
        cut.data.chop(33);
        EvmLog fewTopics = executedLog(u"a"_s);
        fewTopics.topics.resize(2);
        const std::vector<EvmLog> logs{foreign, other, bare, cut, fewTopics};
        QVERIFY(facts.added(logs, BlockNumber(50), now).isEmpty());
    }

    void registryEventsNameTheParty()
    {
        const Environment e = environment();
        const ChainFacts facts(e, e.chains[0]);
        EvmLog log;
        log.address = *e.chains[0].registry;
        log.topics = {keccak256("KeyRevoked(bytes32,address)"), keccak256("treasury-desk")};
        log.data = Bytes(12, '\0') + Bytes(20, '\x11');
        const auto change = facts.registryChange(log);
        QVERIFY(change.has_value());
        QCOMPARE(change->kind, RegistryChange::Kind::Revoked);
        QCOMPARE(change->party, u"Treasury desk"_s);
        QCOMPARE(change->key, *Address::fromBytes(Bytes(20, '\x11')));
        log.topics[0] = keccak256("KeyRegistered(bytes32,address)");
        QCOMPARE(facts.registryChange(log)->kind, RegistryChange::Kind::Registered);
        log.topics[0] = keccak256("Other()");
        QVERIFY(!facts.registryChange(log));
        log.topics[0] = keccak256("KeyRevoked(bytes32,address)");
        log.address = e.chains[0].vaults[0].address;
        QVERIFY(!facts.registryChange(log));
    }
};

QTEST_GUILESS_MAIN(TestIntentFacts)
#include "tst_intentfacts.moc"
