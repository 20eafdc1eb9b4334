#include "backend/evm/create2.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safecreate.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safemultisend.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"
#include "tests/backend/safe/safechain.h"

#include <QTest>

#include <algorithm>

using namespace countersign;
using namespace countersign::testing;

/// MultiSend, MultiSendCallOnly and CreateCall of each version as real Safes use them, with the traps that they hold.
class TestSafeLibraries final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SafeChain> m_safes;
    TestKey m_alice{11};
    TestKey m_bob{12};
    Address m_counter;

    static QString version()
    {
        QFETCH_GLOBAL(QString, version);
        return version;
    }
    const SafeContracts &release() const { return m_safes->contracts(version()); }
    Address newSafe() { return m_safes->createSafe(version(), {m_alice.address(), m_bob.address()}, 2); }
    Uint256 count() { return Uint256::fromBigEndian(m_safes->storageAt(m_counter, 0).view()).value(); }

    SafeTransaction batch(const Address &safe, const Bytes &entries)
    {
        return m_safes->next(safe, release().multiSend, multiSendOf(entries), SafeOperation::DelegateCall);
    }
    SafeTransaction batch(const Address &safe, const std::vector<InnerCall> &calls) { return batch(safe, packed(calls)); }
    TransactionReceipt executed(const Address &safe, const SafeTransaction &transaction)
    {
        auto receipt = m_safes->require(safe, transaction, {&m_alice, &m_bob});
        const auto event = findSafeExecution(receipt.logs, safe, SafeChain::hash(safe, transaction));
        if (!event || event->outcome != SafeExecution::Success)
            qFatal("no ExecutionSuccess");
        return receipt;
    }
    QString refusal(const Address &safe, const SafeTransaction &transaction)
    {
        return m_safes->refusal(safe, transaction, SafeChain::sign(safe, transaction, {&m_alice, &m_bob}));
    }
    // 1.5.0 hands the reason of what failed inside on; earlier versions have one code for all.
    QString insideReason(const QString &reason) const { return version() == u"1.5.0" ? reason : u"GS013"_s; }

    Result<std::vector<MultiSendTransaction>> read(const Bytes &entries, const Address &safe, MultiSendKind kind = MultiSendKind::Full) const
    {
        return decodeMultiSend(entries, {.kind = kind, .version = SafeVersion::parse(version()).value()}, safe);
    }
    CreatePrediction predicted(const Address &safe, const CreateCall &call, SafeOperation operation)
    {
        const auto nonceOf = [this](const Address &account) { return QCoro::waitFor(m_safes->client().getTransactionCount(account)).value(); };
        return predictCreateCall(call, operation,
                                 {.safe = safe, .safeAccountNonce = nonceOf(safe), .library = release().createCall, .libraryNonce = nonceOf(release().createCall)});
    }

    static Address creatorOf(SafeChain &safes, const Address &contract)
    {
        return Address::fromBytes(safes.storageAt(contract, 0).view().last(20)).value();
    }
    static Bytes creation() { return SafeChain::creationOf(counterCode(), creatorNotingConstructor()); }
    static std::optional<Address> createdBy(const TransactionReceipt &receipt, const Address &emitter)
    {
        for (const EvmLog &log : receipt.logs) {
            const auto event = safeEvents().decodeLog(log);
            if (log.address == emitter && event && event->name == u"ContractCreation")
                return *event->value(u"newContract")->get<Address>();
        }
        return std::nullopt;
    }

private slots:
    void initTestCase_data() { SafeChain::addVersionRows(); }
    void initTestCase()
    {
        m_safes = std::make_unique<SafeChain>();
        m_counter = m_safes->deployRuntime(counterCode());
    }

    void canonicalAddressesAreReproduced()
    {
        // @safe-global/safe-deployments; SignMessageLib 1.3.0 was built apart from its release.
        const SafeContracts &c = release();
        const std::vector<Address> made{c.singleton, c.singletonL2, c.factory, c.handler, c.multiSend, c.multiSendCallOnly, c.createCall};
        const QHash<QString, QStringList> published{
            {u"1.3.0"_s, {u"0xd9Db270c1B5E3Bd161E8c8503c55cEABeE709552"_s, u"0x3E5c63644E683549055b9Be8653de26E0B4CD36E"_s,
                          u"0xa6B71E26C5e0845f74c812102Ca7114b6a896AB2"_s, u"0xf48f2B2d2a534e402487b3ee7C18c33Aec0Fe5e4"_s,
                          u"0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761"_s, u"0x40A2aCCbd92BCA938b02010E17A5b8929b49130D"_s,
                          u"0x7cbB62EaA69F79e6873cD1ecB2392971036cFAa4"_s}},
            {u"1.4.1"_s, {u"0x41675C099F32341bf84BFc5382aF534df5C7461a"_s, u"0x29fcB43b46531BcA003ddC8FCB67FFE91900C762"_s,
                          u"0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67"_s, u"0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99"_s,
                          u"0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526"_s, u"0x9641d764fc13c8B624c04430C7356C1C7C8102e2"_s,
                          u"0x9b35Af71d77eaf8d7e40252370304687390A1A52"_s}},
            {u"1.5.0"_s, {u"0xFf51A5898e281Db6DfC7855790607438dF2ca44b"_s, u"0xEdd160fEBBD92E350D4D398fb636302fccd67C7e"_s,
                          u"0x14F2982D601c9458F93bd70B218933A6f8165e7b"_s, u"0x3EfCBb83A4A7AfcB4F68D501E2c2203a38be77f4"_s,
                          u"0x218543288004CD07832472D464648173c77D7eB7"_s, u"0xA83c336B20401Af773B6219BA5027174338D1836"_s,
                          u"0x2Ef5ECfbea521449E4De05EDB1ce63B75eDA90B4"_s}}};
        const QStringList expected = published.value(version());
        QCOMPARE(static_cast<qsizetype>(made.size()), expected.size());
        for (size_t i = 0; i < made.size(); ++i)
            QCOMPARE(made.at(i).toString(), expected.at(static_cast<qsizetype>(i)));
    }

    // --- MultiSend

    void batchDoesAllOrNothing()
    {
        const Address safe = newSafe();
        const Uint256 before = count();
        executed(safe, batch(safe, {{m_counter}, {m_counter}, {m_counter}}));
        QCOMPARE(count(), before.checkedAdd(3).value());

        const Address refusing = m_safes->deployRuntime(hex(u"5f5ffd"));
        QCOMPARE(refusal(safe, batch(safe, {{m_counter}, {refusing}, {m_counter}})), insideReason(u"no reason"_s));
        QCOMPARE(count(), before.checkedAdd(3).value());
    }

    void entryToNobodyIsTheSafeItselfSince150()
    {
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{Address(), safeCall(u"changeThreshold", {Uint256(1)})}};
        QCOMPARE(read(packed(calls), safe)->front().effectiveTo, version() == u"1.5.0" ? safe : Address());
        executed(safe, batch(safe, calls));
        QCOMPARE(m_safes->state(safe).threshold, Uint256(version() == u"1.5.0" ? 1 : 2));
    }

    void entryToNobodyIsTheSafeItselfSince150InCallOnlyToo()
    {
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{Address(), safeCall(u"changeThreshold", {Uint256(1)})}};
        executed(safe, m_safes->next(safe, release().multiSendCallOnly, multiSendOf(calls), SafeOperation::DelegateCall));
        QCOMPARE(m_safes->state(safe).threshold, Uint256(version() == u"1.5.0" ? 1 : 2));
    }

    void callOnlyRefusesADelegatecallInside()
    {
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{m_counter, {}, SafeOperation::DelegateCall}};
        QCOMPARE(refusal(safe, m_safes->next(safe, release().multiSendCallOnly, multiSendOf(calls), SafeOperation::DelegateCall)),
                 insideReason(u"no reason"_s));
        QCOMPARE(read(packed(calls), safe, MultiSendKind::CallOnly).error().kind, ErrorKind::Rejected);
        // The other one does it: the counter's code wrote slot 0 of the Safe, which names its singleton.
        executed(safe, batch(safe, calls));
        QCOMPARE(Uint256::fromBigEndian(m_safes->storageAt(safe, 0).view()).value(),
                 Uint256::fromBigEndian(release().singleton.view()).value().checkedAdd(1).value());
    }

    void multiSendRefusesToBeCalled()
    {
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{m_counter}};
        QVERIFY(!refusal(safe, m_safes->next(safe, release().multiSend, multiSendOf(calls))).isEmpty());
        QVERIFY(m_safes->refusalOfCall(m_alice.address(), release().multiSend, multiSendOf(calls)).contains(u"delegatecall"));
    }

    void unknownOperationInsideIsRefused()
    {
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{m_counter}};
        Bytes entries = packed(calls);
        entries[0] = '\x02';
        QCOMPARE(read(entries, safe).error().kind, ErrorKind::Invalid);
        QCOMPARE(refusal(safe, batch(safe, entries)), insideReason(u"no reason"_s));
    }

    void trailingBytesAreIgnoredByTheContract()
    {
        // Its loop counts the length word, so that up to 32 bytes behind the last entry are never looked at: a decoder
        // that shows all that will happen must refuse them.
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{m_counter}};
        for (const qsizetype extra : {1, 31, 32}) {
            const Uint256 before = count();
            executed(safe, batch(safe, packed(calls) + Bytes(extra, '\xff')));
            QCOMPARE(read(packed(calls) + Bytes(extra, '\xff'), safe).error().kind, ErrorKind::Invalid);
            QCOMPARE(count(), before.checkedAdd(1).value());
        }
        QVERIFY(!refusal(safe, batch(safe, packed(calls) + Bytes(33, '\xff'))).isEmpty());
    }

    void lastEntryMayReadBeyondTheEnd()
    {
        // An entry whose data is cut off is executed all the same; what is missing are the zeros behind it in memory.
        const Address safe = newSafe();
        const std::vector<InnerCall> calls{{m_counter, Bytes(200, '\0')}};
        const Uint256 before = count();
        QCOMPARE(read(packed(calls).chopped(150), safe).error().kind, ErrorKind::Invalid);
        executed(safe, batch(safe, packed(calls).chopped(150)));
        QCOMPARE(count(), before.checkedAdd(1).value());
    }

    void emptyBatchIsNothing()
    {
        const Address safe = newSafe();
        const auto receipt = executed(safe, batch(safe, Bytes()));
        QCOMPARE(m_safes->state(safe).nonce, Uint256(1));
        QVERIFY(receipt.succeeded);
    }

    // --- CreateCall

    void createByDelegatecallMakesTheSafeTheCreator()
    {
        const Address safe = newSafe();
        for (const quint64 accountNonce : {1U, 2U}) { // of the account, which has nothing to do with the Safe's own
            QCOMPARE(QCoro::waitFor(m_safes->client().getTransactionCount(safe)).value(), Nonce(accountNonce));
            const auto prediction = predicted(safe, {.initCode = creation()}, SafeOperation::DelegateCall);
            const Address place = createAddress(safe, Nonce(accountNonce));
            QVERIFY(prediction.address == place && prediction.creator == safe && !prediction.orphaned && !prediction.frontRunnable);
            QVERIFY(!m_safes->hasCode(place));
            const auto receipt = executed(
                safe, m_safes->next(safe, release().createCall, safeCall(u"performCreate", {Uint256(), creation()}), SafeOperation::DelegateCall));
            QVERIFY(m_safes->hasCode(place));
            QCOMPARE(creatorOf(*m_safes, place), safe);
            QCOMPARE(createdBy(receipt, safe), std::optional(place));
            // What is in between does not count.
            executed(safe, m_safes->next(safe, m_counter));
        }
    }

    void create2ByDelegatecallIsPredictedBySaltAndCode()
    {
        const Address safe = newSafe();
        const Hash32 salt = keccak256("salt");
        const Address place = create2Address(safe, salt, keccak256(creation()));
        const auto prediction = predicted(safe, {.initCode = creation(), .salt = salt}, SafeOperation::DelegateCall);
        QVERIFY(prediction.address == place && prediction.creator == safe && !prediction.orphaned && !prediction.frontRunnable);
        const auto create = safeCall(u"performCreate2", {Uint256(), creation(), salt});
        const auto receipt = executed(safe, m_safes->next(safe, release().createCall, create, SafeOperation::DelegateCall));
        QVERIFY(m_safes->hasCode(place));
        QCOMPARE(creatorOf(*m_safes, place), safe);
        QCOMPARE(createdBy(receipt, safe), std::optional(place));
        QCOMPARE(refusal(safe, m_safes->next(safe, release().createCall, create, SafeOperation::DelegateCall)),
                 insideReason(u"Could not deploy contract"_s));
    }

    void createByCallOrphans()
    {
        // What the constructor sees as its creator, and makes the owner, is the library: nobody.
        const Address safe = newSafe();
        const auto prediction = predicted(safe, {.initCode = creation()}, SafeOperation::Call);
        QVERIFY(prediction.address && prediction.orphaned && !prediction.warning.isEmpty());
        QCOMPARE(prediction.creator, release().createCall);
        const Address place = *prediction.address;
        const auto receipt = executed(safe, m_safes->next(safe, release().createCall, safeCall(u"performCreate", {Uint256(), creation()})));
        QVERIFY(m_safes->hasCode(place));
        QCOMPARE(creatorOf(*m_safes, place), release().createCall);
        QCOMPARE(createdBy(receipt, release().createCall), std::optional(place));
    }

    void create2ByCallCanBeTakenByAnybody()
    {
        const Address safe = newSafe();
        const Hash32 salt = keccak256(version().toUtf8());
        const auto create = safeCall(u"performCreate2", {Uint256(), creation(), salt});
        const auto prediction = predicted(safe, {.initCode = creation(), .salt = salt}, SafeOperation::Call);
        QVERIFY(prediction.frontRunnable && prediction.orphaned);
        const Address place = prediction.address.value();
        QVERIFY(m_safes->executeFrom(m_alice, release().createCall, create).succeeded); // in front of the Safe
        QVERIFY(m_safes->hasCode(place));
        QCOMPARE(refusal(safe, m_safes->next(safe, release().createCall, create)), insideReason(u"Could not deploy contract"_s));
    }

    void createInsideABatchCountsFromTheAccountsNonce()
    {
        const Address safe = newSafe();
        const Bytes create = safeCall(u"performCreate", {Uint256(), creation()});
        const std::vector<InnerCall> calls{{release().createCall, create, SafeOperation::DelegateCall},
                                           {m_counter},
                                           {release().createCall, create, SafeOperation::DelegateCall}};
        executed(safe, batch(safe, calls));
        for (const quint64 accountNonce : {1U, 2U})
            QCOMPARE(creatorOf(*m_safes, createAddress(safe, Nonce(accountNonce))), safe);
    }
};

QTEST_GUILESS_MAIN(TestSafeLibraries)
#include "tst_safelibraries.moc"
