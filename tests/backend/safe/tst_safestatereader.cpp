#include "backend/evm/revert.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesetup.h"
#include "backend/safe/safesignature.h"
#include "backend/safe/safestatereader.h"
#include "backend/safe/safetrust.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

/// A real Safe 1.4.1 on a real chain: what we hash, sign and read is what the contract does.
class TestSafeStateReader final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Anvil> m_anvil;
    std::unique_ptr<TestChain> m_chain;
    TestKey m_alice{11};
    TestKey m_bob{12};
    TestKey m_carol{13};
    Address m_singleton;
    Address m_handler;
    Address m_safe;

    static ContractArtifact npm(const QString &path)
    {
        return TestChain::artifact(u"node_modules/@safe-global/safe-contracts/build/artifacts/contracts/"_s + path);
    }

    SafeState state() { return QCoro::waitFor(readSafeState(m_chain->client, m_safe)).value(); }

    // Something at `place` that answers like a Safe of that version, with these other answers.
    Address pretend(quint64 place, const QString &version, std::vector<std::pair<Bytes, Bytes>> answers)
    {
        const auto encoded = [](QStringView types, std::initializer_list<AbiValue> values) {
            const auto function = AbiFunction::parse(u"f(%1)"_s.arg(types)).value();
            return function.encodeCall(values).value().sliced(4);
        };
        const auto answer = [&](QStringView function, const Bytes &data) { answers.emplace_back(Selector::ofSignature(function).bytes(), data); };
        answer(u"getOwners()", encoded(u"address[]", {AbiValue::list({m_alice.address()})}));
        answer(u"getThreshold()", encoded(u"uint256", {Uint256(1)}));
        answer(u"nonce()", encoded(u"uint256", {Uint256(3)}));
        answer(u"VERSION()", encoded(u"string", {version}));
        answer(u"domainSeparator()", encoded(u"bytes32", {Hash32()}));
        const auto address = Address::fromBytes(Uint256(place).toBigEndian().last(20)).value();
        m_chain->ask(u"anvil_setCode"_s, {address.toString(), toHex(answeringCode(answers))});
        return address;
    }
    static Bytes listOf(const std::vector<Address> &addresses, bool isPage)
    {
        const AbiValue list = AbiValue::List(addresses.begin(), addresses.end());
        const auto function = AbiFunction::parse(isPage ? u"f(address[],address)" : u"f(address[])").value();
        const Address next = addresses.empty() ? Address() : addresses.back();
        return (isPage ? function.encodeCall({list, next}) : function.encodeCall({list})).value().sliced(4);
    }

    Bytes signedBy(const SafeTransaction &transaction, std::initializer_list<const TestKey *> keys)
    {
        const Hash32 hash = safeTxHash(ChainId(31337), m_safe, transaction);
        std::vector<SafeSignature> signatures;
        for (const TestKey *key : keys)
            signatures.push_back(SafeSignature::ecdsa(key->sign(hash)));
        return encodeSafeSignatures(signatures, hash).value();
    }

private slots:
    void initTestCase()
    {
        m_anvil = std::make_unique<Anvil>();
        m_chain = std::make_unique<TestChain>(m_anvil->url());
        m_singleton = m_chain->deploy(npm(u"SafeL2.sol/SafeL2.json"_s).creationCode().value());
        m_handler = m_chain->deploy(npm(u"handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"_s).creationCode().value());
        const Address factory = m_chain->deploy(npm(u"proxies/SafeProxyFactory.sol/SafeProxyFactory.json"_s).creationCode().value());
        const SafeSetup setup{.owners = {m_alice.address(), m_bob.address(), m_carol.address()}, .threshold = 2, .fallbackHandler = m_handler};
        const Bytes initializer = encodeSafeSetup(setup);
        const auto receipt = m_chain->execute(factory, encodeCreateProxy(m_singleton, initializer, 7));
        QVERIFY(receipt.succeeded);
        m_safe = safeProxyAddress(factory, m_singleton, initializer, 7, npm(u"proxies/SafeProxy.sol/SafeProxy.json"_s).creationCode().value());
        QVERIFY(!QCoro::waitFor(m_chain->client.getCode(m_safe)).value().isEmpty());
    }

    void readsASafeAtOneBlock()
    {
        const SafeState safe = state();
        QCOMPARE(safe.owners, (std::vector{m_alice.address(), m_bob.address(), m_carol.address()}));
        QCOMPARE(safe.threshold, Uint256(2));
        QVERIFY(safe.nonce.isZero());
        QCOMPARE(safe.version, u"1.4.1"_s);
        QCOMPARE(safe.singleton, m_singleton);
        QCOMPARE(safe.fallbackHandler, m_handler);
        QVERIFY(safe.guard.isZero());
        QVERIFY(safe.modules.empty());
        QCOMPARE(safe.chainId, ChainId(31337));
        QCOMPARE(safe.domainSeparator, safeDomainHash(ChainId(31337), m_safe));
        QVERIFY(safe.isOwner(m_bob.address()));
        QVERIFY(!safe.isOwner(m_safe));
        const SafeJudgement judgement = judgeSafe(safe);
        QVERIFY2(judgement.trust == SafeTrust::Trusted, qPrintable(judgement.message));
    }

    void hashesAsTheContractDoes()
    {
        const SafeTransaction t{.to = m_handler, .value = 3, .data = hex(u"010203"), .operation = SafeOperation::DelegateCall, .safeTxGas = 4, .baseGas = 5,
                                .gasPrice = 6, .gasToken = m_singleton, .refundReceiver = m_handler, .nonce = 9};
        const AbiFunction &function = *safeAbi().function(u"getTransactionHash");
        const auto data = function.encodeCall({t.to, t.value, t.data, Uint256(1), t.safeTxGas, t.baseGas, t.gasPrice, t.gasToken, t.refundReceiver, t.nonce});
        const auto answer = QCoro::waitFor(m_chain->client.call({.to = m_safe, .data = data.value()})).value();
        QVERIFY(function.decodeOutput(answer).value().front() == AbiValue(safeTxHash(ChainId(31337), m_safe, t)));
    }

    void executesWithTwoSignaturesAndFindsTheEvent()
    {
        const Uint256 nonce = state().nonce;
        const Address dave = TestKey(14).address();
        const SafeTransaction transaction{
            .to = m_safe, .data = safeAbi().function(u"addOwnerWithThreshold")->encodeCall({dave, Uint256(2)}).value(), .nonce = nonce};
        const auto receipt = m_chain->execute(m_safe, encodeExecTransaction(transaction, signedBy(transaction, {&m_carol, &m_alice})));
        QVERIFY(receipt.succeeded);
        const auto event = findSafeExecution(receipt.logs, m_safe, safeTxHash(ChainId(31337), m_safe, transaction));
        QVERIFY(event.has_value());
        QCOMPARE(event->outcome, SafeExecution::Success);
        QCOMPARE(state().owners.front(), dave); // a new owner becomes the head of the list
        QCOMPARE(state().nonce, *nonce.checkedAdd(1));
    }

    void isRefusedByTheContractForTheReasonThatWeName()
    {
        const SafeTransaction stale{.to = m_safe, .nonce = 1000};
        for (const auto &[signatures, code] : {std::pair(signedBy(stale, {&m_alice, &m_bob}), u"GS026"_s), std::pair(signedBy(stale, {&m_alice}), u"GS020"_s)}) {
            const auto answer = QCoro::waitFor(m_chain->client.call({.to = m_safe, .data = encodeExecTransaction(stale, signatures)}));
            const auto data = revertDataOf(answer.error());
            QVERIFY(data.has_value());
            QCOMPARE(describeRevert(*data).text, code);
            QVERIFY(!safeErrorMeaning(code).isEmpty());
        }
    }

    void readsModules()
    {
        const Address module = TestKey(20).address();
        const SafeTransaction enable{
            .to = m_safe, .data = safeAbi().function(u"enableModule")->encodeCall({module}).value(), .nonce = state().nonce};
        QVERIFY(m_chain->execute(m_safe, encodeExecTransaction(enable, signedBy(enable, {&m_bob, &m_alice}))).succeeded);
        QCOMPARE(state().modules, std::vector{module});
    }

    void readsAllModulesAtOnceWhereThereAreNoPages()
    {
        // 1.0.0: getModules() alone, no guard, no handler.
        const std::vector modules{m_bob.address(), m_carol.address()};
        const Address old = pretend(0xabcd00, u"1.0.0"_s, {{Selector::ofSignature(u"getModules()").bytes(), listOf(modules, false)}});
        const auto state = QCoro::waitFor(readSafeState(m_chain->client, old));
        QVERIFY2(state.has_value(), qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->modules, modules);
        QCOMPARE(state->version, u"1.0.0"_s);
        QCOMPARE(state->nonce, Uint256(3));
        QVERIFY(state->guard.isZero() && state->moduleGuard.isZero() && state->fallbackHandler.isZero());
    }

    void readsPagesOf111()
    {
        const std::vector modules{m_bob.address()};
        const Address old =
            pretend(0xabcd01, u"1.1.1"_s, {{Selector::ofSignature(u"getModulesPaginated(address,uint256)").bytes(), listOf(modules, true)}});
        QCOMPARE(QCoro::waitFor(readSafeState(m_chain->client, old)).value().modules, modules);
    }

    void refusesAListOfModulesThatNeverEnds()
    {
        // The same full page again and again.
        std::vector<Address> modules;
        for (quint64 i = 0; i < 100; ++i)
            modules.push_back(Address::fromBytes(Uint256(5000 + i).toBigEndian().last(20)).value());
        const Bytes selector = Selector::ofSignature(u"getModulesPaginated(address,uint256)").bytes();
        const auto circle = QCoro::waitFor(readSafeState(m_chain->client, pretend(0xabcd02, u"1.3.0"_s, {{selector, listOf(modules, true)}})));
        QCOMPARE(circle.error().kind, ErrorKind::Corrupt);
        QVERIFY2(circle.error().message.contains(u"circle"), qPrintable(circle.error().message));
        modules.push_back(m_bob.address());
        const auto longer = QCoro::waitFor(readSafeState(m_chain->client, pretend(0xabcd03, u"1.3.0"_s, {{selector, listOf(modules, true)}})));
        QCOMPARE(longer.error().kind, ErrorKind::Corrupt);
        QVERIFY2(longer.error().message.contains(u"longer"), qPrintable(longer.error().message));
    }

    void refusesASafeThatNamesNoModules()
    {
        const auto state = QCoro::waitFor(readSafeState(m_chain->client, pretend(0xabcd04, u"1.3.0"_s, {})));
        QCOMPARE(state.error().kind, ErrorKind::Corrupt);
    }

    void saysWhatIsNoSafe()
    {
        QCOMPARE(QCoro::waitFor(readSafeState(m_chain->client, m_alice.address())).error().kind, ErrorKind::NotFound);
        const auto handler = QCoro::waitFor(readSafeState(m_chain->client, m_handler));
        QCOMPARE(handler.error().kind, ErrorKind::Corrupt);
        QVERIFY(handler.error().message.contains(u"like a Safe"));
    }
};

QTEST_GUILESS_MAIN(TestSafeStateReader)
#include "tst_safestatereader.moc"
