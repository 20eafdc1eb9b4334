#include "backend/evm/abilenient.h"
#include "tests/backend/evm/values.h"

#include <QTest>

using namespace countersign;
using namespace countersign::testing;

namespace {

using List = AbiValue::List;

std::vector<AbiType> types(QStringView list)
{
    return typesOf(parseParameterList(list).value());
}

QString w(QStringView digits)
{
    return digits.toString().rightJustified(64, u'0');
}

QString left(QStringView digits)
{
    return digits.toString().leftJustified(64, u'0');
}

// "abi.bool at 0 [0]; abi.trailing at 32".
QString told(const AbiLenient &read)
{
    QStringList lines;
    for (const AbiDeviation &deviation : read.deviations) {
        QString line = abiFaultCode(deviation.fault) + u" at "_s + QString::number(deviation.position);
        if (!deviation.path.isEmpty())
            line += u' ' + deviation.path;
        lines += line;
    }
    return lines.join(u"; "_s);
}

QString shown(const std::vector<AbiType> &list, const std::vector<AbiValue> &values)
{
    QStringList texts;
    for (size_t i = 0; i < values.size(); ++i)
        texts += abiToText(list[i], values[i]);
    return texts.join(u' ');
}

Bytes number(qsizetype value)
{
    return Uint256(static_cast<quint64>(value)).toBigEndian();
}

} // namespace

class TestAbiLenient final : public QObject {
    Q_OBJECT

private slots:
    void tellsEachDeviationAndReadsOn_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("values");
        QTest::addColumn<QString>("deviations");
        QTest::newRow("none") << u"(uint8,bytes)"_s << QString(w(u"1") + w(u"40") + w(u"1") + left(u"aa")) << u"1 0xaa"_s << QString();
        QTest::newRow("trailing") << u"(bool)"_s << QString(w(u"1") + u"00"_s) << u"true"_s << u"abi.trailing at 32"_s;
        QTest::newRow("dirty uint") << u"(uint8)"_s << w(u"1ff") << u"255"_s << u"abi.integer at 0 [0]"_s;
        QTest::newRow("dirty int") << u"(int8)"_s << w(u"180") << u"-128"_s << u"abi.integer at 0 [0]"_s;
        QTest::newRow("dirty positive int") << u"(int16)"_s << left(u"8") .replace(62, 2, u"05"_s) << u"5"_s << u"abi.integer at 0 [0]"_s;
        QTest::newRow("dirty bool") << u"(bool)"_s << left(u"8") << u"true"_s << u"abi.bool at 0 [0]"_s;
        QTest::newRow("dirty address") << u"(address)"_s << QString(u"01"_s.leftJustified(24, u'0') + u"52908400098527886e0f7030069857d2e4169ee7"_s)
                                       << u"0x52908400098527886E0F7030069857D2E4169EE7"_s << u"abi.address at 0 [0]"_s;
        QTest::newRow("dirty bytes3") << u"(bytes3)"_s << left(u"01020304") << u"0x010203"_s << u"abi.fixedbytes at 0 [0]"_s;
        QTest::newRow("dirty padding") << u"(bytes)"_s << QString(w(u"20") + w(u"1") + left(u"aabb")) << u"0xaa"_s << u"abi.padding at 65 [0]"_s;
        QTest::newRow("missing padding") << u"(bytes)"_s << QString(w(u"20") + w(u"1") + u"aa"_s) << u"0xaa"_s
                                         << u"abi.padding.missing at 65 [0]"_s;
        QTest::newRow("not utf-8") << u"(string)"_s << QString(w(u"20") + w(u"1") + left(u"ff")) << u"\"\uFFFD\""_s << u"abi.utf8 at 64 [0]"_s;
        QTest::newRow("gap") << u"(bytes)"_s << QString(w(u"40") + w(u"7") + w(u"0")) << u"0x"_s << u"abi.offset.gap at 0 [0]; abi.unused at 32"_s;
        QTest::newRow("out of order") << u"(bytes,bytes)"_s << QString(w(u"80") + w(u"40") + w(u"1") + left(u"bb") + w(u"1") + left(u"aa"))
                                      << u"0xaa 0xbb"_s << u"abi.offset.gap at 0 [0]; abi.offset.backward at 32 [1]"_s;
        QTest::newRow("shared") << u"(bytes,bytes)"_s << QString(w(u"40") + w(u"40") + w(u"1") + left(u"aa")) << u"0xaa 0xaa"_s
                                << u"abi.offset.backward at 32 [1]; abi.overlap at 64"_s;
        QTest::newRow("overlapping") << u"(bytes,bytes)"_s
                                     << QString(w(u"40") + w(u"60") + w(u"20") + w(u"1") + left(u"aa")) << u"0x"_s + w(u"1") + u" 0xaa"_s
                                     << u"abi.offset.backward at 32 [1]; abi.overlap at 96"_s;
        QTest::newRow("not a whole word") << u"(bytes)"_s << QString(w(u"21") + u"00"_s + w(u"0")) << u"0x"_s
                                          << u"abi.offset.gap at 0 [0]; abi.unused at 32"_s;
        QTest::newRow("contains itself") << u"(uint8[][])"_s << QString(w(u"20") + w(u"1") + w(u"0")) << u"[[]]"_s
                                         << u"abi.offset.cycle at 64 [0][0]; abi.overlap at 64"_s;
        QTest::newRow("nested") << u"(bool,(uint8 id,bool[] flags)[])"_s
                                << QString(w(u"1") + w(u"40") + w(u"1") + w(u"20") + w(u"100") + w(u"40") + w(u"2") + w(u"1") + w(u"2"))
                                << u"true [(id: 0, flags: [true, true])]"_s << u"abi.integer at 128 [1][0].id; abi.bool at 256 [1][0].flags[1]"_s;
        QTest::newRow("data without values") << u"()"_s << w(u"1") << QString() << u"abi.trailing at 0"_s;
    }
    void tellsEachDeviationAndReadsOn()
    {
        QFETCH(QString, list);
        QFETCH(QString, data);
        QFETCH(QString, values);
        QFETCH(QString, deviations);
        const auto read = abiDecodeLenient(types(list), hex(data));
        QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().message));
        QCOMPARE(shown(types(list), read->values), values);
        QCOMPARE(told(*read), deviations);
        QCOMPARE(read->isCanonical(), deviations.isEmpty());
        // The strict decoder refuses the same, and at the first of them wherever that one is not about bytes of no value.
        const auto strict = abiDecodeStrict(types(list), hex(data));
        QCOMPARE(strict.has_value(), deviations.isEmpty());
        if (!strict)
            QCOMPARE(strict.error().detail.section(u" at "_s, 0, 0), deviations.section(u" at "_s, 0, 0));
    }

    void refusesWhatNoContractReads_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QString>("detail");
        QTest::newRow("short head") << u"(uint256)"_s << QString(62, u'0') << u"abi.truncated at byte 31"_s;
        QTest::newRow("offset beyond") << u"(bytes)"_s << w(u"21") << u"abi.offset.large at byte 0"_s;
        QTest::newRow("offset huge") << u"(bytes)"_s << QString(64, u'f') << u"abi.offset.large at byte 0"_s;
        QTest::newRow("length beyond") << u"(bytes)"_s << QString(w(u"20") + w(u"1")) << u"abi.length at byte 32"_s;
        QTest::newRow("length 2^255") << u"(uint8[])"_s << QString(w(u"20") + left(u"8")) << u"abi.length at byte 32"_s;
        QTest::newRow("length missing") << u"(bytes)"_s << w(u"20") << u"abi.truncated at byte 32"_s;
        QTest::newRow("head of a list beyond") << u"(bytes[2])"_s << QString(w(u"20") + w(u"40")) << u"abi.truncated at byte 64"_s;
    }
    void refusesWhatNoContractReads()
    {
        QFETCH(QString, list);
        QFETCH(QString, data);
        QFETCH(QString, detail);
        const auto read = abiDecodeLenient(types(list), hex(data));
        QVERIFY(!read.has_value());
        QCOMPARE(read.error().detail, detail);
    }

    void namesParametersInPaths()
    {
        const auto parameters = parseParameterList(u"(bool ok,(address to,bool[] flags) call)").value();
        const auto read = abiDecodeLenient(parameters, hex(w(u"2") + w(u"40") + w(u"1") + w(u"40") + w(u"1") + w(u"2")));
        QCOMPARE(told(read.value()), u"abi.bool at 0 ok; abi.bool at 160 call.flags[0]"_s);
        const auto strict = abiDecodeStrict(parameters, hex(w(u"1") + w(u"40") + w(u"1") + w(u"40") + w(u"1") + w(u"2")));
        QCOMPARE(strict.error().message, u"A bool is neither 0 nor 1 (byte 160, call.flags[0])."_s);
    }

    void countsDeviationsThatItDoesNotList()
    {
        Bytes data = number(32) + number(1000);
        for (int i = 0; i < 1000; ++i)
            data += number(2);
        const auto read = abiDecodeLenient(types(u"(bool[])"), data, {.maxDeviations = 10}).value();
        QCOMPARE(read.deviations.size(), size_t(10));
        QCOMPARE(read.moreDeviations, 990);
        QVERIFY(!read.isCanonical());
    }

    // One tail of 64 KiB, referred to again and again: 64 MiB of values in 100 kB of data.
    void stopsWhenOneTailStandsForManyValues()
    {
        Bytes data = number(32) + number(1000);
        for (int i = 0; i < 1000; ++i)
            data += number(32'000);
        data += number(65'536) + Bytes(65'536, 'x');
        const auto bytes = abiDecodeLenient(types(u"(bytes[])"), data);
        QCOMPARE(bytes.error().kind, ErrorKind::Exhausted);
        QVERIFY(bytes.error().detail.startsWith(u"abi.amplified"));
        QVERIFY(abiDecodeStrict(types(u"(bytes[])"), data).error().detail.startsWith(u"abi.offset.backward"));
    }

    // Lists of lists of lists whose offsets all lead to the same next list: values grow with a power of the data.
    void stopsWhenListsMultiply()
    {
        Bytes data = number(32);
        for (int level = 0; level < 6; ++level) {
            data += number(200);
            for (int i = 0; i < 200; ++i)
                data += number(200 * 32);
        }
        data += number(200) + Bytes(200 * 32, '\0');
        const auto lists = abiDecodeLenient(types(u"(bool[][][][][][][])"), data, {.maxValues = 50'000});
        QCOMPARE(lists.error().kind, ErrorKind::Exhausted);
        QVERIFY(lists.error().detail.startsWith(u"abi.amplified"));
    }

    // A list that contains itself ends at the depth of its type.
    void endsWhereListsContainThemselves()
    {
        const QString type = u"(bool"_s + u"[]"_s.repeated(20) + u')';
        const auto read = abiDecodeLenient(types(type), hex(w(u"20") + w(u"2") + w(u"0") + w(u"0")), {.maxValues = 10'000});
        QVERIFY(read.has_value());
        QVERIFY(!read->isCanonical());
    }

    void limitsValuesThatAreMostlyLists()
    {
        const QString type = u"(bool"_s + u"[1]"_s.repeated(20) + u"[])"_s;
        const Bytes data = number(32) + number(100'000) + Bytes(100'000 * 32, '\0');
        const auto strict = abiDecodeStrict(types(type), data);
        QCOMPARE(strict.error().kind, ErrorKind::Exhausted);
        QVERIFY(strict.error().detail.startsWith(u"abi.limit"));
    }
};

QTEST_GUILESS_MAIN(TestAbiLenient)
#include "tst_abilenient.moc"
