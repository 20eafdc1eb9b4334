#include "backend/evm/artifact.h"
#include "backend/evm/buildoutput.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/codefixture.h"
#include "tests/backend/evm/values.h"

#include <QElapsedTimer>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const QString packages = QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/node_modules/"_s;
const QString build130 = packages + u"@gnosis.pm/safe-contracts/build/artifacts/"_s;
const QString build141 = packages + u"@safe-global/safe-contracts/build/artifacts/"_s;
const QString build150 = packages + u"@safe-global/safe-smart-account/build/artifacts/"_s;

QStringList rangesOf(const ContractArtifact &artifact)
{
    QStringList places;
    for (const CodeImmutable &immutable : artifact.immutables()) {
        for (const CodeRange &range : immutable.ranges)
            places += immutable.id + u' ' + immutable.name + u' ' + immutable.type + u' ' + QString::number(range.start);
    }
    places.sort();
    return places;
}

} // namespace

// The forms that compilers and their tools write.
class TestArtifact final : public QObject {
    Q_OBJECT

private slots:
    void readsTheSameContractFromEachForm()
    {
        const JsonText standard = parseJsonFile(fixturePath(u"standard-output.json"_s));
        const JsonText hardhat3 = parseJsonFile(fixturePath(u"hardhat3-output.json"_s));
        const auto expected = BuildOutput::fromJson(standard.root())->artifact(u"src/Treasury.sol:Treasury").value();
        QCOMPARE(expected.contractName(), u"Treasury"_s);
        QCOMPARE(expected.sourceName(), u"src/Treasury.sol"_s);
        QCOMPARE(expected.immutables().size(), size_t(4));
        QCOMPARE(expected.immutables().front().name, u"keeper"_s);
        QCOMPARE(expected.immutables().front().type, u"address"_s);
        QCOMPARE(expected.immutables().front().ranges.size(), size_t(4));
        QCOMPARE(expected.links().front().library, u"src/Treasury.sol:Shares"_s);
        QCOMPARE(expected.runtimeLinks().front().ranges.size(), size_t(2));
        QCOMPARE(expected.abi().constructorInputs().size(), size_t(5));

        const std::vector<ContractArtifact> others{
            BuildOutput::fromJson(hardhat3.root())->artifact(u"Treasury").value(),
            artifactFile(fixturePath(u"foundry-Treasury.json"_s)),
            artifactFile(fixturePath(u"hardhat3-Treasury.json"_s)),
            ContractArtifact::fromJson(*standard.root().find("contracts")->find("src/Treasury.sol")->find("Treasury")).value(),
        };
        for (const ContractArtifact &other : others) {
            QCOMPARE(other.contractName(), expected.contractName());
            QCOMPARE(other.sourceName(), expected.sourceName());
            QCOMPARE(other.unlinkedCreationCode(), expected.unlinkedCreationCode());
            QCOMPARE(other.runtimeCode(), expected.runtimeCode());
            QCOMPARE(other.links().front().ranges, expected.links().front().ranges);
            QCOMPARE(other.runtimeLinks().front().ranges, expected.runtimeLinks().front().ranges);
            QVERIFY(other.knowsImmutables());
        }
        QCOMPARE(rangesOf(others[0]), rangesOf(expected));
        QCOMPARE(rangesOf(others[1]), rangesOf(expected));
    }

    void completesAHardhat2ArtifactFromItsBuildInfo()
    {
        const auto given = artifactFile(build150 + u"contracts/libraries/MultiSend.sol/MultiSend.json"_s);
        QVERIFY(!given.knowsImmutables());
        const JsonText text = parseJsonFile(build150 + u"build-info/75d144326206677e3959a415171feb8b.json"_s);
        const auto build = BuildOutput::fromJson(text.root()).value();
        const auto complete = build.complete(given).value();
        QCOMPARE(rangesOf(complete), QStringList{u"12247 MULTISEND_SINGLETON address 224"_s});
        const auto older = artifactFile(build141 + u"contracts/libraries/MultiSend.sol/MultiSend.json"_s);
        QCOMPARE(build.complete(older).error().kind, ErrorKind::Conflict);
        QCOMPARE(build.artifact(u"Nothing").error().kind, ErrorKind::NotFound);
        QVERIFY(build.contractNames().size() > 50);
    }

    void readsLargeBuildInfoQuickly()
    {
        QElapsedTimer timer;
        timer.start();
        const JsonText text = parseJsonFile(build150 + u"build-info/75d144326206677e3959a415171feb8b.json"_s);
        const auto artifact = BuildOutput::fromJson(text.root())->artifact(u"contracts/libraries/SafeMigration.sol:SafeMigration").value();
        qInfo("8.5 MB of build-info in %lld ms", timer.elapsed());
        QCOMPARE(artifact.immutables().size(), size_t(4));
        QVERIFY(timer.elapsed() < 20'000); // a bound that only a quadratic reader misses, also with sanitizers
    }

    void hasTheCodeOfTheCanonicalSafes_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("codeHash");
        QTest::newRow("1.3.0") << build130 + u"contracts/GnosisSafe.sol/GnosisSafe.json"_s << u"0xbba688fbdb21ad2bb58bc320638b43d94e7d100f6f3ebaab0a4e4de6304b1c2e"_s;
        QTest::newRow("1.3.0 L2") << build130 + u"contracts/GnosisSafeL2.sol/GnosisSafeL2.json"_s << u"0x21842597390c4c6e3c1239e434a682b054bd9548eee5e9b1d6a4482731023c0f"_s;
        QTest::newRow("1.3.0 proxy") << build130 + u"contracts/proxies/GnosisSafeProxy.sol/GnosisSafeProxy.json"_s << u"0xb89c1b3bdf2cf8827818646bce9a8f6e372885f8c55e5c07acbd307cb133b000"_s;
        QTest::newRow("1.4.1") << build141 + u"contracts/Safe.sol/Safe.json"_s << u"0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4"_s;
        QTest::newRow("1.4.1 L2") << build141 + u"contracts/SafeL2.sol/SafeL2.json"_s << u"0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff"_s;
        QTest::newRow("1.4.1 proxy") << build141 + u"contracts/proxies/SafeProxy.sol/SafeProxy.json"_s << u"0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c"_s;
        QTest::newRow("1.5.0") << build150 + u"contracts/Safe.sol/Safe.json"_s << u"0xdda019cbd7c867a533a2a86e5c53434fdc50b13122b5a5ddb4a8df61b31c20f2"_s;
        QTest::newRow("1.5.0 L2") << build150 + u"contracts/SafeL2.sol/SafeL2.json"_s << u"0x180193227186ccb85316c94db1f0d156ed932b14712cfaac78901899178572dc"_s;
        QTest::newRow("1.5.0 proxy") << build150 + u"contracts/proxies/SafeProxy.sol/SafeProxy.json"_s << u"0x4e381985ca68b3e5d27b4425fa581c19cf33146d3f887a3cfca96f55528ea46f"_s;
    }

    void hasTheCodeOfTheCanonicalSafes()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, codeHash);
        QCOMPARE(keccak256(artifactFile(file).runtimeCode()).toString(), codeHash);
    }

    void saysWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no object") << QByteArray("[]");
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("no name") << QByteArray(R"({"abi":[],"bytecode":"0x","deployedBytecode":"0x"})");
        QTest::newRow("no ABI") << QByteArray(R"({"contractName":"C","bytecode":"0x","deployedBytecode":"0x"})");
        QTest::newRow("no code") << QByteArray(R"({"contractName":"C","abi":[]})");
        QTest::newRow("code that is no hex") << QByteArray(R"({"contractName":"C","abi":[],"bytecode":"0xzz","deployedBytecode":"0x"})");
        QTest::newRow("a place that is no whole number") << QByteArray(R"({"contractName":"C","abi":[],"bytecode":"0x","deployedBytecode":"0x00","immutableReferences":{"1":[{"start":0.5,"length":1}]}})");
        QTest::newRow("a place beyond all numbers") << QByteArray(R"({"contractName":"C","abi":[],"bytecode":"0x","deployedBytecode":"0x00","immutableReferences":{"1":[{"start":99999999999999999999,"length":1}]}})");
        QTest::newRow("places that are no list") << QByteArray(R"({"contractName":"C","abi":[],"bytecode":"0x","deployedBytecode":"0x00","immutableReferences":{"1":5}})");
    }

    void saysWhatItCannotRead()
    {
        QFETCH(const QByteArray, json);
        const auto artifact = ContractArtifact::load(json);
        QVERIFY(!artifact.has_value());
        QVERIFY(!artifact.error().message.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestArtifact)
#include "tst_artifact.moc"
