#include "backend/evm/create2.h"
#include "backend/safe/safecontracts.h"
#include "backend/safe/safecreate.h"
#include "backend/safe/safetrust.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

constexpr auto npm130 = "@gnosis.pm/safe-contracts";
constexpr auto npm141 = "@safe-global/safe-contracts";
constexpr auto npm1412 = "@safe-global/safe-contracts-1.4.1-2";
constexpr auto npm150 = "@safe-global/safe-smart-account";

// The creation code in a package; empty when it cannot be read.
Bytes creationCode(const char *package, const char *path)
{
    QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/node_modules/"_s + QLatin1StringView(package) + u"/build/artifacts/contracts/"_s
               + QLatin1StringView(path));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return bytesFromHex(QJsonDocument::fromJson(file.readAll()).object().value(u"bytecode"_s).toString()).value_or(Bytes());
}

Bytes word(const Address &address)
{
    return Bytes(12, '\0') + address.bytes();
}

Address addressOf(SafeContract contract, SafeVersion version, SafeBuild build)
{
    for (const SafeDeployment &deployment : safeDeployments()) {
        if (deployment.contract == contract && deployment.version == version && deployment.build == build)
            return deployment.address;
    }
    return {};
}

} // namespace

class TestSafeContracts final : public QObject {
    Q_OBJECT

private slots:
    // What is published must be what the packages' code gives, by CREATE2 with salt zero: 1.3.0 through the first
    // deterministic deployer (canonical) and through Safe's own (eip155), later versions through Safe's own.
    void reproducesEveryAddressFromTheCode_data()
    {
        QTest::addColumn<SafeContract>("contract");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("version");
        struct Source {
            SafeContract contract;
            const char *old;
            const char *now;
        };
        const std::array sources = {
            Source{SafeContract::Safe, "GnosisSafe.sol/GnosisSafe.json", "Safe.sol/Safe.json"},
            Source{SafeContract::SafeL2, "GnosisSafeL2.sol/GnosisSafeL2.json", "SafeL2.sol/SafeL2.json"},
            Source{SafeContract::ProxyFactory, "proxies/GnosisSafeProxyFactory.sol/GnosisSafeProxyFactory.json",
                   "proxies/SafeProxyFactory.sol/SafeProxyFactory.json"},
            Source{SafeContract::CompatibilityFallbackHandler, "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json",
                   "handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json"},
            Source{SafeContract::MultiSend, "libraries/MultiSend.sol/MultiSend.json", "libraries/MultiSend.sol/MultiSend.json"},
            Source{SafeContract::MultiSendCallOnly, "libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json",
                   "libraries/MultiSendCallOnly.sol/MultiSendCallOnly.json"},
            Source{SafeContract::CreateCall, "libraries/CreateCall.sol/CreateCall.json", "libraries/CreateCall.sol/CreateCall.json"},
            Source{SafeContract::SimulateTxAccessor, "accessors/SimulateTxAccessor.sol/SimulateTxAccessor.json",
                   "accessors/SimulateTxAccessor.sol/SimulateTxAccessor.json"},
            Source{SafeContract::TokenCallbackHandler, nullptr, "handler/TokenCallbackHandler.sol/TokenCallbackHandler.json"},
            Source{SafeContract::SignMessageLib, nullptr, "libraries/SignMessageLib.sol/SignMessageLib.json"},
        };
        for (const Source &source : sources) {
            const QByteArray name(safeContractName(source.contract).data());
            if (source.old)
                QTest::newRow(QByteArray(name + " 1.3.0").constData()) << source.contract << creationCode(npm130, source.old) << 130;
            QTest::newRow(QByteArray(name + " 1.4.1").constData()) << source.contract << creationCode(npm141, source.now) << 141;
            QTest::newRow(QByteArray(name + " 1.5.0").constData()) << source.contract << creationCode(npm150, source.now) << 150;
        }
        QTest::newRow("ExtensibleFallbackHandler") << SafeContract::ExtensibleFallbackHandler
                                                   << creationCode(npm150, "handler/ExtensibleFallbackHandler.sol/ExtensibleFallbackHandler.json")
                                                   << 150;
        constexpr auto setup = "libraries/SafeToL2Setup.sol/SafeToL2Setup.json";
        QTest::newRow("SafeToL2Setup 1.4.1") << SafeContract::SafeToL2Setup << creationCode(npm1412, setup) << 141;
        QTest::newRow("SafeToL2Setup 1.5.0") << SafeContract::SafeToL2Setup << creationCode(npm150, setup) << 150;
        QTest::newRow("SafeToL2Migration") << SafeContract::SafeToL2Migration
                                           << creationCode(npm1412, "libraries/SafeToL2Migration.sol/SafeToL2Migration.json") << 141;
        // The constructor takes singleton, L2 singleton and fallback handler.
        constexpr auto migration = "libraries/SafeMigration.sol/SafeMigration.json";
        for (const auto &entry : {std::tuple("SafeMigration 1.4.1", npm1412, SafeVersion::v141(), 141),
                                  std::tuple("SafeMigration 1.5.0", npm150, SafeVersion::v150(), 150)}) {
            Bytes code = creationCode(std::get<1>(entry), migration);
            QVERIFY(!code.isEmpty());
            for (const SafeContract argument : {SafeContract::Safe, SafeContract::SafeL2, SafeContract::CompatibilityFallbackHandler})
                code += word(addressOf(argument, std::get<2>(entry), SafeBuild::Canonical));
            QTest::newRow(std::get<0>(entry)) << SafeContract::SafeMigration << code << std::get<3>(entry);
        }
    }
    void reproducesEveryAddressFromTheCode()
    {
        QFETCH(SafeContract, contract);
        QFETCH(QByteArray, code);
        QFETCH(int, version);
        QVERIFY2(!code.isEmpty(), "run npm ci --prefix contracts");
        const DeterministicDeployment deployment{.salt = {}, .initCode = code};
        const Address bySafe = predictDeployment(DeterministicDeployer::SafeSingletonFactory, deployment);
        if (version == 130) {
            QCOMPARE(predictDeployment(DeterministicDeployer::Arachnid, deployment), addressOf(contract, SafeVersion::v130(), SafeBuild::Canonical));
            QCOMPARE(bySafe, addressOf(contract, SafeVersion::v130(), SafeBuild::Eip155));
        } else {
            QCOMPARE(bySafe, addressOf(contract, version == 141 ? SafeVersion::v141() : SafeVersion::v150(), SafeBuild::Canonical));
        }
    }

    void findsByAddressAndChain()
    {
        const Address singleton = address(u"0x41675C099F32341bf84BFc5382aF534df5C7461a");
        const auto known = knownSafeContract(singleton, ChainId(1));
        QVERIFY(known && known->listed);
        QCOMPARE(known->deployment.contract, SafeContract::Safe);
        QCOMPARE(known->deployment.version, SafeVersion::v141());
        QVERIFY(!knownSafeContract(singleton, ChainId(31337))->listed);
        QVERIFY(!knownSafeContract(address(u"0x52908400098527886E0F7030069857D2E4169EE7"), ChainId(1)));
        QCOMPARE(safeContractAddress(SafeContract::MultiSendCallOnly, SafeVersion::v130(), ChainId(1)),
                 address(u"0x40A2aCCbd92BCA938b02010E17A5b8929b49130D"));
        QVERIFY(!safeContractAddress(SafeContract::SafeMigration, SafeVersion::v130(), ChainId(1)));
    }

    void marksTheBuildForAnotherMachine()
    {
        const auto onZkSync = safeContractAddress(SafeContract::Safe, SafeVersion::v130(), ChainId(324));
        QVERIFY(onZkSync);
        QVERIFY(knownSafeContract(address(u"0xB00ce5CCcdEf57e539ddcEd01DF43a13855d9910"), ChainId(324))->listed);
        QCOMPARE(knownSafeContract(address(u"0xB00ce5CCcdEf57e539ddcEd01DF43a13855d9910"), ChainId(324))->deployment.build, SafeBuild::ZkSync);
        QCOMPARE(safeBuildName(SafeBuild::Eip155), "eip155"_L1);
    }

    void findsByCode()
    {
        const auto known = knownSafeContractByCode(hash(u"0x180193227186ccb85316c94db1f0d156ed932b14712cfaac78901899178572dc"));
        QVERIFY(known.has_value());
        QCOMPARE(known->contract, SafeContract::SafeL2);
        QCOMPARE(known->version, SafeVersion::v150());
        QVERIFY(!knownSafeContractByCode(Hash32()));
    }

    void listsNothingTwice()
    {
        const auto all = safeDeployments();
        QVERIFY(all.size() > 60);
        for (size_t i = 0; i < all.size(); ++i) {
            QVERIFY(std::ranges::is_sorted(all[i].chains));
            for (size_t j = 0; j < i; ++j)
                QVERIFY2(all[i].address != all[j].address, qPrintable(all[i].address.toString()));
        }
    }
};

QTEST_GUILESS_MAIN(TestSafeContracts)
#include "tst_safecontracts.moc"
