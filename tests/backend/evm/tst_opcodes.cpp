#include "backend/evm/opcodes.h"
#include "backend/types/strings.h"
#include "tests/backend/evm/testchain.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

QByteArray hex(const char *digits)
{
    return QByteArray::fromHex(digits);
}

QStringList namesIn(QByteArrayView code)
{
    QStringList names;
    for (const quint8 opcode : youngOpcodesIn(code))
        names.append(youngOpcode(opcode)->name);
    return names;
}

QStringList missingOn(const char *fork)
{
    const Anvil anvil(0, {u"--hardfork"_s, QString::fromLatin1(fork)});
    TestChain chain(anvil.url());
    std::vector<CallRequest> requests;
    requests.emplace_back().data = emptyProbe();
    for (const YoungOpcode &opcode : youngOpcodes())
        requests.emplace_back().data = probeOf(opcode);
    const auto outcomes = QCoro::waitFor(chain.client.callMany(requests, BlockRef::latest()));
    if (!outcomes || !outcomes->front())
        qFatal("the chain does not answer");
    QStringList missing;
    for (size_t i = 0; i < youngOpcodes().size(); ++i) {
        if (!outcomes->at(i + 1))
            missing.append(youngOpcodes()[i].name);
    }
    return missing;
}

} // namespace

class TestOpcodes final : public QObject {
    Q_OBJECT

private slots:
    void codeIsSwept_data();
    void codeIsSwept();
    void probesTellWhatAChainLacks();
};

void TestOpcodes::codeIsSwept_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("nothing") << QByteArray() << QStringList();
    QTest::newRow("each") << hex("1e48494a5c5d5e5f")
                          << QStringList{u"CLZ"_s, u"BASEFEE"_s, u"BLOBHASH"_s, u"BLOBBASEFEE"_s, u"TLOAD"_s, u"TSTORE"_s, u"MCOPY"_s, u"PUSH0"_s};
    QTest::newRow("an operand is none") << hex("605f615e5e7f") + QByteArray(32, '\x5c') + hex("50") << QStringList();
    QTest::newRow("an operand that is cut off") << hex("7f5f5f") << QStringList();
    QTest::newRow("behind the end of a block") << hex("005f") << QStringList();
    QTest::newRow("behind a destination") << hex("005b5f") << QStringList{u"PUSH0"_s};
    QTest::newRow("the contract behind its constructor") << hex("6000f3fe5f") << QStringList{u"PUSH0"_s};
    // a1 64 "solc" 43 00081a, and its length; then constructor arguments
    const QByteArray metadata = hex("a164736f6c6343005f1a000a");
    QTest::newRow("the metadata") << hex("6001fe") + metadata << QStringList();
    QTest::newRow("arguments behind the metadata") << hex("6001fe") + metadata + QByteArray(32, '\x5f') << QStringList();
    const auto artifact = [](const char *name) { return TestChain::artifact(u"artifacts/"_s + QString::fromLatin1(name)); };
    QTest::newRow("our vault") << artifact("CantonDeFiVault.json").runtimeCode()
                               << QStringList{u"TLOAD"_s, u"TSTORE"_s, u"MCOPY"_s, u"PUSH0"_s};
    QTest::newRow("the creation of our vault") << artifact("CantonDeFiVault.json").unlinkedCreationCode() + QByteArray(64, '\x49')
                                               << QStringList{u"TLOAD"_s, u"TSTORE"_s, u"MCOPY"_s, u"PUSH0"_s};
    QTest::newRow("a Safe of an old compiler")
        << TestChain::artifact(u"node_modules/@safe-global/safe-contracts/build/artifacts/contracts/SafeL2.sol/SafeL2.json"_s).runtimeCode()
        << QStringList();
}

void TestOpcodes::codeIsSwept()
{
    QFETCH(QByteArray, code);
    QFETCH(QStringList, expected);
    QCOMPARE(namesIn(code), expected);
}

void TestOpcodes::probesTellWhatAChainLacks()
{
    const QStringList cancun{u"BLOBHASH"_s, u"BLOBBASEFEE"_s, u"TLOAD"_s, u"TSTORE"_s, u"MCOPY"_s};
    const auto without = [](const QStringList &names) { return QStringList{u"CLZ"_s} + names; };
    QCOMPARE(missingOn("cancun"), without({}));
    QCOMPARE(missingOn("shanghai"), without(cancun));
    QCOMPARE(missingOn("london"), without(cancun + QStringList{u"PUSH0"_s}));
}

QTEST_GUILESS_MAIN(TestOpcodes)
#include "tst_opcodes.moc"
