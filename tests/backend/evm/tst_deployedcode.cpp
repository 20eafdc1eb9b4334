#include "backend/evm/abi.h"
#include "backend/evm/buildoutput.h"
#include "backend/evm/codeverification.h"
#include "backend/evm/create2.h"
#include "backend/evm/metadatablob.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/codefixture.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

const QString packages = QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/node_modules/"_s;

struct Package {
    QString name;
    QString buildInfo;
    QString prefix; ///< of the Safe's contracts
};

const Package safe130{u"@gnosis.pm/safe-contracts"_s, u"71268decf9a7f1eb73b40c98a062bead"_s, u"GnosisSafe"_s};
const Package safe141{u"@safe-global/safe-contracts"_s, u"0128da95e283bfa75197e80e5a451911"_s, u"Safe"_s};
const Package safe1412{u"@safe-global/safe-contracts-1.4.1-2"_s, u"fac0757097c452567d4b64f14075f2c2"_s, u"Safe"_s};
const Package safe150{u"@safe-global/safe-smart-account"_s, u"75d144326206677e3959a415171feb8b"_s, u"Safe"_s};

JsonText buildOf(const Package &package)
{
    return parseJsonFile(packages + package.name + u"/build/artifacts/build-info/"_s + package.buildInfo + u".json"_s);
}

QString reasonsOf(const CodeVerdict &verdict)
{
    QString text;
    for (const CodeReason &reason : verdict.reasons)
        text += reason.code + u": "_s + reason.text + u'\n';
    return text;
}

} // namespace

// Builds against what a real chain made of them.
class TestDeployedCode final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Anvil> m_anvil;
    std::unique_ptr<TestChain> m_chain;

    // Deploys, verifies, and changes each kind of thing.
    CodeVerdict verifyDeployed(const ContractArtifact &artifact, const std::vector<AbiValue> &arguments, const QHash<QString, Address> &libraries, Address &deployedAt)
    {
        const Bytes initCode = artifact.linkedCreationCode(libraries).value() + artifact.abi().encodeConstructor(arguments).value();
        deployedAt = m_chain->deploy(initCode);
        const Bytes code = QCoro::waitFor(m_chain->client.getCode(deployedAt)).value();
        CodeQuestion question{.deployed = code, .initCode = initCode, .constructorArguments = arguments, .libraries = libraries, .address = deployedAt};
        const CodeVerdict verdict = verifyCode(artifact, question).value();

        question.deployed->data()[code.size() / 3] ^= 1;
        if (verifyCode(artifact, question)->match != CodeMatch::Mismatch)
            qFatal("a changed byte of %s goes unseen", qPrintable(artifact.contractName()));
        question.deployed = code;
        if (const auto tail = metadataAtEnd(code)) {
            question.deployed->data()[tail->range.start + 15] ^= 1;
            if (verifyCode(artifact, question)->match != CodeMatch::MetadataDiffers)
                qFatal("changed metadata of %s is not told as such", qPrintable(artifact.contractName()));
        }
        return verdict;
    }

private slots:
    void initTestCase()
    {
        m_anvil = std::make_unique<Anvil>();
        m_chain = std::make_unique<TestChain>(m_anvil->url());
    }

    void verifiesTheContractsOfTheSafe_data()
    {
        QTest::addColumn<int>("version");
        QTest::newRow("1.3.0") << 130;
        QTest::newRow("1.4.1") << 141;
        QTest::newRow("1.4.1-2") << 1412;
        QTest::newRow("1.5.0") << 150;
    }

    void verifiesTheContractsOfTheSafe()
    {
        QFETCH(const int, version);
        const Package &package = version == 130 ? safe130 : version == 141 ? safe141 : version == 1412 ? safe1412 : safe150;
        const JsonText text = buildOf(package);
        const auto build = BuildOutput::fromJson(text.root()).value();
        const auto verified = [&](const QString &name, const std::vector<AbiValue> &arguments, size_t immutables) {
            const auto artifact = build.artifact(name);
            if (!artifact)
                qFatal("%s", qPrintable(artifact.error().message));
            Address deployedAt;
            const CodeVerdict verdict = verifyDeployed(*artifact, arguments, {}, deployedAt);
            if (verdict.match != CodeMatch::Exact || !verdict.reasons.empty() || verdict.immutables.size() != immutables)
                qFatal("%s: %s", qPrintable(name), qPrintable(reasonsOf(verdict)));
            return std::pair(deployedAt, verdict);
        };
        const auto singleton = verified(package.prefix, {}, 0).first;
        const auto singletonL2 = verified(package.prefix + u"L2"_s, {}, 0).first;
        const auto handler = verified(u"CompatibilityFallbackHandler"_s, {}, 0).first;
        verified(package.prefix + u"ProxyFactory"_s, {}, 0);
        const Address proxy = verified(package.prefix + u"Proxy"_s, {AbiValue(singleton)}, 0).first;
        if (version != 1412) { // the proxy is that of 1.4.1
            const auto found = QCoro::waitFor(m_chain->client.findProxy(proxy)).value();
            QVERIFY((found == ProxyFinding{.kind = ProxyKind::Safe, .implementation = singleton}));
        }
        QVERIFY(!QCoro::waitFor(m_chain->client.findProxy(handler)).value().has_value());
        verified(u"CreateCall"_s, {}, 0);
        verified(u"MultiSendCallOnly"_s, {}, 0);
        for (const QString &name : {u"MultiSend"_s, u"SimulateTxAccessor"_s}) {
            const auto [deployedAt, verdict] = verified(name, {}, 1);
            QCOMPARE(verdict.immutables.front().text, deployedAt.toString()); // each knows its own address
        }
        if (version == 1412 || version == 150) {
            const auto [deployedAt, verdict] = verified(u"SafeMigration"_s, {AbiValue(singleton), AbiValue(singletonL2), AbiValue(handler)}, 4);
            QMap<QString, QString> values;
            for (const ImmutableValue &immutable : verdict.immutables)
                values.insert(immutable.name, immutable.text);
            QCOMPARE(values.value(u"MIGRATION_SINGLETON"_s), deployedAt.toString());
            QCOMPARE(values.value(u"SAFE_SINGLETON"_s), singleton.toString());
            QCOMPARE(values.value(u"SAFE_L2_SINGLETON"_s), singletonL2.toString());
            QCOMPARE(values.value(u"SAFE_FALLBACK_HANDLER"_s), handler.toString());
            verified(u"SafeToL2Setup"_s, {}, 1);
        }
    }

    void verifiesLibrariesImmutablesAndContractsThatCreateOthers()
    {
        const auto library = artifactFile(fixturePath(u"foundry-Shares.json"_s));
        Address libraryAt;
        const CodeVerdict libraryVerdict = verifyDeployed(library, {}, {}, libraryAt);
        QVERIFY2(libraryVerdict.match == CodeMatch::Exact, qPrintable(reasonsOf(libraryVerdict)));
        QVERIFY(libraryVerdict.libraryAddress == libraryAt);

        const auto treasury = artifactFile(fixturePath(u"foundry-Treasury.json"_s));
        const std::vector<AbiValue> arguments{AbiValue(m_chain->payer.address()), AbiValue(Uint256(500)), AbiValue(true), AbiValue(hex(u"c0ffee00")), AbiValue(u"main"_s)};
        Address treasuryAt;
        const CodeVerdict verdict = verifyDeployed(treasury, arguments, {{u"src/Treasury.sol:Shares"_s, libraryAt}}, treasuryAt);
        QVERIFY2(verdict.match == CodeMatch::Exact, qPrintable(reasonsOf(verdict)));
        QMap<QString, QString> values;
        for (const ImmutableValue &immutable : verdict.immutables)
            values.insert(immutable.name, immutable.text);
        const QMap<QString, QString> expected{{u"keeper"_s, m_chain->payer.address().toString()}, {u"limit"_s, u"500"_s}, {u"open"_s, u"true"_s}, {u"tag"_s, u"0xc0ffee00"_s}};
        QCOMPARE(values, expected);

        // The contract that it creates is the one of the same build.
        QVERIFY(m_chain->execute(treasuryAt, treasury.abi().function(u"pocket")->encodeCall({}).value()).succeeded);
        const Address pocketAt = createAddress(treasuryAt, Nonce(1));
        const auto pocket = verifyCode(artifactFile(fixturePath(u"foundry-Pocket.json"_s)), {.deployed = QCoro::waitFor(m_chain->client.getCode(pocketAt)).value()}).value();
        QVERIFY2(pocket.match == CodeMatch::Exact, qPrintable(reasonsOf(pocket)));
        QCOMPARE(pocket.immutables.front().text, m_chain->payer.address().toString());
    }

    void findsProxiesByTheirSlots()
    {
        const Address account = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const auto set = [&](const Address &where, const Hash32 &slot, const Address &value) {
            m_chain->ask(u"anvil_setStorageAt"_s, {where.toLower(), slot.toString(), toHex(Bytes(12, '\0') + value.bytes())});
        };
        const auto found = [&] { return QCoro::waitFor(m_chain->client.findProxy(account)).value(); };
        const Address target = m_chain->payer.address();
        set(account, ProxySlots::implementation(), target);
        m_chain->mine();
        QVERIFY(!found().has_value()); // there is no code to be a proxy
        m_chain->ask(u"anvil_setCode"_s, {account.toLower(), u"0x60806040"_s});
        m_chain->mine();
        QVERIFY((found() == ProxyFinding{.kind = ProxyKind::Eip1967, .implementation = target}));

        // A beacon that answers any call with the word of its slot 0.
        const Address beacon = address(u"0x8617E340B3D01FA5F11F306F4090FD50E238070D");
        m_chain->ask(u"anvil_setCode"_s, {beacon.toLower(), u"0x5f545f5260205ff3"_s});
        set(beacon, Hash32(), target);
        set(account, ProxySlots::implementation(), Address());
        set(account, ProxySlots::beacon(), beacon);
        m_chain->mine();
        QVERIFY((found() == ProxyFinding{.kind = ProxyKind::Eip1967Beacon, .implementation = target, .beacon = beacon}));
    }

    void verifiesOurOwnContracts()
    {
        const auto registry = TestChain::artifact(u"artifacts/CantonKeyRegistry.json"_s);
        Address deployedAt;
        const CodeVerdict verdict = verifyDeployed(registry, {}, {}, deployedAt);
        QVERIFY2(verdict.match == CodeMatch::Exact, qPrintable(reasonsOf(verdict)));
        const auto header = QCoro::waitFor(m_chain->client.getSealedHeader(BlockRef::latest())).value();
        const Bytes proven = QCoro::waitFor(m_chain->client.getProvenCode(deployedAt, header)).value();
        QCOMPARE(verifyCode(registry, {.deployed = proven})->match, CodeMatch::Exact);
    }
};

QTEST_GUILESS_MAIN(TestDeployedCode)
#include "tst_deployedcode.moc"
