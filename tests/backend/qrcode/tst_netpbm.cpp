#include "backend/qrcode/netpbm.h"
#include "backend/types/strings.h"

#include <QTest>

using namespace countersign;

class TestNetpbm final : public QObject {
    Q_OBJECT

private slots:
    void greyIsRead();
    void fewerLevelsAreStretched();
    void bitsAreRead();
    void imagesFollowEachOther();
    void writtenSymbolsAreReadAsDrawn();
    void brokenImagesAreRefused_data();
    void brokenImagesAreRefused();
};

void TestNetpbm::greyIsRead()
{
    NetpbmReader reader("P5\n# made by hand\n3 2\n255\nabcdef");
    const GreyImage image = reader.next().value();
    QCOMPARE(image.width, 3);
    QCOMPARE(image.height, 2);
    QCOMPARE(image.pixels, Bytes("abcdef"));
    QVERIFY(reader.atEnd());
}

void TestNetpbm::fewerLevelsAreStretched()
{
    NetpbmReader reader(QByteArrayView("P5 4 1 3\n\x00\x01\x03\x09", 13));
    QCOMPARE(reader.next().value().pixels.toHex(), QByteArray("0055ffff"));
}

void TestNetpbm::bitsAreRead()
{
    NetpbmReader reader("P4 10 2\n\xa0\x40\x0f\xff");
    QCOMPARE(reader.next().value().pixels.toHex(),
        QByteArray("00ff00ffffffffffff00"
                   "ffffffff000000000000"));
}

void TestNetpbm::imagesFollowEachOther()
{
    NetpbmReader reader("P5 1 1 255\nxP4 8 1\n\xff"
                        "P5 1 1 255\ny");
    QCOMPARE(reader.next().value().pixels, Bytes("x"));
    QCOMPARE(reader.next().value().pixels, Bytes(8, '\0'));
    QCOMPARE(reader.next().value().pixels, Bytes("y"));
    QVERIFY(reader.atEnd());
}

void TestNetpbm::writtenSymbolsAreReadAsDrawn()
{
    const QrSymbol symbol = QrSymbol::create("COUNTERSIGN").value();
    const Bytes file = toPbm(symbol, 3);
    NetpbmReader reader(file);
    const GreyImage image = reader.next().value();
    QVERIFY(reader.atEnd());
    QCOMPARE(image.width, 3 * (symbol.size() + 8));
    QCOMPARE(image.height, image.width);
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x)
            QCOMPARE(image.pixels[y * image.width + x] == '\0', symbol.isDark(x / 3 - 4, y / 3 - 4));
    }
}

void TestNetpbm::brokenImagesAreRefused_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("nothing") << QByteArray() << ErrorKind::Invalid;
    QTest::newRow("a PNG") << QByteArray("\x89PNG\r\n") << ErrorKind::Invalid;
    QTest::newRow("text form") << QByteArray("P2 1 1 255\n7\n") << ErrorKind::Invalid;
    QTest::newRow("colour") << QByteArray("P6 1 1 255\nabc") << ErrorKind::Invalid;
    QTest::newRow("no head") << QByteArray("P5") << ErrorKind::Invalid;
    QTest::newRow("no space behind the kind") << QByteArray("P51 1 255\na") << ErrorKind::Invalid;
    QTest::newRow("no height") << QByteArray("P5 1") << ErrorKind::Invalid;
    QTest::newRow("a comment without an end") << QByteArray("P5 1 # 1 255") << ErrorKind::Invalid;
    QTest::newRow("a sign") << QByteArray("P5 -1 1 255\na") << ErrorKind::Invalid;
    QTest::newRow("zero wide") << QByteArray("P5 0 1 255\n") << ErrorKind::Invalid;
    QTest::newRow("zero levels") << QByteArray("P5 1 1 0\na") << ErrorKind::Invalid;
    QTest::newRow("two bytes a pixel") << QByteArray("P5 1 1 65535\nab") << ErrorKind::Invalid;
    QTest::newRow("no end of the head") << QByteArray("P5 1 1 255") << ErrorKind::Invalid;
    QTest::newRow("too few pixels") << QByteArray("P5 2 2 255\nabc") << ErrorKind::Invalid;
    QTest::newRow("too few bits") << QByteArray("P4 9 1\na") << ErrorKind::Invalid;
    QTest::newRow("too wide") << QByteArray("P5 4097 1 255\n") << ErrorKind::Exhausted;
    QTest::newRow("too high") << QByteArray("P4 1 4097\n") << ErrorKind::Exhausted;
    QTest::newRow("overflow") << QByteArray("P5 99999999999999999999 1 255\n") << ErrorKind::Exhausted;
}

void TestNetpbm::brokenImagesAreRefused()
{
    QFETCH(const QByteArray, file);
    QFETCH(const ErrorKind, kind);
    NetpbmReader reader(file);
    const auto image = reader.next();
    QVERIFY(!image);
    QCOMPARE(image.error().kind, kind);
    QVERIFY(reader.atEnd());
}

QTEST_APPLESS_MAIN(TestNetpbm)
#include "tst_netpbm.moc"
