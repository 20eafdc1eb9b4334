#include "backend/safe/safeprojection.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

Address number(quint64 n)
{
    return Address::fromBytes(Uint256(n).toBigEndian().last(20)).value();
}

const Address safe = number(0x5afe);
const Address sentinel = number(1);

// Owners 10, 20, 30 in the list's order, two of whom sign; modules 100, 200.
SafeState state()
{
    SafeState state;
    state.safe = safe;
    state.owners = {number(10), number(20), number(30)};
    state.threshold = 2;
    state.modules = {number(100), number(200)};
    state.guard = number(7);
    state.moduleGuard = number(6);
    return state;
}

SafeProjection projection(SafeVersion version = SafeVersion::v141())
{
    return {state(), version};
}

QString refusal(const SafeManagementCall &call, SafeVersion version = SafeVersion::v141())
{
    SafeProjection at = projection(version);
    const auto applied = at.apply(call);
    // What the contract reverts changes nothing.
    if (!applied && (at.owners() != state().owners || at.threshold() != state().threshold || at.modules() != state().modules))
        return u"changed"_s;
    return applied ? QString() : applied.error().detail;
}

} // namespace

class TestSafeProjection final : public QObject {
    Q_OBJECT

private slots:
    void findsTheOwnerBeforeInEveryStepOfABatch()
    {
        SafeProjection at = projection();
        // New owners stand first.
        QVERIFY(at.addOwner(number(40), 3).value() == SafeManagementCall(AddOwner{number(40), 3}));
        QVERIFY(at.owners() == (std::vector{number(40), number(10), number(20), number(30)}));
        // 10 was the first and is it no longer.
        QVERIFY(at.removeOwner(number(10), 3).value() == SafeManagementCall(RemoveOwner{number(40), number(10), 3}));
        QVERIFY(at.swapOwner(number(40), number(50)).value() == SafeManagementCall(SwapOwner{sentinel, number(40), number(50)}));
        QVERIFY(at.removeOwner(number(20), 2).value() == SafeManagementCall(RemoveOwner{number(50), number(20), 2}));
        QVERIFY(at.owners() == (std::vector{number(50), number(30)}));
        QCOMPARE(at.threshold(), Uint256(2));
        QVERIFY(at.changeThreshold(1).has_value());
        QCOMPARE(at.threshold(), Uint256(1));
    }

    void findsTheModuleBefore()
    {
        SafeProjection at = projection();
        QVERIFY(at.enableModule(number(300)).has_value());
        QVERIFY(at.disableModule(number(100)).value() == SafeManagementCall(DisableModule{number(300), number(100)}));
        QVERIFY(at.disableModule(number(300)).value() == SafeManagementCall(DisableModule{sentinel, number(300)}));
        QVERIFY(at.modules() == std::vector{number(200)});
    }

    void refusesWithTheContractsCode()
    {
        QCOMPARE(refusal(AddOwner{Address(), 2}), u"GS203"_s);
        QCOMPARE(refusal(AddOwner{sentinel, 2}), u"GS203"_s);
        QCOMPARE(refusal(AddOwner{safe, 2}), u"GS203"_s);
        QCOMPARE(refusal(AddOwner{number(20), 2}), u"GS204"_s);
        QCOMPARE(refusal(AddOwner{number(40), 5}), u"GS201"_s);
        QCOMPARE(refusal(AddOwner{number(40), 0}), u"GS202"_s);
        QCOMPARE(refusal(RemoveOwner{sentinel, number(10), 3}), u"GS201"_s);
        QCOMPARE(refusal(RemoveOwner{sentinel, sentinel, 2}), u"GS203"_s);
        QCOMPARE(refusal(RemoveOwner{sentinel, number(20), 2}), u"GS205"_s);
        QCOMPARE(refusal(RemoveOwner{number(30), number(40), 2}), u"GS205"_s);
        QCOMPARE(refusal(RemoveOwner{sentinel, number(10), 0}), u"GS202"_s);
        QCOMPARE(refusal(SwapOwner{sentinel, number(10), safe}), u"GS203"_s);
        QCOMPARE(refusal(SwapOwner{sentinel, number(10), number(30)}), u"GS204"_s);
        QCOMPARE(refusal(SwapOwner{sentinel, sentinel, number(40)}), u"GS203"_s);
        QCOMPARE(refusal(SwapOwner{number(30), number(10), number(40)}), u"GS205"_s);
        QCOMPARE(refusal(ChangeThreshold{4}), u"GS201"_s);
        QCOMPARE(refusal(ChangeThreshold{0}), u"GS202"_s);
        QCOMPARE(refusal(EnableModule{sentinel}), u"GS101"_s);
        QCOMPARE(refusal(EnableModule{number(100)}), u"GS102"_s);
        QCOMPARE(refusal(DisableModule{sentinel, Address()}), u"GS101"_s);
        QCOMPARE(refusal(DisableModule{sentinel, number(200)}), u"GS103"_s);
        QCOMPARE(refusal(SetFallbackHandler{safe}), u"GS400"_s);
        QCOMPARE(refusal(SetFallbackHandler{safe}, SafeVersion::v130()), QString());
        QCOMPARE(refusal(ApproveHash{keccak256("x")}), u"GS030"_s);
        QCOMPARE(refusal(SafeSetup{.owners = {number(1)}, .threshold = 1}), u"GS200"_s);
        QCOMPARE(refusal(SetModuleGuard{number(9)}), u"safe.moduleGuard"_s);
        QCOMPARE(refusal(SetModuleGuard{number(9)}, SafeVersion::v150()), QString());
        QCOMPARE(refusal(SetGuard{number(9)}, SafeVersion::v111()), u"safe.guard"_s);
        QCOMPARE(refusal(SetFallbackHandler{number(9)}, SafeVersion::v100()), u"safe.fallbackHandler"_s);
        QCOMPARE(refusal(ChangeMasterCopy{number(9)}), u"safe.masterCopy"_s);
        QCOMPARE(refusal(ChangeMasterCopy{}, SafeVersion::v111()), u"safe.masterCopy"_s);
        QCOMPARE(refusal(ChangeMasterCopy{number(9)}, SafeVersion::v111()), QString());
    }

    void refusesToRemoveWhoIsNoOwner()
    {
        SafeProjection at = projection();
        QCOMPARE(at.removeOwner(number(99), 2).error().detail, u"GS205"_s);
        QVERIFY(at.owners() == state().owners);
    }

    void followsGuardsAndHandlers()
    {
        SafeProjection at = projection(SafeVersion::v150());
        QCOMPARE(at.guard(), number(7));
        QVERIFY(at.apply(SetGuard{}).has_value());
        QVERIFY(at.guard().isZero());
        QCOMPARE(at.moduleGuard(), number(6));
        QVERIFY(at.apply(SetModuleGuard{number(8)}).has_value());
        QCOMPARE(at.moduleGuard(), number(8));
        QVERIFY(at.apply(SetFallbackHandler{number(9)}).has_value());
        QCOMPARE(at.fallbackHandler(), number(9));
        QVERIFY(at.apply(Migrate{}).has_value());
    }

    void encodesAndReadsEveryCall_data()
    {
        QTest::addColumn<SafeManagementCall>("call");
        QTest::addColumn<QString>("selector");
        const auto row = [](const char *name, const SafeManagementCall &call, const QString &selector) {
            QTest::newRow(name) << call << selector;
        };
        row("addOwner", AddOwner{number(4), 2}, u"0x0d582f13"_s);
        row("removeOwner", RemoveOwner{number(3), number(4), 2}, u"0xf8dc5dd9"_s);
        row("swapOwner", SwapOwner{number(3), number(4), number(5)}, u"0xe318b52b"_s);
        row("changeThreshold", ChangeThreshold{9}, u"0x694e80c3"_s);
        row("enableModule", EnableModule{number(4)}, u"0x610b5925"_s);
        row("disableModule", DisableModule{number(3), number(4)}, u"0xe009cfde"_s);
        row("setGuard", SetGuard{number(4)}, u"0xe19a9dd9"_s);
        row("no guard", SetGuard{}, u"0xe19a9dd9"_s);
        row("setModuleGuard", SetModuleGuard{number(4)}, u"0xe068df37"_s);
        row("setFallbackHandler", SetFallbackHandler{number(4)}, u"0xf08a0323"_s);
        row("approveHash", ApproveHash{keccak256("x")}, u"0xd4d9bdcd"_s);
        row("setup",
            SafeSetup{.owners = {number(4), number(5)},
                      .threshold = 2,
                      .to = number(6),
                      .data = hex(u"fe51f643"),
                      .fallbackHandler = number(7),
                      .paymentToken = number(8),
                      .payment = 9,
                      .paymentReceiver = number(10)},
            u"0xb63e800d"_s);
        row("signMessage", SignMessage{hex(u"0102")}, u"0x85a5affe"_s);
        row("setupToL2", SetupToL2{number(4)}, u"0xfe51f643"_s);
        row("changeMasterCopy", ChangeMasterCopy{number(4)}, u"0x7de7edef"_s);
        row("migrateSingleton", Migrate{}, u"0xf6682ab0"_s);
        row("migrateWithFallbackHandler", Migrate{.withFallbackHandler = true}, u"0xed007fc6"_s);
        row("migrateL2Singleton", Migrate{.toL2 = true}, u"0x07f464a4"_s);
        row("migrateL2WithFallbackHandler", Migrate{.toL2 = true, .withFallbackHandler = true}, u"0x68cb3d94"_s);
        row("migrateToL2", MigrateToL2{.singleton = number(4)}, QString());
        row("migrateFromV111", MigrateToL2{.singleton = number(4), .from111 = true, .fallbackHandler = number(5)}, QString());
        row("setSafeMethod", SetSafeMethod{hex(u"01020304"), keccak256("y")}, u"0x64f95acc"_s);
        row("setDomainVerifier", SetDomainVerifier{keccak256("d"), number(4)}, u"0x3365582c"_s);
    }
    void encodesAndReadsEveryCall()
    {
        QFETCH(SafeManagementCall, call);
        QFETCH(QString, selector);
        const Bytes calldata = encodeManagementCall(call);
        if (!selector.isEmpty())
            QCOMPARE(toHex(calldata.first(4)), selector);
        QVERIFY(decodeManagementCall(calldata).value() == call);
        QVERIFY(explainManagementCall(call).endsWith(u'.') || explainManagementCall(call).contains(u": 0x"));
        QCOMPARE(decodeManagementCall(calldata + Bytes(1, '\0')).error().kind, ErrorKind::Invalid);
    }

    void leavesOtherCallsAlone()
    {
        QCOMPARE(decodeManagementCall(hex(u"a9059cbb")).error().kind, ErrorKind::NotFound);
        QCOMPARE(decodeManagementCall({}).error().kind, ErrorKind::NotFound);
    }

    void explainsWhatIsDangerous()
    {
        QVERIFY(explainManagementCall(EnableModule{number(4)}).contains(u"without signatures"));
        QVERIFY(explainManagementCall(SetGuard{}).contains(u"Removes"));
        QVERIFY(explainManagementCall(SafeSetup{.owners = {}, .threshold = 1, .to = number(6)}).contains(u"as the Safe"));
    }
};

QTEST_GUILESS_MAIN(TestSafeProjection)
#include "tst_safeprojection.moc"
