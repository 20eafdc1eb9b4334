#include "backend/safe/safecreate.h"
#include "backend/safe/safefactory.h"
#include "backend/safe/safemanagement.h"
#include "tests/backend/review/adversarialestate.h"

#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

using Package = AdversarialEstate::Package;
using Make = AdversarialEstate::Make;

namespace {

const Address sentinel = *Address::parse(u"0x0000000000000000000000000000000000000001");

Bytes manage(const SafeManagementCall &call)
{
    return encodeManagementCall(call);
}

} // namespace

/// Attacks on the Safe's own settings; as tst_adversarial.
class TestAdversarialSafe final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_estate = std::make_unique<AdversarialEstate>(); }
    void cleanupTestCase() { m_estate.reset(); }
    void attackIsBlockedAndItsTwinIsNot_data();
    void attackIsBlockedAndItsTwinIsNot()
    {
        QFETCH(QString, code);
        QFETCH(Make, make);
        verifyPackage(*m_estate, code, make);
    }

private:
    std::unique_ptr<AdversarialEstate> m_estate;
};

void TestAdversarialSafe::attackIsBlockedAndItsTwinIsNot_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<Make>("make");
    const auto row = [](const char *name, const QString &code, const Make &make) { QTest::newRow(name) << code << make; };
    const auto revoke = [](AdversarialEstate &e) { return e.call(e.registryBuild, u"revokeKey", {AbiValue(e.party)}); };

    // 16: the Safe itself
    const auto ownCall = [](AdversarialEstate &e, const SafeManagementCall &call) { return e.package(e.safe, manage(call)); };
    row("one signature is to be enough", u"safe.threshold.low"_s,
        [=](auto &e, bool attack) { return ownCall(e, ChangeThreshold{Uint256(attack ? 1 : 3)}); });
    row("the owner before is not the one before", u"safe.refused"_s, [=](auto &e, bool attack) {
        const auto owners = e.chain.state(e.safe).owners;
        return ownCall(e, RemoveOwner{attack ? owners[0] : owners[1], owners[2], Uint256(2)});
    });
    row("an owner that nobody knows", u"safe.owner.unknown"_s, [=](auto &e, bool attack) {
        Package p = ownCall(e, AddOwner{e.mallory.address(), Uint256(2)});
        if (!attack)
            p.environment.holders.append({u"dave"_s, e.mallory.address(), {}});
        return p;
    });
    row("an owner that can never sign", u"safe.owner.invalid"_s, [=](auto &e, bool attack) {
        Package p = ownCall(e, AddOwner{attack ? e.safe : e.mallory.address(), Uint256(2)});
        p.environment.holders.append({u"dave"_s, e.mallory.address(), {}});
        return p;
    });
    row("an owner that is a contract and no Safe", u"safe.owner.contract"_s, [=](auto &e, bool attack) {
        const Address owner = attack ? e.vault : e.mallory.address();
        Package p = ownCall(e, AddOwner{owner, Uint256(2)});
        p.environment.holders.append({u"dave"_s, owner, {}});
        return p;
    });
    row("two Safes that own each other", u"safe.deadlock"_s, [=](auto &e, bool attack) {
        const Address other
            = e.chain.createSafe(u"1.4.1"_s, {attack ? e.safe : e.carol.address(), e.mallory.address()}, 2);
        Package p = ownCall(e, AddOwner{other, Uint256(2)});
        p.environment.holders.append({u"the other desk"_s, other, {}});
        return p;
    });
    row("a module", u"safe.module.new"_s, [=](auto &e, bool attack) {
        const Address module = e.chain.deployRuntime(counterCode());
        e.executeAsSafe(e.safe, manage(EnableModule{module}));
        return ownCall(e, attack ? SafeManagementCall(EnableModule{e.vault}) : SafeManagementCall(DisableModule{sentinel, module}));
    });
    row("a handler that nobody knows", u"safe.code.unknown"_s, [=](auto &e, bool attack) {
        return ownCall(e, SetFallbackHandler{attack ? e.chain.deployRuntime(counterCode()) : e.chain.contracts(u"1.4.1"_s).handler});
    });
    row("a message signed without end", u"safe.message"_s, [=](auto &e, bool attack) {
        const std::vector<InnerCall> calls{{e.registry, revoke(e)}};
        return attack ? e.package(e.chain.contracts(u"1.4.1"_s).signMessageLib, manage(SignMessage{Bytes(32, '\7')}), SafeOperation::DelegateCall)
                      : e.package(e.chain.contracts(u"1.4.1"_s).multiSendCallOnly, multiSendOf(calls), SafeOperation::DelegateCall);
    });
    row("a second setup", u"safe.setup"_s, [=](auto &e, bool attack) {
        SafeSetup setup;
        setup.owners = {e.alice.address(), e.bob.address()};
        setup.threshold = Uint256(2);
        return ownCall(e, attack ? SafeManagementCall(setup) : SafeManagementCall(ChangeThreshold{Uint256(3)}));
    });
    row("a new Safe that runs foreign code while it is set up", u"safe.setup.delegatecall"_s, [](auto &e, bool attack) {
        SafeSetup setup;
        setup.owners = {e.alice.address(), e.bob.address()};
        setup.threshold = Uint256(2);
        setup.fallbackHandler = e.chain.contracts(u"1.4.1"_s).handler;
        if (attack) {
            setup.to = e.chain.deployRuntime(counterCode());
            setup.data = Bytes(4, '\1');
        }
        ProxyCreation creation;
        creation.singleton = e.chain.contracts(u"1.4.1"_s).singletonL2;
        creation.initializer = manage(setup);
        creation.saltNonce = Uint256(4711);
        return e.package(e.chain.contracts(u"1.4.1"_s).factory, encodeProxyCreation(creation));
    });
    row("a new Safe whose setup cannot be read", u"safe.setup.unread"_s, [](auto &e, bool attack) {
        SafeSetup setup;
        setup.owners = {e.alice.address(), e.bob.address()};
        setup.threshold = Uint256(2);
        ProxyCreation creation;
        creation.singleton = e.chain.contracts(u"1.4.1"_s).singletonL2;
        creation.initializer = attack ? Bytes() : manage(setup);
        creation.saltNonce = Uint256(4712);
        return e.package(e.chain.contracts(u"1.4.1"_s).factory, encodeProxyCreation(creation));
    });
}

QTEST_GUILESS_MAIN(TestAdversarialSafe)
#include "tst_adversarialsafe.moc"
