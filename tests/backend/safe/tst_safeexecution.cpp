#include "backend/safe/safecalls.h"
#include "backend/safe/safeexecution.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesimulation.h"
#include "backend/safe/safestorage.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

/// Simulation and execution against real Safes of each version: what is promised, what is refused, what is read back.
class TestSafeExecution final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    TestKey m_alice{11};
    TestKey m_bob{12};
    TestKey m_executor{50};
    Address m_counter;
    Address m_refusing;

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }
    Address newSafe() { return m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2); }

    SafeSimulation simulated(const Address &safe, const SafeTransaction &transaction, const QList<CallRequest> &questions = {})
    {
        auto result = QCoro::waitFor(simulateSafe(m_safes->chain().rpc, m_safes->client(), m_safes->state(safe), transaction,
                                                  SafeChain::hash(safe, transaction), questions));
        if (!result)
            qFatal("%s", qPrintable(result.error().message));
        return *std::move(result);
    }
    static bool changes(const SafeSimulation &simulation, const StorageChange &change) { return simulation.changes.contains(change); }

    std::vector<SafeSignature> signaturesOf(const Address &safe, const SafeTransaction &transaction, const std::vector<const TestKey *> &keys)
    {
        std::vector<SafeSignature> signatures;
        for (const TestKey *key : keys)
            signatures.push_back(SafeSignature::ecdsa(key->sign(SafeChain::hash(safe, transaction))));
        return signatures;
    }
    SafeExecutionRequest request(const Address &safe, const SafeTransaction &transaction, const std::vector<const TestKey *> &keys)
    {
        return {.state = m_safes->state(safe),
                .transaction = transaction,
                .signatures = signaturesOf(safe, transaction, keys),
                .executor = m_executor.address(),
                .miningDeadline = std::chrono::seconds(20)};
    }
    static QCoro::Task<Result<EvmSignature>> signBy(const TestKey *key, Hash32 digest) { co_return key->sign(digest); }
    Result<SafeExecutionReport> run(const SafeExecutionRequest &request)
    {
        const TestKey *key = &m_executor;
        return QCoro::waitFor(executeSafeTransaction(m_safes->client(), request, [key](Hash32 digest) { return signBy(key, digest); }));
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase()
    {
        m_safes = std::make_unique<SafeChain>();
        m_counter = m_safes->deployRuntime(counterCode());
        m_refusing = m_safes->deployRuntime(hex(u"5f5ffd"));
        m_safes->chain().ask(u"anvil_setBalance"_s, {m_executor.address().toString(), u"0x56bc75e2d63100000"_s});
        m_safes->chain().ask(u"evm_setAutomine"_s, {true});
    }

    // --- simulation

    void simulationShowsALoweredThreshold()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, safe, safeCall(u"changeThreshold", {Uint256(1)}));
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        QVERIFY(simulation.hasChanges);
        QVERIFY(changes(simulation, {safe, slotNumber(SafeStorage::threshold), slotNumber(2), slotNumber(1)}));
        QVERIFY(changes(simulation, {safe, slotNumber(SafeStorage::nonce), slotNumber(0), slotNumber(1)}));
        QCOMPARE(simulation.changes.size(), 2); // the overridden approvals are not among them
        QCOMPARE(m_safes->state(safe).threshold, Uint256(2)); // nothing was done
    }

    void simulationShowsChangedOwnersAndAnswersQuestions()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, safe, safeCall(u"addOwnerWithThreshold", {m_executor.address(), Uint256(2)}));
        const AbiFunction &isOwner = *safeAbi().function(u"isOwner");
        const auto simulation = simulated(safe, transaction, {CallRequest{.to = safe, .data = isOwner.encodeCall({m_executor.address()}).value()}});
        QVERIFY(simulation.succeeded);
        QCOMPARE(simulation.answers.size(), 1);
        QVERIFY(isOwner.decodeOutput(simulation.answers.first().returned).value().front() == AbiValue(true));
        QVERIFY(changes(simulation, {safe, slotNumber(SafeStorage::ownerCount), slotNumber(2), slotNumber(3)}));
        QVERIFY(std::ranges::none_of(simulation.changes, [](const StorageChange &change) { return change.slot == slotNumber(SafeStorage::threshold); }));
    }

    void simulationLetsTheGuardSayNo()
    {
        const Address safe = newSafe();
        m_safes->require(safe, m_safes->next(safe, safe, safeCall(u"setGuard", {m_safes->contracts(version()).guard})), {&m_alice, &m_bob});
        const auto simulation = simulated(safe, m_safes->next(safe, m_counter, {}, SafeOperation::DelegateCall));
        QVERIFY(!simulation.succeeded);
        QVERIFY2(simulation.reason.contains(u"This call is restricted"), qPrintable(simulation.reason));
    }

    void simulationOfALaterNonceAssumesThoseBefore()
    {
        const Address safe = newSafe();
        auto transaction = m_safes->next(safe, m_counter);
        transaction.nonce = 5;
        const auto simulation = simulated(safe, transaction);
        QVERIFY2(simulation.succeeded, qPrintable(simulation.reason));
        QVERIFY(std::ranges::any_of(simulation.changes, [this](const StorageChange &change) { return change.contract == m_counter; }));
    }

    void simulationOfAFailingCallSaysSo()
    {
        const Address safe = newSafe();
        const auto plain = simulated(safe, m_safes->next(safe, m_refusing));
        QVERIFY(!plain.succeeded);
        if (version() != u"1.5.0")
            QVERIFY2(plain.reason.contains(u"GS013"), qPrintable(plain.reason));

        // With gas set aside the Safe does not revert: the nonce would be gone and nothing done.
        auto withGas = m_safes->next(safe, m_refusing);
        withGas.safeTxGas = 50'000;
        const auto burnt = simulated(safe, withGas);
        QVERIFY(!burnt.succeeded);
        QVERIFY2(burnt.reason.contains(u"nonce is used up"), qPrintable(burnt.reason));
    }

    // --- execution

    void executesAndReadsBack()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, safe, safeCall(u"addOwnerWithThreshold", {m_executor.address(), Uint256(1)}));
        const auto report = run(request(safe, transaction, {&m_bob, &m_alice}));
        QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
        QCOMPARE(report->safeTxHash, SafeChain::hash(safe, transaction));
        QCOMPARE(report->receipt.from, m_executor.address());
        QCOMPARE(report->after.nonce, Uint256(1));
        QCOMPARE(report->after.threshold, Uint256(1));
        QCOMPARE(report->after.blockHash, report->receipt.blockHash);
        QVERIFY(report->after.isOwner(m_executor.address()));
    }

    void neitherStrangersNorDoublesCount()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, m_counter);
        const auto report = run(request(safe, transaction, {&m_executor, &m_alice, &m_alice}));
        QCOMPARE(report.error().kind, ErrorKind::Rejected);
        QVERIFY2(report.error().message.contains(u"1 of 2"), qPrintable(report.error().message));
        QVERIFY(run(request(safe, transaction, {&m_executor, &m_alice, &m_alice, &m_bob})).has_value());
    }

    void anotherNonceIsNotSent()
    {
        const Address safe = newSafe();
        auto transaction = m_safes->next(safe, m_counter);
        transaction.nonce = 1;
        QCOMPARE(run(request(safe, transaction, {&m_alice, &m_bob})).error().kind, ErrorKind::Rejected);
        QVERIFY(m_safes->state(safe).nonce.isZero());
    }

    void whatWouldFailIsNotSent()
    {
        const Address safe = newSafe();
        auto transaction = m_safes->next(safe, m_refusing);
        QCOMPARE(run(request(safe, transaction, {&m_alice, &m_bob})).error().kind, ErrorKind::Rejected);
        transaction.safeTxGas = 50'000;
        const auto burning = run(request(safe, transaction, {&m_alice, &m_bob}));
        QCOMPARE(burning.error().kind, ErrorKind::Rejected);
        QVERIFY2(burning.error().message.contains(u"nonce is used up"), qPrintable(burning.error().message));
        QVERIFY(m_safes->state(safe).nonce.isZero());
    }

    void approvalThatIsNotOnChainIsRefusedWithItsCode()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, m_counter);
        auto asked = request(safe, transaction, {&m_alice});
        asked.signatures.push_back(SafeSignature::approved(m_bob.address()));
        const auto report = run(asked);
        QCOMPARE(report.error().kind, ErrorKind::Rejected);
        QVERIFY2(report.error().message.contains(u"GS025"), qPrintable(report.error().message));
        QVERIFY(m_safes->executeFrom(m_bob, safe, encodeApproveHash(SafeChain::hash(safe, transaction))).succeeded);
        asked.state = m_safes->state(safe);
        QVERIFY(run(asked).has_value());
    }

    void executorWithoutMoneyIsTold()
    {
        const Address safe = newSafe();
        auto asked = request(safe, m_safes->next(safe, m_counter), {&m_alice, &m_bob});
        asked.executor = TestKey(51).address();
        QCOMPARE(run(asked).error().kind, ErrorKind::Exhausted);
    }

    void failureIsFoundInTheReceipt()
    {
        const Address safe = newSafe();
        auto transaction = m_safes->next(safe, m_refusing);
        transaction.safeTxGas = 50'000;
        const auto receipt = m_safes->execute(safe, transaction, SafeChain::sign(safe, transaction, {&m_alice, &m_bob}));
        QVERIFY(receipt.succeeded); // as far as the chain is concerned
        const auto checked = checkReceipt(receipt, safe, SafeChain::hash(safe, transaction));
        QCOMPARE(checked.error().kind, ErrorKind::Rejected);
        QVERIFY2(checked.error().message.contains(u"nonce is used up"), qPrintable(checked.error().message));
        QCOMPARE(m_safes->state(safe).nonce, Uint256(1));
    }

    void otherHashOrOtherSafeIsNoSuccess()
    {
        const Address safe = newSafe();
        const auto transaction = m_safes->next(safe, m_counter);
        const auto receipt = m_safes->require(safe, transaction, {&m_alice, &m_bob});
        QVERIFY(checkReceipt(receipt, safe, SafeChain::hash(safe, transaction)).has_value());
        QVERIFY(!checkReceipt(receipt, safe, Hash32()).has_value());
        QVERIFY(!checkReceipt(receipt, m_counter, SafeChain::hash(safe, transaction)).has_value());
        const auto read = QCoro::waitFor(readExecuted(m_safes->client(), safe, 1, receipt)); // the nonce did not get that far
        QCOMPARE(read.error().kind, ErrorKind::Conflict);
    }

    void whatIsNotMinedTimesOut()
    {
        const auto waited = QCoro::waitFor(awaitReceipt(m_safes->client(), Hash32(), std::chrono::milliseconds(1)));
        QCOMPARE(waited.error().kind, ErrorKind::Timeout);
    }
};

QTEST_GUILESS_MAIN(TestSafeExecution)
#include "tst_safeexecution.moc"
