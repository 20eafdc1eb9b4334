#include "backend/safe/safecalls.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safeprojection.h"
#include "backend/safe/safestatereader.h"
#include "backend/safe/safetrust.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

namespace {

Address sentinel()
{
    return SafeLinkedList::sentinel();
}

Address account(quint64 number)
{
    return TestKey(1000 + number).address();
}

} // namespace

/// What a Safe does to itself, in each version: owners in batches, guards, modules, handler, and how the state reads
/// afterwards.
class TestSafeAdministration final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    TestKey m_alice{11};
    TestKey m_bob{12};

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }
    const SafeContracts &release() const { return m_safes->contracts(version()); }
    Address newSafe() { return m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 1); }
    SafeTransaction toItself(const Address &safe, QStringView function, std::initializer_list<AbiValue> arguments)
    {
        return m_safes->next(safe, safe, safeCall(function, arguments));
    }
    SafeTransaction batch(const Address &safe, const std::vector<InnerCall> &calls)
    {
        return m_safes->next(safe, release().multiSend, multiSendOf(calls), SafeOperation::DelegateCall);
    }
    TransactionReceipt executed(const Address &safe, const SafeTransaction &transaction)
    {
        auto receipt = m_safes->require(safe, transaction, {&m_alice});
        const auto event = findSafeExecution(receipt.logs, safe, SafeChain::hash(safe, transaction));
        if (!event || event->outcome != SafeExecution::Success)
            qFatal("no ExecutionSuccess");
        return receipt;
    }
    QString refusal(const Address &safe, const SafeTransaction &transaction)
    {
        return m_safes->refusal(safe, transaction, SafeChain::sign(safe, transaction, {&m_alice}));
    }
    QString insideReason(const QString &reason) const { return version() == u"1.5.0" ? reason : u"GS013"_s; }

    SafeProjection projectionOf(const Address &safe) { return SafeProjection(m_safes->state(safe), SafeVersion::parse(version()).value()); }

    static QStringList eventsOf(const TransactionReceipt &receipt, const Address &safe)
    {
        QStringList names;
        for (const EvmLog &log : receipt.logs) {
            const auto event = safeEvents().decodeLog(log);
            if (log.address == safe)
                names.append(event ? event->name : u"?"_s);
        }
        return names;
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase() { m_safes = std::make_unique<SafeChain>(); }

    // --- owners

    void ownersChangeInABatchWithTheRightPredecessors()
    {
        const Address safe = newSafe();
        SafeProjection projection = projectionOf(safe);
        std::vector<InnerCall> calls;
        const auto append = [&](const Result<SafeManagementCall> &call) { calls.push_back({safe, encodeManagementCall(call.value())}); };
        quint64 state = 7; // a fixed sequence of every operation
        for (quint64 step = 0; step < 40; ++step) {
            state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
            const quint64 pick = state >> 33U;
            const quint64 size = projection.owners().size();
            const Address chosen = projection.owners().at(pick % size);
            if (pick % 4 < 2)
                append(projection.addOwner(account(step), Uint256(1 + pick % (size + 1))));
            else if (chosen == m_alice.address())
                continue;
            else if (pick % 4 == 2)
                append(projection.removeOwner(chosen, Uint256(1 + pick % (size - 1))));
            else
                append(projection.swapOwner(chosen, account(step)));
        }
        append(projection.changeThreshold(Uint256(1)));
        QVERIFY(calls.size() > 20);
        executed(safe, batch(safe, calls));
        const SafeState after = m_safes->state(safe);
        QCOMPARE(after.owners, projection.owners());
        QCOMPARE(after.threshold, projection.threshold());
        QCOMPARE(after.nonce, Uint256(1));
    }

    void eachOwnerOperationReportsItself()
    {
        const Address safe = newSafe();
        const auto receipt = executed(safe, batch(safe, {{safe, safeCall(u"addOwnerWithThreshold", {account(1), Uint256(2)})},
                                                         {safe, safeCall(u"swapOwner", {account(1), m_alice.address(), account(2)})},
                                                         {safe, safeCall(u"removeOwner", {account(2), m_bob.address(), Uint256(1)})}}));
        const QStringList expected{u"AddedOwner"_s, u"ChangedThreshold"_s, u"RemovedOwner"_s, u"AddedOwner"_s,
                                   u"RemovedOwner"_s, u"ChangedThreshold"_s, u"ExecutionSuccess"_s};
        QCOMPARE(eventsOf(receipt, safe), expected);
        QCOMPARE(m_safes->state(safe).owners, (std::vector{account(1), account(2)}));
    }

    void wrongOwnerCallsAreRefusedForTheirReason()
    {
        const Address safe = newSafe();
        const Address alice = m_alice.address();
        const Address bob = m_bob.address();
        struct Case {
            QStringView function;
            std::vector<AbiValue> arguments;
            QString code;
        };
        const std::vector<Case> cases{
            {u"removeOwner", {sentinel(), bob, Uint256(1)}, u"GS205"_s},
            {u"removeOwner", {bob, alice, Uint256(1)}, u"GS205"_s},
            {u"removeOwner", {alice, bob, Uint256(2)}, u"GS201"_s},
            {u"removeOwner", {alice, bob, Uint256(0)}, u"GS202"_s},
            {u"swapOwner", {sentinel(), bob, account(1)}, u"GS205"_s},
            {u"swapOwner", {alice, bob, alice}, u"GS204"_s},
            {u"swapOwner", {alice, bob, Address()}, u"GS203"_s},
            {u"swapOwner", {alice, bob, sentinel()}, u"GS203"_s},
            {u"addOwnerWithThreshold", {bob, Uint256(1)}, u"GS204"_s},
            {u"addOwnerWithThreshold", {safe, Uint256(1)}, u"GS203"_s},
            {u"addOwnerWithThreshold", {account(1), Uint256(4)}, u"GS201"_s},
            {u"changeThreshold", {Uint256(3)}, u"GS201"_s},
            {u"changeThreshold", {Uint256(0)}, u"GS202"_s},
            {u"disableModule", {sentinel(), account(1)}, u"GS103"_s},
            {u"enableModule", {sentinel()}, u"GS101"_s},
        };
        for (const Case &one : cases) {
            const auto data = safeAbi().function(one.function)->encodeCall(one.arguments).value();
            QCOMPARE(refusal(safe, m_safes->next(safe, safe, data)), insideReason(one.code));
            QCOMPARE(m_safes->refusalOfCall(safe, safe, data), one.code); // asked as the Safe itself: every version says why
            const auto projected = projectionOf(safe).apply(decodeManagementCall(data).value());
            QCOMPARE(projected.error().detail, one.code);
        }
    }

    // --- guards

    void guardVetoesAndIsRemovedAgain()
    {
        const Address safe = newSafe();
        const auto set = executed(safe, toItself(safe, u"setGuard", {release().guard}));
        QCOMPARE(eventsOf(set, safe), (QStringList{u"ChangedGuard"_s, u"ExecutionSuccess"_s}));
        QCOMPARE(m_safes->state(safe).guard, release().guard);

        const std::vector<InnerCall> nothing;
        const auto vetoed = m_safes->next(safe, release().multiSend, multiSendOf(nothing), SafeOperation::DelegateCall);
        QCOMPARE(refusal(safe, vetoed), u"This call is restricted"_s);
        const auto receipt = m_safes->execute(safe, vetoed, SafeChain::sign(safe, vetoed, {&m_alice}));
        QVERIFY(!receipt.succeeded);
        QCOMPARE(m_safes->state(safe).nonce, Uint256(1)); // the veto takes everything back, the nonce too

        executed(safe, m_safes->next(safe, account(1)));
        executed(safe, toItself(safe, u"setGuard", {Address()}));
        QVERIFY(m_safes->state(safe).guard.isZero());
        executed(safe, m_safes->next(safe, release().multiSend, multiSendOf(nothing), SafeOperation::DelegateCall));
    }

    void whatIsNoGuardIsRefusedSince141()
    {
        const Address safe = newSafe();
        const auto transaction = toItself(safe, u"setGuard", {account(1)});
        if (version() == u"1.3.0") {
            executed(safe, transaction); // and the Safe is locked for ever: nothing answers there
            QCOMPARE(m_safes->state(safe).guard, account(1));
            QCOMPARE(refusal(safe, m_safes->next(safe, account(2))), u"no reason"_s);
            return;
        }
        QCOMPARE(refusal(safe, transaction), insideReason(u"no reason"_s)); // an address without code does not even say no
        const Address noGuard = m_safes->deployRuntime(hex(u"5f5f5260205ff3")); // answers zero to everything
        QCOMPARE(m_safes->refusalOfCall(safe, safe, safeCall(u"setGuard", {noGuard})), u"GS300"_s);
    }

    void moduleBypassesTheGuardUnlessItHasItsOwn()
    {
        const Address safe = newSafe();
        executed(safe, batch(safe, {{safe, safeCall(u"enableModule", {m_bob.address()})}, {safe, safeCall(u"setGuard", {release().guard})}}));
        const std::vector<InnerCall> nothing;
        const Bytes delegatecall = safeCall(u"execTransactionFromModule", {release().multiSend, Uint256(), multiSendOf(nothing), Uint256(1)});
        QCOMPARE(m_safes->refusalOfCall(m_alice.address(), safe, delegatecall), u"GS104"_s);
        const auto receipt = m_safes->executeFrom(m_bob, safe, delegatecall);
        QVERIFY(receipt.succeeded);
        QCOMPARE(eventsOf(receipt, safe), QStringList{u"ExecutionFromModuleSuccess"_s});

        if (version() != u"1.5.0") {
            QVERIFY(m_safes->state(safe).moduleGuard.isZero());
            return;
        }
        const auto set = executed(safe, toItself(safe, u"setModuleGuard", {release().guard}));
        QCOMPARE(eventsOf(set, safe), (QStringList{u"ChangedModuleGuard"_s, u"ExecutionSuccess"_s}));
        QCOMPARE(m_safes->state(safe).moduleGuard, release().guard);
        QCOMPARE(m_safes->refusalOfCall(m_bob.address(), safe, delegatecall), u"This call is restricted"_s);
        QVERIFY(m_safes->executeFrom(m_bob, safe, safeCall(u"execTransactionFromModule", {account(1), Uint256(), Bytes(), Uint256(0)})).succeeded);
        executed(safe, toItself(safe, u"setModuleGuard", {Address()}));
        QVERIFY(m_safes->state(safe).moduleGuard.isZero());
        QCOMPARE(m_safes->refusalOfCall(m_bob.address(), safe, delegatecall), QString());
    }

    // --- modules

    void modulesOfMorePagesThanOneAreAllRead()
    {
        // The reader asks for pages of 100: 100 and 101 are the edges, 250 has three pages.
        const Address safe = newSafe();
        std::vector<Address> modules;
        quint64 enabled = 0;
        for (const quint64 upTo : {100U, 101U, 250U}) {
            while (enabled < upTo) {
                std::vector<InnerCall> calls;
                for (int i = 0; i < 50 && enabled < upTo; ++i, ++enabled) {
                    const auto module = Address::fromBytes(Uint256(0x10000 + enabled).toBigEndian().last(20)).value();
                    calls.push_back({safe, safeCall(u"enableModule", {module})});
                    modules.insert(modules.begin(), module);
                }
                executed(safe, batch(safe, calls));
            }
            QCOMPARE(m_safes->state(safe).modules, modules);
        }
        // Out of the middle, with its predecessor.
        SafeProjection projection = projectionOf(safe);
        const auto disable = projection.disableModule(modules.at(120));
        executed(safe, m_safes->next(safe, safe, encodeManagementCall(disable.value())));
        modules.erase(modules.begin() + 120);
        QCOMPARE(m_safes->state(safe).modules, modules);
        QCOMPARE(projection.modules(), modules);
    }

    void nextOfAPageSkipsAModuleIn130()
    {
        // The trap itself: twelve modules in pages of ten, as a careless reader takes them.
        const Address safe = newSafe();
        std::vector<InnerCall> calls;
        for (quint64 i = 0; i < 12; ++i)
            calls.push_back({safe, safeCall(u"enableModule", {account(i)})});
        executed(safe, batch(safe, calls));
        const AbiFunction &paged = *safeAbi().function(u"getModulesPaginated");
        size_t seen = 0;
        Address start = sentinel();
        do {
            const auto data = QCoro::waitFor(m_safes->client().call({.to = safe, .data = paged.encodeCall({start, Uint256(10)}).value()})).value();
            const auto page = paged.decodeOutput(data).value();
            seen += page.at(0).get<AbiValue::List>()->size();
            start = *page.at(1).get<Address>();
        } while (start != sentinel() && !start.isZero());
        QCOMPARE(seen, version() == u"1.3.0" ? 11U : 12U);
        QCOMPARE(m_safes->state(safe).modules.size(), 12U);
    }

    // --- the rest of the state

    void handlerChanges()
    {
        const Address safe = newSafe();
        QCOMPARE(m_safes->state(safe).fallbackHandler, release().handler);
        const auto receipt = executed(safe, toItself(safe, u"setFallbackHandler", {account(1)}));
        QCOMPARE(eventsOf(receipt, safe), (QStringList{u"ChangedFallbackHandler"_s, u"ExecutionSuccess"_s}));
        QCOMPARE(m_safes->state(safe).fallbackHandler, account(1));
        const Bytes toSelf = safeCall(u"setFallbackHandler", {safe});
        QCOMPARE(m_safes->refusalOfCall(safe, safe, toSelf), version() == u"1.3.0" ? QString() : u"GS400"_s);
    }

    void everyFieldIsReadAtOneBlockAndTrusted()
    {
        for (const bool isL2 : {false, true}) {
            const Address safe = m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2, isL2);
            const SafeState state = m_safes->state(safe);
            QCOMPARE(state.safe, safe);
            QCOMPARE(state.chainId, SafeChain::chainId());
            QCOMPARE(state.owners, (std::vector{m_alice.address(), m_bob.address()}));
            QCOMPARE(state.threshold, Uint256(2));
            QVERIFY(state.nonce.isZero() && state.guard.isZero() && state.moduleGuard.isZero() && state.modules.empty());
            QCOMPARE(state.version, version());
            QCOMPARE(state.singleton, isL2 ? release().singletonL2 : release().singleton);
            QCOMPARE(state.fallbackHandler, release().handler);
            QCOMPARE(state.domainSeparator, safeDomainHash(SafeChain::chainId(), safe));
            QCOMPARE(state.proxyCodeHash, keccak256(QCoro::waitFor(m_safes->client().getCode(safe)).value()));
            QCOMPARE(state.singletonCodeHash, keccak256(QCoro::waitFor(m_safes->client().getCode(state.singleton)).value()));
            const auto block = QCoro::waitFor(m_safes->client().getBlock(BlockRef::at(state.blockHash))).value();
            QCOMPARE(block.number, state.blockNumber);
            const auto judgement = judgeSafe(state);
            QVERIFY2(judgement.trust == SafeTrust::Trusted, qPrintable(judgement.message));
            QCOMPARE(judgement.version, version());
        }
    }

    void anEarlierBlockReadsAsItWas()
    {
        const Address safe = newSafe();
        const SafeState before = m_safes->state(safe);
        executed(safe, batch(safe, {{safe, safeCall(u"addOwnerWithThreshold", {account(1), Uint256(1)})},
                                    {safe, safeCall(u"enableModule", {account(2)})},
                                    {safe, safeCall(u"setGuard", {release().guard})}}));
        const auto again = QCoro::waitFor(readSafeState(m_safes->client(), safe, BlockRef::at(before.blockHash))).value();
        QVERIFY(again == before);
        QVERIFY(m_safes->state(safe) != before);
    }
};

QTEST_GUILESS_MAIN(TestSafeAdministration)
#include "tst_safeadministration.moc"
