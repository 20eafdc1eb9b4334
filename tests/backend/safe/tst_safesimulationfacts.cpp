#include "backend/evm/tokenmovements.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safesimulatedevents.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safesimulationaccessor.h"
#include "backend/safe/safesimulationcomparison.h"
#include "backend/safe/safestatediff.h"
#include "backend/safe/safestorage.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"
#include "tests/support/fakenode/fakehttpserver.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

/// All that a simulation shows of a transaction, against real Safes of each version.
class TestSafeSimulationFacts final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    TestKey m_alice{21};
    TestKey m_bob{22};
    TestKey m_receiver{60};
    Address m_token;
    Address m_refusing;
    Address m_registry;
    JsonAbi m_registryAbi;
    std::shared_ptr<const StorageLayout> m_registryLayout;

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }
    Address newSafe() { return m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2); }
    void require(const Address &safe, const SafeTransaction &transaction)
    {
        m_safes->require(safe, transaction, {&m_alice, &m_bob});
    }

    SafeSimulation simulated(const Address &safe, const SafeTransaction &transaction)
    {
        auto result = QCoro::waitFor(simulateSafe(m_safes->chain().rpc, m_safes->client(), m_safes->state(safe),
            transaction, SafeChain::hash(safe, transaction)));
        if (!result)
            qFatal("%s", qPrintable(result.error().message));
        return *std::move(result);
    }
    QList<NamedChange> named(const Address &safe, const SafeTransaction &transaction, const SafeSimulation &simulation)
    {
        const SafeState state = m_safes->state(safe);
        StorageKeys keys = safeStorageKeys(state, transaction);
        keys.addTrace(*simulation.trace);
        return nameSafeChanges(state, simulation.changes, {{m_registry, m_registryLayout}}, keys);
    }
    static const NamedChange *find(const QList<NamedChange> &changes, QStringView variable)
    {
        const auto found = std::ranges::find(changes, variable, &NamedChange::variable);
        return found == changes.end() ? nullptr : &*found;
    }
    static QStringList texts(const SafeSimulation &simulation)
    {
        QStringList texts;
        const auto logs = readLogs(simulation.logs);
        for (const ReadLog &log : logs)
            texts.append(log.text);
        return texts;
    }
    std::vector<DelegatedCall> foreign(const Address &safe, const SafeSimulation &simulation)
    {
        const std::pair own(safe, m_safes->state(safe).singleton);
        return simulation.delegated(std::span(&own, 1));
    }
    static Bytes callOf(QStringView declaration, std::initializer_list<AbiValue> arguments)
    {
        return AbiFunction::parse(declaration)->encodeCall(arguments).value();
    }
    InnerCallOutcome throughAccessor(const Address &safe, const SafeTransaction &transaction)
    {
        auto outcome
            = QCoro::waitFor(simulateThroughAccessor(m_safes->client(), m_safes->state(safe), transaction, {}));
        if (!outcome)
            qFatal("%s", qPrintable(outcome.error().message));
        return *std::move(outcome);
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase()
    {
        m_safes = std::make_unique<SafeChain>();
        const auto token = TestChain::artifact(
            u"node_modules/@gnosis.pm/safe-contracts/build/artifacts/contracts/test/ERC20Token.sol/ERC20Token.json"_s);
        m_token = m_safes->chain().deploy(token.creationCode().value());
        m_refusing = m_safes->deployRuntime(hex(u"5f5ffd"));
        const auto registry = TestChain::artifact(u"artifacts/CantonKeyRegistry.json"_s);
        m_registry = m_safes->chain().deploy(registry.creationCode().value());
        m_registryAbi = registry.abi();
        QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/CantonKeyRegistry.json"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_registryLayout = std::make_shared<const StorageLayout>(StorageLayout::load(file.readAll()).value());
    }

    void loweredThresholdIsSaidInWords()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, safe, safeCall(u"changeThreshold", {Uint256(1)}));
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        QCOMPARE(simulation.method, u"debug_traceCall, eth_simulateV1"_s);
        QVERIFY2(simulation.limits.isEmpty(), qPrintable(simulation.limits.join(u'\n')));
        QVERIFY(!simulation.assumesPredecessors && !simulation.innerCallOnly);
        const auto changes = named(safe, transaction, simulation);
        const NamedChange threshold{
            safe, slotNumber(SafeStorage::threshold), u"threshold"_s, u"2"_s, u"1"_s, SlotRole::Safe};
        QVERIFY(safeSelfChanges(changes, safe) == QList<NamedChange>{threshold}); // the nonce only goes up by one
        QCOMPARE(find(changes, u"nonce")->after, u"1"_s);
        const QStringList events = texts(simulation);
        QVERIFY2(events.contains(u"ChangedThreshold(threshold: 1)"_s), qPrintable(events.join(u'\n')));
        QVERIFY(events.last().startsWith(
            u"ExecutionSuccess(txHash: %1"_s.arg(SafeChain::hash(safe, transaction).toString())));
        QVERIFY(foreign(safe, simulation).empty());
        QVERIFY(simulation.difference->balances.isEmpty() && simulation.difference->codes.isEmpty());
    }

    void changedOwnersAreNamedInTheirList()
    {
        const Address safe = newSafe();
        const Address added = m_receiver.address();
        const auto transaction = m_safes->next(safe, safe, safeCall(u"addOwnerWithThreshold", {added, Uint256(2)}));
        const auto simulation = simulated(safe, transaction);
        const auto self = safeSelfChanges(named(safe, transaction, simulation), safe);
        QCOMPARE(self.size(), 3);
        QVERIFY(std::ranges::all_of(self, &NamedChange::isSafeSlot));
        QCOMPARE(
            find(self, u"owners[%1]"_s.arg(added.toString()))->after, m_safes->state(safe).owners.front().toString());
        QCOMPARE(find(self, u"ownerCount")->after, u"3"_s);
    }

    void guardAndHandlerAreNamedToo()
    {
        const Address safe = newSafe();
        const Address guard = m_safes->contracts(version()).guard;
        const std::vector<InnerCall> inner{{.to = safe, .data = safeCall(u"setGuard", {guard})},
            {.to = safe, .data = safeCall(u"setFallbackHandler", {m_receiver.address()})},
            {.to = safe, .data = safeCall(u"enableModule", {m_receiver.address()})}};
        const auto transaction = m_safes->next(
            safe, m_safes->contracts(version()).multiSendCallOnly, multiSendOf(inner), SafeOperation::DelegateCall);
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        const auto changes = named(safe, transaction, simulation);
        QCOMPARE(find(changes, u"guard")->after, guard.toString());
        QCOMPARE(find(changes, u"fallbackHandler")->after, m_receiver.address().toString());
        QVERIFY(find(changes, u"modules[%1]"_s.arg(m_receiver.address().toString()))->isSafeSlot());
    }

    void vetoOfTheGuardIsSeenWhereItHappens()
    {
        const Address safe = newSafe();
        const Address guard = m_safes->contracts(version()).guard;
        require(safe, m_safes->next(safe, safe, safeCall(u"setGuard", {guard})));
        const auto simulation = simulated(safe, m_safes->next(safe, m_token, {}, SafeOperation::DelegateCall));
        QVERIFY(!simulation.succeeded);
        QVERIFY(simulation.trace && simulation.trace->failure());
        const CallFrame &refused = simulation.trace->frames[static_cast<size_t>(*simulation.trace->failure())];
        QVERIFY(refused.to == guard);
        QVERIFY(!simulation.hasChanges && simulation.logs.empty());
    }

    void createdContractIsShownWithItsCode()
    {
        const Address safe = newSafe();
        const Address library = m_safes->contracts(version()).createCall;
        const Bytes code = SafeChain::creationOf(counterCode(), creatorNotingConstructor());
        const auto transaction
            = m_safes->next(safe, library, safeCall(u"performCreate", {Uint256(), code}), SafeOperation::DelegateCall);
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        const auto created = simulation.created();
        QCOMPARE(created.size(), size_t(1));
        QCOMPARE(created.front().creator, safe);
        QCOMPARE(created.front().codeHash, keccak256(counterCode()));
        QCOMPARE(created.front().codeSize, counterCode().size());
        QVERIFY(!created.front().destroyed);
        QCOMPARE(simulation.difference->codeOf(created.front().contract)->after, counterCode());
        // The library ran on the Safe's storage, and whoever created is whom the constructor saw.
        QCOMPARE(foreign(safe, simulation).size(), size_t(1));
        QCOMPARE(foreign(safe, simulation).front().code, library);
        QVERIFY(simulation.changes.contains(StorageChange{
            created.front().contract, slotNumber(0), {}, Hash32::fromDigest(Bytes(12, '\0') + safe.bytes())}));
        const QStringList events = texts(simulation);
        QVERIFY(events.contains(u"ContractCreation(newContract: %1)"_s.arg(created.front().contract.toString())));
        // By a plain call it is the library that creates.
        const auto orphaned
            = simulated(safe, m_safes->next(safe, library, safeCall(u"performCreate", {Uint256(), code})));
        QCOMPARE(orphaned.created().front().creator, library);
    }

    void batchShowsWhatItMovesAndAllows()
    {
        const Address safe = newSafe();
        const Address receiver = m_receiver.address();
        m_safes->chain().ask(u"anvil_setBalance"_s, {safe.toString(), u"0x3e8"_s});
        QVERIFY(m_safes->chain()
                .execute(m_token, callOf(u"transfer(address to,uint256 amount)", {safe, Uint256(100)}))
                .succeeded);
        const std::vector<InnerCall> inner{
            {.to = m_token, .data = callOf(u"transfer(address to,uint256 amount)", {receiver, Uint256(30)})},
            {.to = m_token, .data = callOf(u"approve(address to,uint256 amount)", {receiver, Uint256::max()})},
            {.to = receiver, .value = 7}};
        const Address library = m_safes->contracts(version()).multiSend;
        const auto simulation
            = simulated(safe, m_safes->next(safe, library, multiSendOf(inner), SafeOperation::DelegateCall));
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        QVERIFY(tokenMovements(simulation.logs) == (std::vector<TokenMovement>{{m_token, safe, receiver, 30, {}}}));
        const auto allowances = allowanceChanges(simulation.logs);
        QVERIFY(allowances
            == (std::vector<AllowanceChange>{{m_token, safe, receiver, Uint256::max(), AllowanceKind::Amount}}));
        QVERIFY(simulation.transfers == (std::vector<EtherTransfer>{{safe, receiver, 7}}));
        const auto &balances = simulation.difference->balances;
        QVERIFY(balances.contains(BalanceChange{safe, 1000, 993}));
        QVERIFY(std::ranges::any_of(balances, [&receiver](const BalanceChange &change) {
            return change.account == receiver && change.after == *change.before.checkedAdd(7);
        }));
        QCOMPARE(balances.size(), 2);
        QCOMPARE(foreign(safe, simulation).front().code, library);
    }

    void delegatecallThatTakesTheSafeOverIsFlagged()
    {
        const Address safe = newSafe();
        // Called like a token's transfer, it writes its first argument into slot 0: where the Safe has its singleton.
        const Address trap = m_safes->deployRuntime(hex(u"6004355f5500"));
        const Address attacker = m_receiver.address();
        const auto transaction = m_safes->next(safe, trap,
            callOf(u"transfer(address to,uint256 amount)", {attacker, Uint256()}), SafeOperation::DelegateCall);
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        const auto self = safeSelfChanges(named(safe, transaction, simulation), safe);
        QCOMPARE(self.size(), 1);
        QCOMPARE(self.front().variable, u"singleton"_s);
        QCOMPARE(self.front().before, m_safes->state(safe).singleton.toString());
        QCOMPARE(self.front().after, attacker.toString());
        QVERIFY(self.front().isSafeSlot());
        QCOMPARE(foreign(safe, simulation).front().code, trap);
    }

    void delegatecallThatWritesElsewhereInTheSafeIsFlaggedToo()
    {
        const Address safe = newSafe();
        const Address writer
            = m_safes->deployRuntime(hex(u"6001607755604d60055500")); // 1 to slot 0x77, 0x4d to the nonce
        const auto transaction = m_safes->next(safe, writer, {}, SafeOperation::DelegateCall);
        const auto self = safeSelfChanges(named(safe, transaction, simulated(safe, transaction)), safe);
        QCOMPARE(self.size(), 2);
        QCOMPARE(find(self, u"nonce")->after, u"77"_s); // not the next one
        const NamedChange *unknown = find(self, u"slot "_s + slotNumber(0x77).toString());
        QVERIFY(unknown && unknown->role == SlotRole::Unknown && !unknown->isSafeSlot());
    }

    void keyOfTheRegistryIsNamed()
    {
        const Address safe = newSafe();
        // Whose the registry is, is its slot 0.
        m_safes->chain().ask(u"anvil_setStorageAt"_s,
            {m_registry.toString(), slotNumber(0).toString(), toHex(Bytes(12, '\0') + safe.bytes())});
        const Hash32 party = keccak256("party::1220");
        const Bytes call
            = m_registryAbi.function(u"registerKey")->encodeCall({AbiValue(party), m_receiver.address()}).value();
        const auto transaction = m_safes->next(safe, m_registry, call);
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        const auto changes = named(safe, transaction, simulation);
        const NamedChange *key = find(changes, u"cantonPartyToKey[%1]"_s.arg(party.toString()));
        QVERIFY(key);
        QCOMPARE(key->contract, m_registry);
        QCOMPARE(key->before, Address().toString());
        QCOMPARE(key->after, m_receiver.address().toString());
        QVERIFY(safeSelfChanges(changes, safe).isEmpty());
        const auto logs = readLogs(simulation.logs, {{m_registry, &m_registryAbi}});
        const auto registered = std::ranges::find(logs, m_registry, [](const ReadLog &log) { return log.log.address; });
        QVERIFY(registered != logs.end() && registered->isByContract);
        QCOMPARE(registered->text,
            u"KeyRegistered(partyId: %1, publicKey: %2)"_s.arg(party.toString(), m_receiver.address().toString()));
        QVERIFY(texts(simulation).first().startsWith(u"unknown event 0x"));

        const NamedChange promise{m_registry, {}, key->variable, key->before, key->after, SlotRole::Unknown};
        QVERIFY(differences({promise}, changes, safe).isEmpty());
        NamedChange other = promise;
        other.after = safe.toString();
        QCOMPARE(differences({other}, changes, safe).size(), 1);
        QCOMPARE(differences({}, changes, safe).size(), 1);
        QCOMPARE(
            differences({promise, {safe, {}, u"threshold"_s, u"2"_s, u"1"_s, SlotRole::Safe}}, changes, safe).size(),
            1);
    }

    void laterNonceIsMarked()
    {
        const Address safe = newSafe();
        auto transaction = m_safes->next(safe, m_receiver.address());
        transaction.nonce = 5;
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        QVERIFY(simulation.assumesPredecessors);
        const auto changes = named(safe, transaction, simulation);
        QCOMPARE(find(changes, u"nonce")->before, u"5"_s);
        QCOMPARE(find(changes, u"nonce")->after, u"6"_s);
    }

    void selfDestructIsSeen()
    {
        const Address safe = newSafe();
        const Address dying = m_safes->deployRuntime(hex(u"33ff"));
        m_safes->chain().ask(u"anvil_setBalance"_s, {dying.toString(), u"0x9"_s});
        const auto simulation = simulated(safe, m_safes->next(safe, dying));
        const auto ends = selfDestructs(*simulation.trace);
        QCOMPARE(ends.size(), size_t(1));
        QCOMPARE(ends.front().contract, dying);
        QCOMPARE(ends.front().beneficiary, safe);
        QVERIFY(simulation.transfers == (std::vector<EtherTransfer>{{dying, safe, 9}}));
    }

    void failingCallSaysWhichItWas()
    {
        const Address safe = newSafe();
        const std::vector<InnerCall> inner{{.to = m_receiver.address()}, {.to = m_refusing}};
        const auto simulation = simulated(safe,
            m_safes->next(safe, m_safes->contracts(version()).multiSendCallOnly, multiSendOf(inner),
                SafeOperation::DelegateCall));
        QVERIFY(!simulation.succeeded);
        // Older Safes revert by themselves (GS013) behind the call that failed, which is still the last one.
        QVERIFY(simulation.trace->frames[static_cast<size_t>(*simulation.trace->failure())].to == m_refusing);
    }

    void twoAnswersAreCompared()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, safe, safeCall(u"changeThreshold", {Uint256(1)}));
        const auto first = simulated(safe, transaction);
        auto second = simulated(safe, transaction);
        QVERIFY2(differences(first, second).isEmpty(), qPrintable(differences(first, second).join(u'\n')));
        second.changes.removeIf(
            [](const StorageChange &change) { return change.slot == slotNumber(SafeStorage::threshold); });
        QCOMPARE(differences(first, second).size(), 1);
        second = first;
        second.logs.pop_back();
        second.trace->frames.back().value = 1;
        second.difference->balances.append({safe, 1, 0});
        second.succeeded = false;
        second.reason = u"GS013"_s;
        const QStringList said = differences(first, second);
        QCOMPARE(said.size(), 4);
        QVERIFY2(said.first().contains(u"GS013"_s), qPrintable(said.first()));
        // Who saw less does not contradict.
        second = first;
        second.trace.reset();
        second.difference.reset();
        second.hasChanges = false;
        second.changes.clear();
        second.hasLogs = false;
        second.logs.clear();
        QVERIFY(differences(first, second).isEmpty());
    }

    // --- nodes that cannot override state

    void accessorTriesTheInnerCall()
    {
        const Address safe = newSafe();
        const Bytes call = callOf(u"approve(address to,uint256 amount)", {m_receiver.address(), Uint256(1)});
        const auto done = throughAccessor(safe, m_safes->next(safe, m_token, call));
        QVERIFY(done.succeeded && done.gasUsed > 0);
        QCOMPARE(done.returned, word(u"1"));
        const auto refused = throughAccessor(
            safe, m_safes->next(safe, m_token, callOf(u"transfer(address to,uint256 amount)", {safe, Uint256(1)})));
        QVERIFY(!refused.succeeded);
        QVERIFY2(!safeRevertReason(refused.returned).isEmpty(), qPrintable(safeRevertReason(refused.returned)));
        // It works on the Safe's own storage, and leaves nothing behind.
        QVERIFY(throughAccessor(safe, m_safes->next(safe, safe, safeCall(u"changeThreshold", {Uint256(1)}))).succeeded);
        QCOMPARE(m_safes->state(safe).threshold, Uint256(2));
    }

    void nodeWithoutOverridesTriesTheInnerCallOnly()
    {
        const Address safe = newSafe();
        // A node that knows the chain but neither traces nor overrides.
        JsonRpcClient &real = m_safes->chain().rpc;
        test::FakeHttpServer node([&real](const test::FakeHttpRequest &request) {
            const QJsonObject question = QJsonDocument::fromJson(request.body).object();
            const QString method = question.value(u"method"_s).toString();
            const QJsonArray parameters = question.value(u"params"_s).toArray();
            QJsonObject answer{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, question.value(u"id"_s)}};
            const bool isKnown = method == u"eth_getCode" || method == u"eth_call";
            if (!isKnown || parameters.size() > 2) {
                answer.insert(
                    u"error"_s, QJsonObject{{u"code"_s, isKnown ? -32602 : -32601}, {u"message"_s, u"unknown"_s}});
            } else if (const auto said = QCoro::waitFor(real.call(method, parameters))) {
                answer.insert(u"result"_s, *said);
            } else {
                answer.insert(u"error"_s, QJsonDocument::fromJson(said.error().detail.toUtf8()).object());
            }
            return test::FakeHttpReply{.body = QJsonDocument(answer).toJson()};
        });
        JsonRpcClient rpc(node.url());
        ChainClient chain(rpc);
        const Bytes call = callOf(u"approve(address to,uint256 amount)", {m_receiver.address(), Uint256(1)});
        for (const bool works : {true, false}) {
            const auto transaction = works ? m_safes->next(safe, m_token, call) : m_safes->next(safe, m_refusing);
            const auto simulation = QCoro::waitFor(
                simulateSafe(rpc, chain, m_safes->state(safe), transaction, SafeChain::hash(safe, transaction)));
            QVERIFY2(simulation.has_value(), qPrintable(simulation ? QString() : simulation.error().message));
            QCOMPARE(simulation->succeeded, works);
            QVERIFY(simulation->innerCallOnly && simulation->returned);
            QCOMPARE(simulation->method, u"SimulateTxAccessor"_s);
            QVERIFY2(simulation->limits.first().contains(u"signatures"), qPrintable(simulation->limits.first()));
        }
    }

    void safeWithoutAHandlerIsAskedItself()
    {
        const Address safe = newSafe();
        require(safe, m_safes->next(safe, safe, safeCall(u"setFallbackHandler", {Address()})));
        const Bytes call = callOf(u"approve(address to,uint256 amount)", {m_receiver.address(), Uint256(1)});
        const auto done = throughAccessor(safe, m_safes->next(safe, m_token, call));
        QVERIFY(done.succeeded);
        QCOMPARE(done.returned, word(u"1"));
        QVERIFY(!throughAccessor(safe, m_safes->next(safe, m_refusing)).succeeded);
    }
};

QTEST_GUILESS_MAIN(TestSafeSimulationFacts)
#include "tst_safesimulationfacts.moc"
