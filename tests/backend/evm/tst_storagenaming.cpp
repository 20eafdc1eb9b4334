#include "backend/evm/storagelayout.h"
#include "tests/backend/evm/testchain.h"
#include "tests/backend/evm/values.h"

#include <QFile>
#include <QTest>

#include <memory>

using namespace countersign;
using namespace countersign::testing;

/// What compiled code writes, as a real node traces it, in the words of the compiler's layout.
class TestStorageNaming final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Anvil> m_anvil;
    std::unique_ptr<TestChain> m_chain;
    Address m_sample;
    JsonAbi m_abi;
    std::shared_ptr<const StorageLayout> m_layout;

    /// The changes of a call, in words: "variable: before -> after", sorted.
    QStringList changesOf(QStringView function, std::initializer_list<AbiValue> arguments)
    {
        CallRequest request;
        request.from = m_chain->payer.address();
        request.to = m_sample;
        request.data = m_abi.function(function)->encodeCall(arguments).value();
        const auto trace = [&](const QString &tracer, const QString &option) {
            const QJsonObject options{{u"tracer"_s, tracer}, {u"tracerConfig"_s, QJsonObject{{option, true}}}};
            return m_chain->ask(u"debug_traceCall"_s, {request.toJson(), u"latest"_s, options});
        };
        const auto difference = stateDiffFromJson(trace(u"prestateTracer"_s, u"diffMode"_s));
        const auto calls = callTraceFromJson(trace(u"callTracer"_s, u"withLog"_s));
        if (!difference || !calls || !calls->succeeded())
            qFatal("the call cannot be traced");
        StorageKeys keys;
        keys.addTrace(*calls);
        QStringList words;
        const auto named = nameChanges(difference->storage, {{m_sample, m_layout}}, keys);
        for (const NamedChange &change : named)
            words.append(u"%1: %2 -> %3"_s.arg(change.variable, change.before, change.after));
        words.sort();
        return words;
    }
    void execute(QStringView function, std::initializer_list<AbiValue> arguments)
    {
        QVERIFY(m_chain->execute(m_sample, m_abi.function(function)->encodeCall(arguments).value()).succeeded);
    }

private slots:
    void initTestCase()
    {
        m_anvil = std::make_unique<Anvil>();
        m_chain = std::make_unique<TestChain>(m_anvil->url());
        const auto artifact = TestChain::artifact(u"artifacts/test/StorageSample.json"_s);
        m_abi = artifact.abi();
        m_sample = m_chain->deploy(artifact.creationCode().value());
        QFile file(QStringLiteral(COUNTERSIGN_CONTRACTS) + u"/artifacts/test/StorageSample.json"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        auto layout = StorageLayout::load(file.readAll());
        QVERIFY2(layout.has_value(), qPrintable(layout ? QString() : layout.error().message));
        m_layout = std::make_shared<const StorageLayout>(*std::move(layout));
    }

    void variablesOfOneSlotAreToldApart()
    {
        const Address account = address(u"0xb0b000000000000000000000000000000000b0b0");
        const auto minusTwo = AbiValue::ofSigned(-2);
        QCOMPARE(changesOf(u"setPacked", {Uint256(7), true, minusTwo, account}),
            (QStringList{u"account: %1 -> %2"_s.arg(Address().toString(), account.toString()), u"flag: false -> true"_s,
                u"signedNumber: 0 -> -2"_s, u"small: 0 -> 7"_s}));
        execute(u"setPacked", {Uint256(7), true, minusTwo, account});
        QCOMPARE(
            changesOf(u"setPacked", {Uint256(7), false, minusTwo, account}), QStringList{u"flag: true -> false"_s});
        QCOMPARE(changesOf(u"setNamed", {hex(u"a1b2c3d4"), Uint256(1), Uint256(258)}),
            (QStringList{u"mood: 0 -> 1"_s,
                u"price: 0x00000000000000000000000000000000 -> 0x00000000000000000000000000000102"_s,
                u"word: 0x00000000 -> 0xa1b2c3d4"_s}));
    }

    void shortTextIsReadAndLongTextIsMeasured()
    {
        QCOMPARE(changesOf(u"setTexts", {u"hello"_s, hex(u"c0de")}),
            (QStringList{u"raw: 0x -> 0xc0de"_s, u"text: \"\" -> \"hello\""_s}));
        const QString longText(40, u'x');
        const QStringList changes = changesOf(u"setTexts", {longText, Bytes()});
        QCOMPARE(changes.size(), 3);
        QCOMPARE(changes.at(0), u"text: \"\" -> 40 bytes"_s);
        QVERIFY2(changes.at(1).startsWith(u"text[0..31]: 0x0000"), qPrintable(changes.at(1)));
        QVERIFY2(changes.at(2).startsWith(u"text[32..63]: 0x0000"), qPrintable(changes.at(2)));
    }

    void elementsOfArraysAreNumbered()
    {
        const QString me = m_chain->payer.address().toString();
        const QStringList expected{u"entries.length: 0 -> 1"_s, u"entries[0].allowed[%1]: 0 -> 77"_s.arg(me),
            u"entries[0].holder: %1 -> %2"_s.arg(Address().toString(), me), u"fixedNumbers[4]: 0 -> 6"_s,
            u"numbers.length: 0 -> 1"_s, u"numbers[0]: 0 -> 77"_s, u"packedNumbers.length: 0 -> 2"_s,
            u"packedNumbers[0]: 0 -> 5"_s, u"packedNumbers[1]: 0 -> 6"_s};
        // The number is a key of the mapping below the element: it is among the arguments.
        QCOMPARE(changesOf(u"setArrays", {Uint256(77), Uint256(5), Uint256(6)}), expected);
        execute(u"setArrays", {Uint256(77), Uint256(5), Uint256(6)});
        const QStringList second = changesOf(u"setArrays", {Uint256(78), Uint256(8), Uint256(6)});
        QVERIFY(second.contains(u"packedNumbers[2]: 0 -> 8"_s));
        QVERIFY(second.contains(u"numbers[1]: 0 -> 78"_s));
        QVERIFY(second.contains(u"entries[1].holder: %1 -> %2"_s.arg(Address().toString(), me)));
        QVERIFY(second.contains(u"entries[1].allowed[%1]: 0 -> 78"_s.arg(me)));
    }

    void membersBehindMappingsOfMappingsAreFound()
    {
        const Address holder = address(u"0xb0b000000000000000000000000000000000b0b0");
        const Hash32 tag = Hash32::fromDigest(Bytes(32, '\x11'));
        const QString path = u"byOwner[%1][9]."_s.arg(holder.toString());
        const QStringList expected{path + u"allowed[%1]: 0 -> 300"_s.arg(holder.toString()),
            path + u"amount: 0 -> 300"_s, path + u"tag: %1 -> %2"_s.arg(Hash32().toString(), tag.toString()),
            u"entry.holder: %1 -> %2"_s.arg(Address().toString(), holder.toString())};
        QCOMPARE(changesOf(u"setStructs", {Uint256(9), holder, AbiValue(tag), Uint256(300)}), expected);
    }

    void keysMayBeTextOrStandToTheLeft()
    {
        QCOMPARE(changesOf(u"setMappings", {u"treasury"_s, Uint256(5), hex(u"a1b2c3d4")}),
            (QStringList{u"byName[\"treasury\"]: 0 -> 5"_s, u"bySelector[0xa1b2c3d4]: false -> true"_s}));
    }
};

QTEST_GUILESS_MAIN(TestStorageNaming)
#include "tst_storagenaming.moc"
