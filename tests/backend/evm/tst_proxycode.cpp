#include "backend/evm/proxycode.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/codefixture.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address target = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
const Address other = address(u"0xd9Db270c1B5E3Bd161E8c8503c55cEABeE709552");

Hash32 wordOf(const Address &address)
{
    return Hash32::fromDigest(Bytes(Bytes(12, '\0') + address.bytes()));
}

} // namespace

class TestProxyCode final : public QObject {
    Q_OBJECT

private slots:
    void knowsTheSlots()
    {
        QCOMPARE(ProxySlots::implementation(), hash(u"0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"));
        QCOMPARE(ProxySlots::admin(), hash(u"0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"));
        QCOMPARE(ProxySlots::beacon(), hash(u"0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"));
        QCOMPARE(ProxySlots::proxiable(), hash(u"0xc5f16f0fcc639fa48a6947836d9850f504798523bf8c9a3a87d5876cf622bcf7"));
        QCOMPARE(ProxySlots::zeppelinOs(), hash(u"0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3"));
    }

    void readsTheTargetOfMinimalProxies_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("EIP-1167") << u"363d3d373d3d3d363d73"_s << u"5af43d82803e903d91602b57fd5bf3"_s;
        QTest::newRow("0age") << u"3d3d3d3d363d3d37363d73"_s << u"5af43d3d93803e602a57fd5bf3"_s;
        QTest::newRow("EIP-7511") << u"365f5f375f5f365f73"_s << u"5af43d5f5f3e5f3d91602a57fd5bf3"_s;
        QTest::newRow("Vyper") << u"366000600037611000600036600073"_s << u"5af4602c57600080fd5b6110006000f3"_s;
        QTest::newRow("EIP-7702") << u"ef0100"_s << QString();
    }

    void readsTheTargetOfMinimalProxies()
    {
        QFETCH(const QString, before);
        QFETCH(const QString, after);
        const Bytes code = hex(before) + target.bytes() + (after.isEmpty() ? Bytes() : hex(after));
        const auto found = proxyOfCode(code);
        QVERIFY(found.has_value());
        QCOMPARE(found->kind, after.isEmpty() ? ProxyKind::Delegation : ProxyKind::Minimal);
        QVERIFY(found->implementation == target);
        QVERIFY(!proxyOfCode(code + 'x').has_value());
        QVERIFY(!proxyOfCode(code.chopped(1)).has_value());
        Bytes changed = code;
        changed[0] = '\x35';
        QVERIFY(!proxyOfCode(changed).has_value());
        // Its storage belongs to another contract and changes nothing.
        QVERIFY(proxyOf(code, {{ProxySlots::implementation(), wordOf(other)}}) == found);
    }

    void readsShortenedAddresses()
    {
        // The example of EIP-1167 with an address of 16 significant bytes.
        const auto found = proxyOfCode(hex(u"363d3d373d3d3d363d6fbebebebebebebebebebebebebebebebe5af43d82803e903d91602757fd5bf3"));
        QVERIFY(found.has_value());
        QVERIFY(found->implementation == address(u"0x00000000bebebebebebebebebebebebebebebebe"));
        QVERIFY(!proxyOfCode(hex(u"363d3d373d3d3d363d6fbebebebebebebebebebebebebebebebe5af43d82803e903d91602b57fd5bf3")).has_value());
    }

    void readsTheSlotsOfUpgradeableProxies()
    {
        const Bytes code = hex(u"60806040");
        const Hash32 wordOfTarget = wordOf(target);
        QVERIFY(!proxyOf(code, {}).has_value());
        QVERIFY((proxyOf(code, {{ProxySlots::implementation(), wordOfTarget}, {ProxySlots::admin(), wordOf(other)}})
                 == ProxyFinding{.kind = ProxyKind::Eip1967, .implementation = target, .admin = other}));
        QVERIFY((proxyOf(code, {{ProxySlots::beacon(), wordOfTarget}}) == ProxyFinding{.kind = ProxyKind::Eip1967Beacon, .beacon = target}));
        QVERIFY((proxyOf(code, {{ProxySlots::proxiable(), wordOfTarget}}) == ProxyFinding{.kind = ProxyKind::Eip1822, .implementation = target}));
        QVERIFY((proxyOf(code, {{ProxySlots::zeppelinOs(), wordOfTarget}}) == ProxyFinding{.kind = ProxyKind::ZeppelinOs, .implementation = target}));
        QVERIFY(!proxyOf(code, {{ProxySlots::implementation(), keccak256("no address")}}).has_value());
        QVERIFY(!proxyOf(code, {{ProxySlots::safeSingleton(), wordOfTarget}}).has_value());
        QVERIFY(!proxyOf({}, {{ProxySlots::implementation(), wordOfTarget}}).has_value());
        QCOMPARE(proxySlots().size(), size_t(6));
    }

    void readsTheSingletonOfSafeProxies_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("1.3.0") << u"@gnosis.pm/safe-contracts/build/artifacts/contracts/proxies/GnosisSafeProxy.sol/GnosisSafeProxy.json"_s;
        QTest::newRow("1.4.1") << u"@safe-global/safe-contracts/build/artifacts/contracts/proxies/SafeProxy.sol/SafeProxy.json"_s;
        QTest::newRow("1.5.0") << u"@safe-global/safe-smart-account/build/artifacts/contracts/proxies/SafeProxy.sol/SafeProxy.json"_s;
    }

    void readsTheSingletonOfSafeProxies()
    {
        QFETCH(const QString, file);
        const Bytes code = artifactFile(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/node_modules/"_s + file).runtimeCode();
        QVERIFY((proxyOf(code, {{ProxySlots::safeSingleton(), wordOf(other)}}) == ProxyFinding{.kind = ProxyKind::Safe, .implementation = other}));
        QVERIFY((proxyOfCode(code) == ProxyFinding{.kind = ProxyKind::Safe}));
    }
};

QTEST_GUILESS_MAIN(TestProxyCode)
#include "tst_proxycode.moc"
