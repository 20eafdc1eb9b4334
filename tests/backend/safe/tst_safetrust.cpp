#include "backend/safe/safeevents.h"
#include "backend/safe/safetrust.h"
#include "tests/backend/evm/values.h"

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
        QCOMPARE(known.size(), size_t(9));
        for (const SafeCode &code : known)
            QCOMPARE(knownSafeCode(code.codeHash)->version, code.version);
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
        const std::array elsewhere = {execution(Address(), success, true, txHash)};
        QVERIFY(!findSafeExecution(elsewhere, safe, txHash).has_value());
        const std::array another = {execution(safe, success, true, Hash32())};
        QVERIFY(!findSafeExecution(another, safe, txHash).has_value());
    }
};

QTEST_GUILESS_MAIN(TestSafeTrust)
#include "tst_safetrust.moc"
