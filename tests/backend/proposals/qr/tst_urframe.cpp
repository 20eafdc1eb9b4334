#include "backend/proposals/qr/bytewords.h"
#include "backend/proposals/qr/cbor.h"
#include "backend/proposals/qr/crc32.h"
#include "backend/proposals/qr/fountainsampler.h"
#include "backend/proposals/qr/urencoder.h"
#include "backend/proposals/qr/urframe.h"
#include "backend/proposals/qr/xoshiro256.h"
#include "backend/types/strings.h"

#include <QTest>

#include <algorithm>

using namespace countersign;

namespace {

/// The messages of the published vectors: bytes of the generator that is seeded with "Wolf".
Bytes wolf(int size)
{
    Xoshiro256 random("Wolf");
    Bytes bytes;
    for (int i = 0; i < size; ++i)
        bytes.append(static_cast<char>(random.nextBelow(256)));
    return bytes;
}

/// A frame around that CBOR, with a right checksum.
QByteArray around(const QByteArray &hex, const QByteArray &sequence = {})
{
    return "ur:bytes/" + sequence + toBytewords(QByteArray::fromHex(hex));
}

} // namespace

class TestUrFrame final : public QObject {
    Q_OBJECT

private slots:
    void checksumsAreThePublishedOnes();
    void bytewordsAreThePublishedOnes();
    void everyByteHasItsWord();
    void misreadBytewordsAreRefused_data();
    void misreadBytewordsAreRefused();
    void theGeneratorIsThePublishedOne();
    void fragmentsAreChosenAsPublished();
    void framesAreThePublishedOnes();
    void cborIsReadAsItIsWritten();
    void looseCborIsRefused_data();
    void looseCborIsRefused();
    void framesThatLieAreRefused_data();
    void framesThatLieAreRefused();
    void everyTruncationAndEveryChangedLetterIsRefused();
    void caseDoesNotMatter();
};

void TestUrFrame::checksumsAreThePublishedOnes()
{
    QCOMPARE(crc32("Hello, world!"), 0xebe6c6e6U);
    QCOMPARE(crc32("Wolf"), 0x598c84dcU);
    QCOMPARE(crc32(wolf(1024)), 0x2f19f3bbU);
    QCOMPARE(crc32({}), 0U);
}

void TestUrFrame::bytewordsAreThePublishedOnes()
{
    const Bytes bytes = QByteArray::fromHex("00010280ff");
    QCOMPARE(toBytewords(bytes), QByteArray("aeadaolazmjendeoti"));
    QCOMPARE(fromBytewords("aeadaolazmjendeoti").value(), bytes);
    QCOMPARE(fromBytewords("AEADAOLAZMJENDEOTI").value(), bytes);
    QCOMPARE(fromBytewords(toBytewords({})).value(), Bytes());
}

void TestUrFrame::everyByteHasItsWord()
{
    Bytes all;
    for (int i = 0; i < 256; ++i)
        all.append(static_cast<char>(i));
    QCOMPARE(fromBytewords(toBytewords(all)).value(), all);
}

void TestUrFrame::misreadBytewordsAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("nothing") << QByteArray() << ErrorKind::Invalid;
    QTest::newRow("no checksum") << QByteArray("aeadao") << ErrorKind::Invalid;
    QTest::newRow("half a word") << QByteArray("aeadaolazmjendeot") << ErrorKind::Invalid;
    QTest::newRow("no word") << QByteArray("aeadaolazzjendeoti") << ErrorKind::Invalid;
    QTest::newRow("no letter") << QByteArray("ae-daolazmjendeoti") << ErrorKind::Invalid;
    QTest::newRow("a byte beyond ASCII") << QByteArray("\xe4"
                                                       "eadaolazmjendeoti")
                                         << ErrorKind::Invalid;
    QTest::newRow("another word") << QByteArray("aeaeaolazmjendeoti") << ErrorKind::Corrupt;
    QTest::newRow("words exchanged") << QByteArray("adaeaolazmjendeoti") << ErrorKind::Corrupt;
}

void TestUrFrame::misreadBytewordsAreRefused()
{
    QFETCH(const QByteArray, text);
    QFETCH(const ErrorKind, kind);
    const auto bytes = fromBytewords(text);
    QVERIFY(!bytes);
    QCOMPARE(bytes.error().kind, kind);
}

void TestUrFrame::theGeneratorIsThePublishedOne()
{
    Xoshiro256 remainders("Wolf");
    for (const int expected : {42, 81, 85, 8, 82, 84, 76, 73, 70, 88, 2, 74, 40, 48, 77, 54, 88, 7, 5, 88})
        QCOMPARE(static_cast<int>(remainders.next() % 100), expected);
    Xoshiro256 dice("Wolf");
    for (const int expected : {6, 5, 8, 4, 10, 5, 7, 10, 4, 9, 10, 9, 7, 7, 1, 1, 2, 9, 9, 2})
        QCOMPARE(static_cast<int>(dice.nextBelow(10)) + 1, expected);
}

void TestUrFrame::fragmentsAreChosenAsPublished()
{
    // Parts 12 to 30 of the message of 1,024 bytes in 11 fragments.
    const std::vector<std::vector<quint32>> mixed = {{9}, {2, 5, 6, 8, 9, 10}, {8}, {1, 5}, {1}, {0, 2, 4, 5, 8, 10},
        {5}, {2}, {2}, {0, 1, 3, 4, 5, 7, 9, 10}, {0, 1, 2, 3, 5, 6, 8, 9, 10}, {0, 2, 4, 5, 7, 8, 9, 10}, {3, 5}, {4},
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {0, 1, 3, 4, 5, 6, 7, 9, 10}, {6}, {5, 6}, {7}};
    const FountainSampler sampler(11);
    for (quint32 number = 1; number <= 30; ++number) {
        auto indexes = sampler.indexes(number, crc32(wolf(1024)));
        std::ranges::sort(indexes);
        QCOMPARE(indexes, number <= 11 ? std::vector<quint32>{number - 1} : mixed[number - 12]);
    }
}

void TestUrFrame::framesAreThePublishedOnes()
{
    const UrEncoder whole = UrEncoder::create(wolf(50)).value();
    QCOMPARE(whole.partCount(), 1U);
    QCOMPARE(whole.frame(1),
        QByteArray("ur:bytes/"
                   "hdeymejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtgwdpfnsboxgwlbaawzuefywkdplrsrjynbvygabwjld"
                   "apfcsdwkbrkch"));
    const UrEncoder parts = UrEncoder::create(wolf(256), 30).value();
    QCOMPARE(parts.partCount(), 9U);
    const std::pair<quint32, QByteArray> published[] = {
        {1,
            "ur:bytes/1-9/"
            "lpadascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtdkgslpgh"},
        {5,
            "ur:bytes/5-9/"
            "lpahascfadaxcywenbpljkhdcatbbdfmssrkzmcwnezelennjpfzbgmuktrhtejscktelgfpdlrkfyfwdajldejokbwf"},
        {9,
            "ur:bytes/9-9/"
            "lpasascfadaxcywenbpljkhdcajskecpmdckihdyhphfotjojtfmlnwmadspaxrkytbztpbauotbgtgtaeaevtgavtny"},
        {10,
            "ur:bytes/10-9/"
            "lpbkascfadaxcywenbpljkhdcahkadaemejtswhhylkepmykhhtsytsnoyoyaxaedsuttydmmhhpktpmsrjtwdkiplzs"},
        {12,
            "ur:bytes/12-9/"
            "lpbnascfadaxcywenbpljkhdcarllaluzmdmgstospeyiefmwejlwtpedamktksrvlcygmzemovovllarodtmtbnptrs"},
        {14,
            "ur:bytes/14-9/"
            "lpbaascfadaxcywenbpljkhdcapazewnvonnvdnsbyleynwtnsjkjndeoldydkbkdslgjkbbkortbelomueekgvstegt"},
        {16,
            "ur:bytes/16-9/"
            "lpbeascfadaxcywenbpljkhdcawygekobamwtlihsnpalnsghenskkiynthdzotsimtojetprsttmukirlrsbtamjtpd"},
        {17,
            "ur:bytes/17-9/"
            "lpbyascfadaxcywenbpljkhdcamklgftaxykpewyrtqzhydntpnytyisincxmhtbceaykolduortotiaiaiafhiaoyce"},
        {20,
            "ur:bytes/20-9/"
            "lpbbascfadaxcywenbpljkhdcayapmrleeleaxpasfrtrdkncffwjyjzgyetdmlewtkpktgllepfrltataztksmhkbot"},
    };
    for (const auto &[number, frame] : published) {
        QCOMPARE(parts.frame(number), frame);
        QCOMPARE(toUr(urFrameFromText(frame).value()), frame);
    }
}

void TestUrFrame::cborIsReadAsItIsWritten()
{
    for (const quint64 value :
        {0ULL, 1ULL, 23ULL, 24ULL, 255ULL, 256ULL, 65535ULL, 65536ULL, 0xffffffffULL, 0x100000000ULL, ~0ULL}) {
        Bytes bytes;
        appendCborHead(bytes, CborKind::Unsigned, value);
        CborReader reader(bytes);
        QCOMPARE(reader.readUnsigned().value(), value);
        QVERIFY(reader.end());
    }
    Bytes bytes;
    appendCborHead(bytes, CborKind::Unsigned, 1000);
    QCOMPARE(bytes.toHex(), QByteArray("1903e8")); // RFC 8949, appendix A
    bytes.clear();
    appendCborHead(bytes, CborKind::Unsigned, 1000000000000);
    QCOMPARE(bytes.toHex(), QByteArray("1b000000e8d4a51000"));
}

void TestUrFrame::looseCborIsRefused_data()
{
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("right") << QByteArray("43010203") << ErrorKind::Internal;
    QTest::newRow("nothing") << QByteArray() << ErrorKind::Invalid;
    QTest::newRow("empty message") << QByteArray("40") << ErrorKind::Invalid;
    QTest::newRow("a text") << QByteArray("63010203") << ErrorKind::Invalid;
    QTest::newRow("a tag before it") << QByteArray("c143010203") << ErrorKind::Invalid;
    QTest::newRow("longer head than needed") << QByteArray("5803010203") << ErrorKind::Invalid;
    QTest::newRow("longer head of 2 bytes") << QByteArray("590003010203") << ErrorKind::Invalid;
    QTest::newRow("longer head of 8 bytes") << QByteArray("5b0000000000000003010203") << ErrorKind::Invalid;
    QTest::newRow("no definite length") << QByteArray("5f43010203ff") << ErrorKind::Invalid;
    QTest::newRow("a reserved form") << QByteArray("5c43010203") << ErrorKind::Invalid;
    QTest::newRow("too short") << QByteArray("430102") << ErrorKind::Invalid;
    QTest::newRow("head cut off") << QByteArray("59ff") << ErrorKind::Invalid;
    QTest::newRow("too long") << QByteArray("4301020304") << ErrorKind::Invalid;
    QTest::newRow("over the limit") << QByteArray("5a00080001") << ErrorKind::Exhausted;
    QTest::newRow("over the address space") << QByteArray("5bffffffffffffffff") << ErrorKind::Exhausted;
}

void TestUrFrame::looseCborIsRefused()
{
    QFETCH(const QByteArray, hex);
    QFETCH(const ErrorKind, kind);
    const auto frame = urFrameFromText(around(hex));
    if (kind == ErrorKind::Internal) {
        QCOMPARE(frame.value(), UrFrame(UrWhole{QByteArray::fromHex("010203")}));
        return;
    }
    QVERIFY(!frame);
    QCOMPARE(frame.error().kind, kind);
}

void TestUrFrame::framesThatLieAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ErrorKind>("kind");
    // number 1, count 2, 3 bytes, checksum 9, two bytes of data
    const QByteArray right = "85010203094201ff";
    QTest::newRow("right") << around(right, "1-2/") << ErrorKind::Internal;
    QTest::newRow("nothing") << QByteArray() << ErrorKind::Invalid;
    QTest::newRow("another scheme") << QByteArray("bc:bytes/aeae") << ErrorKind::Invalid;
    QTest::newRow("another type") << QByteArray("ur:crypto-psbt/hdeymejtswhh") << ErrorKind::Invalid;
    QTest::newRow("no path") << QByteArray("ur:bytes") << ErrorKind::Invalid;
    QTest::newRow("empty path") << QByteArray("ur:bytes/") << ErrorKind::Invalid;
    QTest::newRow("another number outside") << around(right, "2-2/") << ErrorKind::Invalid;
    QTest::newRow("another count outside") << around(right, "1-3/") << ErrorKind::Invalid;
    QTest::newRow("zeros before the number") << around(right, "01-2/") << ErrorKind::Invalid;
    QTest::newRow("no count") << around(right, "1/") << ErrorKind::Invalid;
    QTest::newRow("no number") << around(right, "-2/") << ErrorKind::Invalid;
    QTest::newRow("a sign") << around(right, "+1-2/") << ErrorKind::Invalid;
    QTest::newRow("three numbers") << around(right, "1-2-3/") << ErrorKind::Invalid;
    QTest::newRow("too large a number") << around(right, "4294967296-2/") << ErrorKind::Invalid;
    QTest::newRow("one path too many") << around(right, "1-2//") << ErrorKind::Invalid;
    QTest::newRow("part 0") << around("85000203094201ff", "0-2/") << ErrorKind::Invalid;
    QTest::newRow("of 0 parts") << around("85010003094201ff", "1-0/") << ErrorKind::Invalid;
    QTest::newRow("of no bytes") << around("85010200094201ff", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("no data") << around("850102030940", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("four members") << around("84010203094201ff", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("six members") << around("86010203094201ff00", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("bytes behind it") << around(right + "00", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("a negative number") << around("85200203094201ff", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("64 bits") << around("851b00000001000000000203094201ff", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("fewer fragments than the message needs") << around("85010205094201ff", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("more fragments than the message needs") << around("85010202094201ff", "1-2/") << ErrorKind::Invalid;
    QTest::newRow("too long a message") << around("8501021a00080006094201ff", "1-2/") << ErrorKind::Exhausted;
    QTest::newRow("too many parts") << around("8501192001194001094201ff", "1-8193/") << ErrorKind::Exhausted;
    QTest::newRow("too large a fragment")
        << around("85010119064109590641" + QByteArray(2 * 1601, '0'), "1-1/") << ErrorKind::Exhausted;
    QTest::newRow("too long a text") << around(QByteArray(2 * (512 * 1024 + 100), '0')) << ErrorKind::Exhausted;
}

void TestUrFrame::framesThatLieAreRefused()
{
    QFETCH(const QByteArray, text);
    QFETCH(const ErrorKind, kind);
    const auto frame = urFrameFromText(text);
    if (kind == ErrorKind::Internal) {
        QCOMPARE(frame.value(), UrFrame(FountainPart{1, 2, 3, 9, QByteArray::fromHex("01ff")}));
        return;
    }
    QVERIFY(!frame);
    QCOMPARE(frame.error().kind, kind);
    QVERIFY(!frame.error().message.isEmpty());
}

void TestUrFrame::everyTruncationAndEveryChangedLetterIsRefused()
{
    const QByteArray frame = UrEncoder::create(wolf(256), 30).value().frame(13);
    for (qsizetype i = 0; i < frame.size(); ++i) {
        QVERIFY(!urFrameFromText(frame.first(i)));
        for (const char other : {'a', 'e', 'z', '0', '9', '/', '-', ' '}) {
            QByteArray changed = frame;
            changed[i] = other;
            if (changed != frame)
                QVERIFY2(!urFrameFromText(changed), changed.constData());
        }
    }
}

void TestUrFrame::caseDoesNotMatter()
{
    const QByteArray frame = UrEncoder::create(wolf(256), 30).value().frame(13);
    QCOMPARE(toUr(urFrameFromText(frame.toUpper()).value()), frame);
}

QTEST_APPLESS_MAIN(TestUrFrame)
#include "tst_urframe.moc"
