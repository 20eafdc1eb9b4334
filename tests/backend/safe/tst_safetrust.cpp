#include "backend/safe/safecontracts.h"
#include "backend/safe/safeevents.h"
#include "backend/safe/safetrust.h"
#include "backend/types/keccak.h"
#include "tests/backend/evm/values.h"

#include <QSet>
#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

SafeState state141()
{
    SafeState state;
    state.version = u"1.4.1"_s;
    state.proxyCodeHash = hash(u"0xd7d408ebcd99b2b70be43e20253d6d92a8ea8fab29bd3be7f55b10032331fb4c");
    state.singletonCodeHash = hash(u"0xb1f926978a0f44a2c0ec8fe822418ae969bd8c3f18d61e5103100339894f81ff");
    return state;
}

EvmLog execution(const Address &safe, QStringView topic, bool indexed, const Hash32 &txHash)
{
    EvmLog log;
    log.address = safe;
    log.topics = {hash(topic)};
    if (indexed)
        log.topics.push_back(txHash);
    else
        log.data += txHash.view();
    log.data += Uint256(7).toBigEndian();
    return log;
}

} // namespace

class TestSafeTrust final : public QObject {
    Q_OBJECT

private slots:
    void trustsKnownCodeThatSaysItsVersion()
    {
        QCOMPARE(judgeSafe(state141()).trust, SafeTrust::Trusted);
        QCOMPARE(judgeSafe(state141()).version, u"1.4.1"_s);
    }

    void trustsNoVersionWithoutItsCode()
    {
        SafeState state = state141();
        state.proxyCodeHash = hash(u"0x1fe2df852ba3299d6534ef416eefa406e56ced995bca886ab7a553e6d0c5e1c4");
        QCOMPARE(judgeSafe(state).trust, SafeTrust::UnknownProxy);
        state = state141();
        state.singletonCodeHash = Hash32();
        QCOMPARE(judgeSafe(state).trust, SafeTrust::UnknownSingleton);
        state.singletonCodeHash = state.proxyCodeHash;
        QCOMPARE(judgeSafe(state).trust, SafeTrust::UnknownSingleton);
    }

    void noticesAVersionThatDoesNotFitTheCode()
    {
        SafeState state = state141();
        state.version = u"1.3.0"_s;
        QCOMPARE(judgeSafe(state).trust, SafeTrust::VersionMismatch);
    }

    void knowsEachCodeOnce()
    {
        const auto known = knownSafeCode();
        QCOMPARE(std::ranges::count(known, SafeCodeKind::Proxy, &SafeCode::kind), 3);
        QSet<Hash32> hashes;
        QSet<QString> versions;
        for (const SafeCode &code : known) {
            QCOMPARE(knownSafeCode(code.codeHash)->version, code.version);
            hashes.insert(code.codeHash);
            versions.insert(code.version);
        }
        QCOMPARE(static_cast<size_t>(hashes.size()), known.size());
        QCOMPARE(versions, (QSet<QString>{u"1.0.0"_s, u"1.1.1"_s, u"1.2.0"_s, u"1.3.0"_s, u"1.4.1"_s, u"1.5.0"_s}));
    }

    void knowsEverySingletonOfTheTable()
    {
        for (const SafeDeployment &deployment : safeDeployments()) {
            if (deployment.contract == SafeContract::Safe || deployment.contract == SafeContract::SafeL2)
                QCOMPARE(QString(knownSafeCode(deployment.codeHash)->version), deployment.version.toString());
        }
    }

    void knowsTheTopicsOfEveryEvent_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("topic");
        QTest::newRow("ExecutionSuccess") << u"ExecutionSuccess(bytes32,uint256)"_s
                                          << u"0x442e715f626346e8c54381002da614f62bee8d27386535b2521ec8540898556e"_s;
        QTest::newRow("SafeSetup") << u"SafeSetup(address,address[],uint256,address,address)"_s
                                   << u"0x141df868a6331af528e38c83b7aa03edc19be66e37ae67f9285bf4f8e3c6a1a8"_s;
        QTest::newRow("SafeMultiSigTransaction")
            << u"SafeMultiSigTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes,bytes)"_s
            << u"0x66753cd2356569ee081232e3be8909b950e0a76c1f8460c3a5e3c2be32b11bed"_s;
        QTest::newRow("SafeModuleTransaction") << u"SafeModuleTransaction(address,address,uint256,bytes,uint8)"_s
                                               << u"0xb648d3644f584ed1c2232d53c46d87e693586486ad0d1175f8656013110b714e"_s;
        QTest::newRow("ApproveHash") << u"ApproveHash(bytes32,address)"_s
                                     << u"0xf2a0eb156472d1440255b0d7c1e19cc07115d1051fe605b0dce69acfec884d9c"_s;
        QTest::newRow("ChangedThreshold") << u"ChangedThreshold(uint256)"_s
                                          << u"0x610f7ff2b304ae8903c3de74c60c6ab1f7d6226b3f52c5161905bb5ad4039c93"_s;
        QTest::newRow("ExecutionFailure") << u"ExecutionFailure(bytes32,uint256)"_s
            << u"0x23428b18acfb3ea64b08dc0c1d296ea9c09702c09083ca5272e64d115b687d23"_s;
        QTest::newRow("AddedOwner") << u"AddedOwner(address)"_s
            << u"0x9465fa0c962cc76958e6373a993326400c1c94f8be2fe3a952adfa7f60b2ea26"_s;
        QTest::newRow("RemovedOwner") << u"RemovedOwner(address)"_s
            << u"0xf8d49fc529812e9a7c5c50e69c20f0dccc0db8fa95c98bc58cc9a4f1c1299eaf"_s;
        QTest::newRow("EnabledModule") << u"EnabledModule(address)"_s
            << u"0xecdf3a3effea5783a3c4c2140e677577666428d44ed9d474a0b3a4c9943f8440"_s;
        QTest::newRow("DisabledModule") << u"DisabledModule(address)"_s
            << u"0xaab4fa2b463f581b2b32cb3b7e3b704b9ce37cc209b5fb4d77e593ace4054276"_s;
        QTest::newRow("ChangedGuard") << u"ChangedGuard(address)"_s
            << u"0x1151116914515bc0891ff9047a6cb32cf902546f83066499bcf8ba33d2353fa2"_s;
        QTest::newRow("ChangedModuleGuard") << u"ChangedModuleGuard(address)"_s
            << u"0xcd1966d6be16bc0c030cc741a06c6e0efaf8d00de2c8b6a9e11827e125de8bb8"_s;
        QTest::newRow("ChangedFallbackHandler") << u"ChangedFallbackHandler(address)"_s
            << u"0x5ac6c46c93c8d0e53714ba3b53db3e7c046da994313d7ed0d192028bc7c228b0"_s;
        QTest::newRow("ChangedMasterCopy") << u"ChangedMasterCopy(address)"_s
            << u"0x75e41bc35ff1bf14d81d1d2f649c0084a0f974f9289c803ec9898eeec4c8d0b8"_s;
        QTest::newRow("SignMsg") << u"SignMsg(bytes32)"_s
            << u"0xe7f4675038f4f6034dfcbbb24c4dc08e4ebf10eb9d257d3d02c0f38d122ac6e4"_s;
        QTest::newRow("SafeReceived") << u"SafeReceived(address,uint256)"_s
            << u"0x3d0ce9bfc3ed7d6862dbb28b2dea94561fe714a1b4d019aa8af39730d1ad7c3d"_s;
        QTest::newRow("ProxyCreation") << u"ProxyCreation(address,address)"_s
            << u"0x4f51faf6c4561ff95f067657e43439f0f856d97c04d9ec9070a6199ad418e235"_s;
        QTest::newRow("ContractCreation") << u"ContractCreation(address)"_s
            << u"0x4db17dd5e4732fb6da34a148104a592783ca119a1e7bb8829eba6cbadef0b511"_s;
        QTest::newRow("ExecutionFromModuleSuccess") << u"ExecutionFromModuleSuccess(address)"_s
            << u"0x6895c13664aa4f67288b25d7a21d7aaa34916e355fb9b6fae0a139a9085becb8"_s;
        QTest::newRow("ExecutionFromModuleFailure") << u"ExecutionFromModuleFailure(address)"_s
            << u"0xacd2c8702804128fdb0db2bb49f6d127dd0181c13fd45dbfe16de0930e2bd375"_s;
        QTest::newRow("ProxyCreationL2") << u"ProxyCreationL2(address,address,bytes,uint256)"_s
            << u"0x6e78ae8c51534f0b801d7aa7cce5a2113f3c3368c61b06fa61415f361d400431"_s;
        QTest::newRow("ChainSpecificProxyCreationL2") << u"ChainSpecificProxyCreationL2(address,address,bytes,uint256,uint256)"_s
            << u"0x7a1c96f74273709828c0e67ab96189772005d3b4948bc6902693eb21e4e2cc6a"_s;
    }
    void knowsTheTopicsOfEveryEvent()
    {
        QFETCH(QString, name);
        QFETCH(QString, topic);
        bool found = false;
        for (const AbiEvent &event : safeEvents().events())
            found = found || (event.signature() == name && event.topic() == hash(topic));
        QVERIFY(found);
    }

    void tellsIndexingsApartByTheNumberOfTopics()
    {
        const Address emitter = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const Bytes word = Bytes(12, '\0') + emitter.bytes();
        // Those that 1.3.0 did not index.
        for (const QStringView name : {u"AddedOwner(address)", u"RemovedOwner(address)", u"EnabledModule(address)", u"DisabledModule(address)",
                                       u"ChangedGuard(address)", u"ChangedFallbackHandler(address)", u"ContractCreation(address)"}) {
            EvmLog log;
            log.address = emitter;
            log.topics = {keccak256(name.toUtf8())};
            log.data = word;
            const auto old = safeEvents().decodeLog(log);
            QVERIFY2(old.has_value(), qPrintable(name.toString()));
            QCOMPARE(*old->arguments.front().value.get<Address>(), emitter);
            log.topics.push_back(Hash32::fromDigest(word));
            log.data.clear();
            const auto indexed = safeEvents().decodeLog(log);
            QVERIFY2(indexed.has_value(), qPrintable(name.toString()));
            QCOMPARE(*indexed->arguments.front().value.get<Address>(), emitter);
            QVERIFY(indexed->arguments.front().indexed);
        }
    }

    void findsWhatWasCreated()
    {
        const Address emitter = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const Address made = address(u"0x1111111111111111111111111111111111111111");
        EvmLog log;
        log.address = emitter;
        log.topics = {keccak256("ContractCreation(address)"), Hash32::fromDigest(Bytes(12, '\0') + made.bytes())};
        EvmLog proxy;
        proxy.address = emitter;
        proxy.topics = {keccak256("ProxyCreation(address,address)")};
        proxy.data = Bytes(12, '\0') + made.bytes() + Bytes(12, '\0') + emitter.bytes();
        EvmLog elsewhere = log;
        elsewhere.address = made;
        const std::array logs = {log, proxy, elsewhere};
        QVERIFY(createdBySafe(logs, emitter) == (std::vector{made, made}));
    }

    void readsAnExecutionInBothIndexings()
    {
        const Address safe = address(u"0x52908400098527886E0F7030069857D2E4169EE7");
        const Hash32 txHash = hash(u"0x0cb7250b8becd7069223c54e2839feaed4cee156363fbfe5dd0a48e75c4e25b3");
        const auto success = u"0x442e715f626346e8c54381002da614f62bee8d27386535b2521ec8540898556e";
        const auto failure = u"0x23428b18acfb3ea64b08dc0c1d296ea9c09702c09083ca5272e64d115b687d23";
        for (const bool indexed : {false, true}) {
            const std::array good = {execution(safe, success, indexed, txHash)};
            const auto found = findSafeExecution(good, safe, txHash);
            QVERIFY(found.has_value());
            QCOMPARE(found->outcome, SafeExecution::Success);
            QCOMPARE(found->payment, Uint256(7));
            const std::array bad = {execution(safe, failure, indexed, txHash)};
            QCOMPARE(findSafeExecution(bad, safe, txHash)->outcome, SafeExecution::Failure);
        }
        EvmLog oldest;
        oldest.address = safe;
        oldest.topics = {keccak256("ExecutionFailed(bytes32)")};
        oldest.data = txHash.bytes();
        const std::array failed = {oldest};
        QCOMPARE(findSafeExecution(failed, safe, txHash)->outcome, SafeExecution::Failure);
        const std::array elsewhere = {execution(Address(), success, true, txHash)};
        QVERIFY(!findSafeExecution(elsewhere, safe, txHash).has_value());
        const std::array another = {execution(safe, success, true, Hash32())};
        QVERIFY(!findSafeExecution(another, safe, txHash).has_value());
    }
};

QTEST_GUILESS_MAIN(TestSafeTrust)
#include "tst_safetrust.moc"
