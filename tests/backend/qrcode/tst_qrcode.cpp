#include "backend/proposals/qr/urencoder.h"
#include "backend/qrcode/qrreader.h"
#include "backend/qrcode/qrsymbol.h"
#include "backend/types/strings.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

using namespace countersign;

namespace {

/// How a camera sees a symbol.
struct Sight {
    double scale = 4; ///< pixels a module
    double degrees = 0;
    double lean = 0; ///< how much smaller the far side is, of 1
    int noise = 0; ///< deviation of each pixel, of 255
    int dark = 0; ///< grey values of black and white
    int light = 255;
    double covered = 0; ///< part of the side that a light square in the symbol's middle covers
};

GreyImage seen(const QrSymbol &symbol, const Sight &sight)
{
    const double extent = symbol.size() + 2 * QrSymbol::quietZone;
    const int side = static_cast<int>(std::ceil(extent * sight.scale * 1.5));
    GreyImage image{Bytes(qsizetype(side) * side, '\0'), side, side};
    const double angle = sight.degrees * std::numbers::pi / 180;
    std::mt19937 random(1);
    std::normal_distribution<double> noise(0, sight.noise > 0 ? sight.noise : 1);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            double sum = 0;
            for (int sample = 0; sample < 4; ++sample) {
                const double dx = x + 0.25 + 0.5 * (sample % 2) - side / 2.0;
                const double dy = y + 0.25 + 0.5 * (sample / 2) - side / 2.0;
                double u = (dx * std::cos(angle) + dy * std::sin(angle)) / sight.scale;
                double v = (dy * std::cos(angle) - dx * std::sin(angle)) / sight.scale;
                const double distance = 1 + sight.lean * v / extent;
                u /= distance;
                v /= distance;
                const double half = symbol.size() / 2.0;
                const bool isCovered = std::max(std::abs(u), std::abs(v)) < half * sight.covered;
                const bool isDark = !isCovered
                    && symbol.isDark(static_cast<int>(std::floor(u + half)), static_cast<int>(std::floor(v + half)));
                sum += isDark ? sight.dark : sight.light;
            }
            const double value = sum / 4 + (sight.noise > 0 ? noise(random) : 0);
            image.pixels[qsizetype(y) * side + x] = static_cast<char>(std::clamp(value, 0.0, 255.0));
        }
    }
    return image;
}

QByteArray frameText()
{
    return UrEncoder::create(Bytes(3000, 'm')).value().frame(3).toUpper();
}

} // namespace

class TestQrCode final : public QObject {
    Q_OBJECT

private slots:
    void capitalsMakeSmallSymbols();
    void whatNoSymbolHoldsIsRefused();
    void theLargestFrameFits();
    void everyFrameIsReadBack();
    void isReadAsACameraSeesIt_data();
    void isReadAsACameraSeesIt();
    void whatIsCoveredTooMuchIsNotRead();
    void severalSymbolsAreReadAtOnce();
    void rowsMayHaveGaps();
    void emptyImagesHoldNothing();
    void imagesThatLieAreRefused();
    void theLargestImageIsReadInTime();
};

void TestQrCode::capitalsMakeSmallSymbols()
{
    // ISO/IEC 18004, table 7: version 1 with level M holds 20 alphanumeric characters or 14 bytes, version 2 holds 38
    // or 26.
    QCOMPARE(QrSymbol::create(QByteArray(20, 'A')).value().size(), 21);
    QCOMPARE(QrSymbol::create(QByteArray(21, 'A')).value().size(), 25);
    QCOMPARE(QrSymbol::create(QByteArray(14, 'a')).value().size(), 21);
    QCOMPARE(QrSymbol::create(QByteArray(15, 'a')).value().size(), 25);
    // Version 40 holds 3,391.
    QCOMPARE(QrSymbol::create(QByteArray(3391, 'A')).value().size(), 177);
    const QrSymbol symbol = QrSymbol::create("A").value();
    QVERIFY(symbol.isDark(0, 0));
    QVERIFY(symbol.isDark(20, 0));
    QVERIFY(!symbol.isDark(20, 20) || !symbol.isDark(19, 20)); // no fourth finder
    QVERIFY(!symbol.isDark(-1, 0));
    QVERIFY(!symbol.isDark(0, 21));
}

void TestQrCode::whatNoSymbolHoldsIsRefused()
{
    QCOMPARE(QrSymbol::create({}).error().kind, ErrorKind::Invalid);
    QCOMPARE(QrSymbol::create("\xc3\xa4").error().kind, ErrorKind::Invalid);
    QCOMPARE(QrSymbol::create("a\nb").error().kind, ErrorKind::Invalid);
    QCOMPARE(QrSymbol::create(QByteArray(3392, 'A')).error().kind, ErrorKind::Exhausted);
    QCOMPARE(QrSymbol::create(QByteArray(3391, 'a')).error().kind, ErrorKind::Exhausted);
}

void TestQrCode::theLargestFrameFits()
{
    const UrEncoder encoder = UrEncoder::create(Bytes(512 * 1024, 'x'), UrEncoder::largestFragment).value();
    const QByteArray text = encoder.frame(4294967295U).toUpper();
    const QrSymbol symbol = QrSymbol::create(text).value();
    QCOMPARE(readQrSymbols(seen(symbol, {.scale = 3}).view()).value(), QList<Bytes>{text});
}

void TestQrCode::everyFrameIsReadBack()
{
    for (const int fragment : {10, 50, 100, 200, 400, 800}) {
        const UrEncoder encoder = UrEncoder::create(Bytes("countersign").repeated(200), fragment).value();
        for (const quint32 number : {1U, 2U, 99'999U}) {
            const QByteArray text = encoder.frame(number).toUpper();
            const QrSymbol symbol = QrSymbol::create(text).value();
            QCOMPARE(readQrSymbols(seen(symbol, {}).view()).value(), QList<Bytes>{text});
        }
    }
}

void TestQrCode::isReadAsACameraSeesIt_data()
{
    QTest::addColumn<double>("scale");
    QTest::addColumn<double>("degrees");
    QTest::addColumn<double>("lean");
    QTest::addColumn<int>("noise");
    QTest::addColumn<int>("dark");
    QTest::addColumn<int>("light");
    QTest::addColumn<double>("covered");
    QTest::newRow("straight") << 4.0 << 0.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("two pixels a module") << 2.0 << 0.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("large") << 11.3 << 0.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("turned a little") << 4.0 << 7.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("turned by 45 degrees") << 4.5 << 45.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("on its side") << 4.0 << 90.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("upside down") << 3.7 << 181.0 << 0.0 << 0 << 0 << 255 << 0.0;
    QTest::newRow("from below") << 5.0 << 3.0 << 0.25 << 0 << 0 << 255 << 0.0;
    QTest::newRow("pale") << 4.0 << 5.0 << 0.0 << 0 << 90 << 160 << 0.0;
    QTest::newRow("noisy") << 5.0 << 5.0 << 0.0 << 40 << 0 << 255 << 0.0;
    QTest::newRow("partly covered") << 4.0 << 0.0 << 0.0 << 0 << 0 << 255 << 0.22;
    QTest::newRow("all at once") << 5.0 << 12.0 << 0.1 << 15 << 40 << 200 << 0.15;
}

void TestQrCode::isReadAsACameraSeesIt()
{
    QFETCH(const double, scale);
    QFETCH(const double, degrees);
    QFETCH(const double, lean);
    QFETCH(const int, noise);
    QFETCH(const int, dark);
    QFETCH(const int, light);
    QFETCH(const double, covered);
    const QByteArray text = frameText();
    const QrSymbol symbol = QrSymbol::create(text).value();
    const GreyImage image = seen(symbol, {scale, degrees, lean, noise, dark, light, covered});
    QCOMPARE(readQrSymbols(image.view()).value(), QList<Bytes>{text});
}

void TestQrCode::whatIsCoveredTooMuchIsNotRead()
{
    const QrSymbol symbol = QrSymbol::create(frameText()).value();
    QCOMPARE(readQrSymbols(seen(symbol, {.covered = 0.6}).view()).value(), QList<Bytes>());
}

void TestQrCode::severalSymbolsAreReadAtOnce()
{
    const GreyImage left = seen(QrSymbol::create("LEFT").value(), {.scale = 6});
    const GreyImage right = seen(QrSymbol::create("RIGHT").value(), {.scale = 6});
    GreyImage both{{}, left.width + right.width, left.height};
    for (int row = 0; row < left.height; ++row) {
        both.pixels += left.pixels.sliced(row * left.width, left.width);
        both.pixels += right.pixels.sliced(row * right.width, right.width);
    }
    QList<Bytes> texts = readQrSymbols(both.view()).value();
    std::ranges::sort(texts);
    QCOMPARE(texts, (QList<Bytes>{"LEFT", "RIGHT"}));
}

void TestQrCode::rowsMayHaveGaps()
{
    const GreyImage image = seen(QrSymbol::create("GAPS").value(), {});
    Bytes pixels;
    for (int row = 0; row < image.height; ++row)
        pixels += image.pixels.sliced(row * image.width, image.width) + Bytes(13, '\x55');
    pixels.chop(13);
    QCOMPARE(readQrSymbols({pixels, image.width, image.height, image.width + 13}).value(), QList<Bytes>{"GAPS"});
}

void TestQrCode::emptyImagesHoldNothing()
{
    for (const char grey : {'\0', '\x7f', '\xff'})
        QVERIFY(readQrSymbols(GreyImage{Bytes(300 * 200, grey), 300, 200}.view()).value().isEmpty());
    QVERIFY(readQrSymbols(GreyImage{Bytes(1, '\0'), 1, 1}.view()).value().isEmpty());
}

void TestQrCode::imagesThatLieAreRefused()
{
    const Bytes pixels(100, '\0');
    QCOMPARE(readQrSymbols({pixels, 0, 10, 10}).error().kind, ErrorKind::Invalid);
    QCOMPARE(readQrSymbols({pixels, 10, -1, 10}).error().kind, ErrorKind::Invalid);
    QCOMPARE(readQrSymbols({pixels, 10, 10, 9}).error().kind, ErrorKind::Invalid);
    QCOMPARE(readQrSymbols({pixels, 10, 11, 10}).error().kind, ErrorKind::Invalid);
    QCOMPARE(readQrSymbols({pixels, 10, 10, 11}).error().kind, ErrorKind::Invalid);
    QCOMPARE(readQrSymbols({pixels, 10, 10, 1'000'000}).error().kind, ErrorKind::Exhausted);
    QCOMPARE(readQrSymbols({pixels, 4097, 1, 4097}).error().kind, ErrorKind::Exhausted);
    QCOMPARE(readQrSymbols({pixels, 1, 4097, 1}).error().kind, ErrorKind::Exhausted);
}

void TestQrCode::theLargestImageIsReadInTime()
{
    // Pure noise is what costs most: everything may be a finder.
    constexpr int side = GreyImageView::largestSide;
    GreyImage image{Bytes(qsizetype(side) * side, Qt::Uninitialized), side, side};
    std::mt19937 random(3);
    for (char &pixel : image.pixels)
        pixel = static_cast<char>(random());
    QElapsedTimer timer;
    timer.start();
    QVERIFY(readQrSymbols(image.view()).value().isEmpty());
    qInfo("%lld ms for %d by %d pixels of noise", static_cast<long long>(timer.elapsed()), side, side);
    QVERIFY(timer.elapsed() < 60'000);
}

QTEST_APPLESS_MAIN(TestQrCode)
#include "tst_qrcode.moc"
