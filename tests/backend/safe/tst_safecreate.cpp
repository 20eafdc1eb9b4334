#include "backend/safe/safecontracts.h"
#include "backend/safe/safecreate.h"
#include "backend/safe/safefactory.h"
#include "backend/safe/safesetup.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const Address safe = address(u"0x1111111111111111111111111111111111111111");
const Address library = address(u"0x9b35Af71d77eaf8d7e40252370304687390A1A52");

// The first three accounts of a fresh anvil, in ascending order, two of whom must sign.
Bytes anvilSetup(const Address &handler)
{
    return encodeSafeSetup({.owners = {address(u"0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
                                       address(u"0x70997970C51812dc3A010C7d01b50e0d17dc79C8"),
                                       address(u"0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")},
                            .threshold = 2,
                            .fallbackHandler = handler});
}

Address contractOf(SafeContract contract, SafeVersion version)
{
    const SafeBuild build = version == SafeVersion::v130() ? SafeBuild::Eip155 : SafeBuild::Canonical;
    for (const SafeDeployment &deployment : safeDeployments()) {
        if (deployment.contract == contract && deployment.version == version && deployment.build == build)
            return deployment.address;
    }
    return {};
}

} // namespace

class TestSafeCreate final : public QObject {
    Q_OBJECT

private slots:
    // Verified by deployment on anvil.
    void predictsProxies_data()
    {
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("address");
        QTest::newRow("1.3.0") << u"1.3.0"_s << u"0xafd3CbC764426Db5e1163785109D04E1d34A4268"_s;
        QTest::newRow("1.4.1") << u"1.4.1"_s << u"0xc3DD131Aa2395e0A0293CD29D3a94B9396EeC9ec"_s;
        QTest::newRow("1.5.0") << u"1.5.0+L2"_s << u"0x2Ab742B985a7d0ecd6bC0f8E2dC1EA53bDf356C3"_s;
    }
    void predictsProxies()
    {
        QFETCH(QString, version);
        QFETCH(QString, address);
        const SafeVersion of = SafeVersion::parse(version).value();
        const ProxyCreation creation{.singleton = contractOf(SafeContract::SafeL2, of),
                                     .initializer = anvilSetup(contractOf(SafeContract::CompatibilityFallbackHandler, of))};
        const auto predicted = predictProxy(of, contractOf(SafeContract::ProxyFactory, of), creation);
        QCOMPARE(predicted.value().toLower(), address.toLower());
    }

    void knowsTheProxiesCode_data()
    {
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("begin");
        QTest::addColumn<QString>("end");
        QTest::newRow("1.3.0") << u"1.3.0"_s << u"0x44425997"_s << u"5c932b"_s;
        QTest::newRow("1.4.1") << u"1.4.1"_s << u"0x1856e0ee"_s << u"dcaf5f"_s;
        QTest::newRow("1.5.0") << u"1.5.0"_s << u"0x941b3e88"_s << u"cad9cb87e12"_s;
    }
    void knowsTheProxiesCode()
    {
        QFETCH(QString, version);
        QFETCH(QString, begin);
        QFETCH(QString, end);
        const QString hash = keccak256(proxyCreationCode(SafeVersion::parse(version).value()).value()).toString();
        QVERIFY(hash.startsWith(begin));
        QVERIFY(hash.endsWith(end));
    }

    void saysWhichProxiesItDoesNotKnow()
    {
        QCOMPARE(proxyCreationCode(SafeVersion::v111()).error().kind, ErrorKind::NotFound);
        QCOMPARE(predictProxy(SafeVersion::v111(), safe, {}).error().kind, ErrorKind::NotFound);
    }

    void readsEveryCallOfTheFactory_data()
    {
        QTest::addColumn<ProxyMethod>("method");
        QTest::addColumn<QString>("selector");
        QTest::newRow("create") << ProxyMethod::Create << u"0x61b69abd"_s;
        QTest::newRow("nonce") << ProxyMethod::WithNonce << u"0x1688f0b9"_s;
        QTest::newRow("callback") << ProxyMethod::WithCallback << u"0xd18af54d"_s;
        QTest::newRow("chain") << ProxyMethod::ChainSpecific << u"0xec9e80bb"_s;
        QTest::newRow("nonce L2") << ProxyMethod::WithNonceL2 << u"0x4662f9d6"_s;
        QTest::newRow("chain L2") << ProxyMethod::ChainSpecificL2 << u"0x1a334b0b"_s;
    }
    void readsEveryCallOfTheFactory()
    {
        QFETCH(ProxyMethod, method);
        QFETCH(QString, selector);
        ProxyCreation creation{.method = method, .singleton = library, .initializer = hex(u"b63e800d")};
        if (method != ProxyMethod::Create)
            creation.saltNonce = 42;
        if (method == ProxyMethod::WithCallback)
            creation.callback = safe;
        const Bytes calldata = encodeProxyCreation(creation);
        QCOMPARE(toHex(calldata.first(4)), selector);
        QVERIFY(decodeProxyCreation(calldata).value() == creation);
        QCOMPARE(decodeProxyCreation(calldata + Bytes(1, 'x')).error().kind, ErrorKind::Invalid);
    }

    void separatesTheMethodsAddresses()
    {
        const ChainId chain(100);
        ProxyCreation creation{.singleton = library, .initializer = hex(u"01"), .saltNonce = 7};
        const Address plain = predictProxy(SafeVersion::v150(), safe, creation, chain).value();
        creation.method = ProxyMethod::WithNonceL2;
        QCOMPARE(predictProxy(SafeVersion::v150(), safe, creation, chain).value(), plain);
        creation.method = ProxyMethod::ChainSpecific;
        const Address specific = predictProxy(SafeVersion::v150(), safe, creation, chain).value();
        QVERIFY(specific != plain);
        QVERIFY(predictProxy(SafeVersion::v150(), safe, creation, ChainId(1)).value() != specific);
        creation.method = ProxyMethod::ChainSpecificL2;
        QCOMPARE(predictProxy(SafeVersion::v150(), safe, creation, chain).value(), specific);
        QCOMPARE(predictProxy(SafeVersion::v141(), safe, creation, chain).error().detail, u"factory.method"_s);
        creation.method = ProxyMethod::WithCallback;
        QVERIFY(predictProxy(SafeVersion::v141(), safe, creation, chain).value() != plain);
        creation.method = ProxyMethod::Create;
        QCOMPARE(predictProxy(SafeVersion::v130(), safe, creation, chain, Nonce(5)).value(), createAddress(safe, Nonce(5)));
        QCOMPARE(decodeProxyCreation(hex(u"01020304")).error().kind, ErrorKind::NotFound);
    }

    void createsAsTheSafeByDelegatecall()
    {
        const CreateCall plain{.value = 3, .initCode = hex(u"6001600055")};
        QCOMPARE(toHex(encodeCreateCall(plain).first(4)), u"0x4c8c9ea1"_s);
        QVERIFY(decodeCreateCall(encodeCreateCall(plain)).value() == plain);
        const CreateSite site{.safe = safe, .safeAccountNonce = Nonce(1), .library = library};
        const auto prediction = predictCreateCall(plain, SafeOperation::DelegateCall, site);
        QCOMPARE(*prediction.address, createAddress(safe, Nonce(1)));
        QCOMPARE(prediction.creator, safe);
        QVERIFY(!prediction.orphaned && !prediction.frontRunnable && prediction.warning.isEmpty());

        const CreateCall salted{.initCode = hex(u"6001600055"), .salt = keccak256("salt")};
        QCOMPARE(toHex(encodeCreateCall(salted).first(4)), u"0x4847be6f"_s);
        QVERIFY(decodeCreateCall(encodeCreateCall(salted)).value() == salted);
        QCOMPARE(*predictCreateCall(salted, SafeOperation::DelegateCall, site).address,
                 create2Address(safe, keccak256("salt"), keccak256(salted.initCode)));
    }

    // A contract that makes its creator the owner would belong to the shared library.
    void warnsOfCreationByAPlainCall()
    {
        const CreateSite site{.safe = safe, .safeAccountNonce = Nonce(1), .library = library};
        const CreateCall plain{.initCode = hex(u"00")};
        const auto orphan = predictCreateCall(plain, SafeOperation::Call, site);
        QVERIFY(orphan.orphaned);
        QVERIFY(!orphan.address);
        QCOMPARE(orphan.creator, library);
        QVERIFY(orphan.warning.contains(u"delegatecall"));
        const CreateSite known{.safe = safe, .safeAccountNonce = Nonce(1), .library = library, .libraryNonce = Nonce(9)};
        QCOMPARE(*predictCreateCall(plain, SafeOperation::Call, known).address, createAddress(library, Nonce(9)));
        const auto salted = predictCreateCall({.initCode = hex(u"00"), .salt = Hash32()}, SafeOperation::Call, site);
        QVERIFY(salted.orphaned && salted.frontRunnable);
        QCOMPARE(*salted.address, create2Address(library, Hash32(), keccak256(hex(u"00"))));
    }

    void refusesWhatIsNoCreation()
    {
        QCOMPARE(decodeCreateCall(hex(u"01020304")).error().kind, ErrorKind::NotFound);
        QCOMPARE(decodeCreateCall({}).error().kind, ErrorKind::NotFound);
        QCOMPARE(decodeCreateCall(encodeCreateCall({}).chopped(1)).error().kind, ErrorKind::Invalid);
    }

    void deploysThroughTheDeployersOfEveryChain()
    {
        const DeterministicDeployment deployment{.salt = keccak256("salt"), .initCode = hex(u"6001")};
        const Bytes calldata = encodeDeployment(deployment);
        QCOMPARE(calldata, Bytes(keccak256("salt").bytes() + hex(u"6001")));
        QVERIFY(decodeDeployment(calldata).value() == deployment);
        QCOMPARE(decodeDeployment(calldata.first(32)).error().kind, ErrorKind::Invalid);
        const Address arachnid = deployerAddress(DeterministicDeployer::Arachnid);
        QCOMPARE(deployerAt(arachnid), DeterministicDeployer::Arachnid);
        QVERIFY(!deployerAt(safe));
        QCOMPARE(predictDeployment(DeterministicDeployer::Arachnid, deployment), create2Address(arachnid, deployment.salt, keccak256(hex(u"6001"))));
    }
};

QTEST_GUILESS_MAIN(TestSafeCreate)
#include "tst_safecreate.moc"
