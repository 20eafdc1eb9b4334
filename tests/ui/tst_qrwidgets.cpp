#include "backend/types/keccak.h"
#include "backend/types/devicetext.h"
#include "backend/types/strings.h"
#include "ui/theme/theme.h"
#include "ui/widgets/hashview.h"
#include "ui/widgets/imageloader.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/qrreceiver.h"
#include "ui/widgets/qrview.h"
#include "ui/widgets/statusbadge.h"

#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QImage>
#include <QMimeData>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

using namespace countersign;

namespace {

/// Answers with the files that the test names.
class FilePrompter final : public Prompter {
public:
    void askSaveFile(QWidget *, const SaveRequest &, std::function<void(const QString &)>) override { }
    void askOpenFiles(QWidget *, const OpenRequest &, std::function<void(const QStringList &)> done) override
    {
        done(paths);
    }
    void tell(QWidget *, const QString &, const QString &) override { }
    void confirm(QWidget *, const ConfirmRequest &, std::function<void(bool)>) override { }
    QStringList paths;
};

Bytes message(qsizetype size)
{
    Bytes bytes;
    for (Hash32 hash; bytes.size() < size; bytes += hash.view())
        hash = keccak256(hash.bytes() + "!");
    return bytes.first(size);
}

QImage drawn(const QrSymbol &symbol, int scale = 4)
{
    const int side = (symbol.size() + 2 * QrSymbol::quietZone) * scale;
    QImage image(side, side, QImage::Format_RGB32);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x)
            image.setPixelColor(x, y,
                symbol.isDark(x / scale - QrSymbol::quietZone, y / scale - QrSymbol::quietZone) ? Qt::black
                                                                                                : Qt::white);
    }
    return image;
}

/// What a camera gets from the picture.
QrSeen read(QrReception &reception, const QImage &image)
{
    const QImage grey = toGreyImage(image);
    return reception
        .addImage(
            {QByteArrayView(grey.constBits(), grey.sizeInBytes()), grey.width(), grey.height(), grey.bytesPerLine()})
        .value();
}

QPushButton *button(const QWidget &widget, const QString &name)
{
    for (auto *candidate : widget.findChildren<QPushButton *>()) {
        if (candidate->accessibleName() == name)
            return candidate;
    }
    return nullptr;
}

} // namespace

class TestQrWidgets final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cameraReadsTheViewInBothThemes_data();
    void cameraReadsTheViewInBothThemes();
    void modulesAreWholePixels_data();
    void modulesAreWholePixels();
    void whatIsTooSmallIsSaid();
    void framesFollowEachOtherWhileShown();
    void keysPauseAndStep();
    void oneFrameStandsStill();
    void theViewSaysWhatItShows();
    void filesGiveTheMessageInAnyOrder();
    void eachPictureIsJudged();
    void contradictionsForgetEverything();
    void theClipboardGivesPicturesAndText();
    void droppedFilesAndPicturesAreTaken();
    void otherMessagesNeedAFreshStart();
    void picturesAreLoadedWithCare();
    void everyControlHasAName();

private:
    QString save(const QString &name, const QImage &image) const
    {
        const QString path = m_folder.filePath(name);
        if (!image.save(path))
            qFatal("the picture cannot be written");
        return path;
    }

    QTemporaryDir m_folder;
    Theme m_theme;
    FilePrompter m_prompter;
};

void TestQrWidgets::initTestCase()
{
    m_theme.apply(ThemeMode::Light);
}

void TestQrWidgets::init()
{
    m_prompter.paths.clear();
    QGuiApplication::clipboard()->clear();
}

void TestQrWidgets::cameraReadsTheViewInBothThemes_data()
{
    QTest::addColumn<ThemeMode>("mode");
    QTest::newRow("light") << ThemeMode::Light;
    QTest::newRow("dark") << ThemeMode::Dark;
}

void TestQrWidgets::cameraReadsTheViewInBothThemes()
{
    QFETCH(const ThemeMode, mode);
    m_theme.apply(mode);
    const QrFrames frames = QrFrames::create(message(1500)).value();
    QrView view;
    view.resize(500, 520);
    view.show();
    view.setFrames(frames);
    QrReception reception;
    for (int i = 0; !reception.isComplete() && i < 40; ++i) {
        const QrSeen seen = read(reception, view.grab().toImage());
        QCOMPARE(seen.taken, 1);
        QTest::keyClick(&view, Qt::Key_Right);
    }
    QCOMPARE(reception.message().value(), message(1500));
    QCOMPARE(reception.hashGroups(), frames.hashGroups());
    m_theme.apply(ThemeMode::Light);
}

void TestQrWidgets::modulesAreWholePixels_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("square") << QSize(420, 436);
    QTest::newRow("wide") << QSize(701, 333);
    QTest::newRow("high") << QSize(303, 700);
    QTest::newRow("large") << QSize(1201, 1103);
}

void TestQrWidgets::modulesAreWholePixels()
{
    QFETCH(const QSize, size);
    const QrFrames frames = QrFrames::create(message(120)).value();
    const QrSymbol symbol = frames.symbol(1);
    QrView view;
    view.resize(size);
    view.setFrames(frames);
    const QImage image = view.grab().toImage();
    // The symbol is where the first black pixel is, which is the corner of a finder.
    QPoint corner(-1, -1);
    for (int y = 0; corner.y() < 0 && y < image.height(); ++y) {
        for (int x = 0; x < image.width() && corner.y() < 0; ++x) {
            if (image.pixel(x, y) == qRgb(0, 0, 0))
                corner = QPoint(x, y);
        }
    }
    QVERIFY(corner.y() >= 0);
    int scale = 0;
    while (image.pixel(corner.x() + scale, corner.y()) == qRgb(0, 0, 0))
        ++scale;
    QCOMPARE(scale % 7, 0); // a finder is seven modules wide
    scale /= 7;
    const int around = QrSymbol::quietZone;
    for (int row = -around; row < symbol.size() + around; ++row) {
        for (int column = -around; column < symbol.size() + around; ++column) {
            const QRgb expected = symbol.isDark(column, row) ? qRgb(0, 0, 0) : qRgb(255, 255, 255);
            for (int i = 0; i < scale * scale; ++i)
                QCOMPARE(image.pixel(corner.x() + column * scale + i % scale, corner.y() + row * scale + i / scale),
                    expected);
        }
    }
    // No larger symbol would fit.
    QVERIFY((symbol.size() + 2 * around) * (scale + 1) > std::min(image.width(), image.height()) - 60);
}

void TestQrWidgets::whatIsTooSmallIsSaid()
{
    QrView view;
    view.setFrames(QrFrames::create(message(3000), 1600).value());
    view.resize(90, 100);
    QrReception reception;
    QCOMPARE(read(reception, view.grab().toImage()), QrSeen());
    view.resize(view.minimumSizeHint());
    view.setFrames(QrFrames::create(message(3000)).value());
    QCOMPARE(read(reception, view.grab().toImage()).taken, 1);
}

void TestQrWidgets::framesFollowEachOtherWhileShown()
{
    QrView view;
    view.setFrameRate(100); // as fast as it goes
    QSignalSpy shown(&view, &QrView::frameShown);
    view.setFrames(QrFrames::create(message(1500)).value());
    QVERIFY(!view.isRunning());
    view.show();
    QVERIFY(view.isRunning());
    // Beyond the number of parts: the frames mix, and none is shown twice.
    QTRY_VERIFY(view.frame() >= 7);
    for (qsizetype i = 0; i < shown.size(); ++i)
        QCOMPARE(shown[i][0].toUInt(), static_cast<uint>(i + 1));
    view.hide();
    QVERIFY(!view.isRunning());
    const quint32 at = view.frame();
    view.show();
    QVERIFY(view.isRunning());
    QTRY_VERIFY(view.frame() > at);
    view.clear();
    QVERIFY(!view.isRunning());
    QCOMPARE(view.frame(), 0U);
}

void TestQrWidgets::keysPauseAndStep()
{
    QrView view;
    view.setFrames(QrFrames::create(message(1500)).value());
    view.show();
    QSignalSpy paused(&view, &QrView::pausedChanged);
    QTest::keyClick(&view, Qt::Key_Space);
    QVERIFY(view.isPaused());
    QVERIFY(!view.isRunning());
    const quint32 at = view.frame();
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Right);
    QCOMPARE(view.frame(), at + 2);
    QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.frame(), at + 1);
    for (quint32 i = 0; i < at + 3; ++i)
        QTest::keyClick(&view, Qt::Key_Left);
    QCOMPARE(view.frame(), 1U);
    QTest::keyClick(&view, Qt::Key_Space);
    QVERIFY(view.isRunning());
    QTest::keyClick(&view, Qt::Key_Left);
    QVERIFY(view.isPaused());
    QCOMPARE(paused.size(), 3);
}

void TestQrWidgets::oneFrameStandsStill()
{
    QrView view;
    view.setFrames(QrFrames::create("a signature").value());
    view.show();
    QVERIFY(!view.isRunning());
    QTest::keyClick(&view, Qt::Key_Right);
    QTest::keyClick(&view, Qt::Key_Space);
    QCOMPARE(view.frame(), 1U);
    QVERIFY(!view.isPaused());
    QrReception reception;
    QCOMPARE(read(reception, view.grab().toImage()).taken, 1);
    QCOMPARE(reception.message().value(), Bytes("a signature"));
}

void TestQrWidgets::theViewSaysWhatItShows()
{
    QrView view;
    QVERIFY(!view.accessibleName().isEmpty());
    QCOMPARE(view.accessibleDescription(), u"Nothing to show"_s);
    view.setFrames(QrFrames::create(message(1500)).value());
    view.setPaused(true);
    QCOMPARE(view.accessibleDescription(), u"Frame 1, paused; the message has 4 parts"_s);
    view.setFrames(QrFrames::create("short").value());
    QCOMPARE(view.accessibleDescription(), u"One frame holds the whole message"_s);
}

void TestQrWidgets::filesGiveTheMessageInAnyOrder()
{
    const QrFrames frames = QrFrames::create(message(1500)).value();
    QrReceiver receiver(m_prompter);
    receiver.show();
    QSignalSpy received(&receiver, &QrReceiver::received);
    QSignalSpy progressed(&receiver, &QrReceiver::progressed);
    for (const quint32 number : {4U, 2U, 2U, 1U})
        m_prompter.paths.append(save(u"frame%1.png"_s.arg(number), drawn(frames.symbol(number))));
    QTest::mouseClick(button(receiver, u"Choose pictures of symbols"_s), Qt::LeftButton);
    QTRY_COMPARE(progressed.size(), 4);
    QCOMPARE(progressed.last(), (QList<QVariant>{3U, 4U}));
    QCOMPARE(receiver.findChild<QProgressBar *>()->value(), 3);
    QCOMPARE(receiver.findChild<StatusBadge *>()->word(), u"Receiving"_s);
    QVERIFY(receiver.findChild<HashView *>()->isHidden());
    QVERIFY(!receiver.reception().message());
    QCOMPARE(received.size(), 0);
    receiver.addFiles({save(u"mixed.jpg"_s, drawn(frames.symbol(3), 6))});
    QTRY_COMPARE(received.size(), 1);
    QCOMPARE(received[0][0].toByteArray(), message(1500));
    QCOMPARE(receiver.findChild<HashView *>()->groups(), deviceGroups(keccak256(message(1500))));
    QVERIFY(receiver.findChild<HashView *>()->isVisible());
    QCOMPARE(receiver.findChild<StatusBadge *>()->tone(), Tone::Good);
    // What comes later says it no second time.
    receiver.addFiles({m_prompter.paths.first()});
    QTRY_COMPARE(progressed.size(), 6);
    QCOMPARE(received.size(), 1);
}

void TestQrWidgets::eachPictureIsJudged()
{
    QrReceiver receiver(m_prompter);
    const auto *badge = receiver.findChild<StatusBadge *>();
    QImage empty(200, 200, QImage::Format_RGB32);
    empty.fill(Qt::gray);
    receiver.addImage(empty, u"empty.png"_s);
    QCOMPARE(badge->word(), u"No symbol"_s);
    QVERIFY(receiver.statusText().contains(u"empty.png"));
    receiver.addImage(drawn(QrSymbol::create("HTTPS://EXAMPLE.ORG").value()), u"link.png"_s);
    QCOMPARE(badge->word(), u"No frame"_s);
    receiver.addImage({}, u"broken"_s);
    QCOMPARE(badge->word(), u"Not read"_s);
    receiver.addFiles({m_folder.filePath(u"missing.png"_s)});
    QTRY_VERIFY(receiver.statusText().contains(u"missing.png"));
    QFile file(m_folder.filePath(u"text.png"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("no picture");
    file.close();
    receiver.addFiles({file.fileName()});
    QTRY_VERIFY(receiver.statusText().contains(u"text.png"));
    QCOMPARE(badge->tone(), Tone::Bad);
    QCOMPARE(receiver.reception().needed(), 0U);
}

void TestQrWidgets::contradictionsForgetEverything()
{
    const UrEncoder encoder = UrEncoder::create(message(1500)).value();
    FountainPart forged = std::get<FountainPart>(urFrameFromText(encoder.frame(1)).value());
    forged.data[0] = static_cast<char>(forged.data[0] ^ 1);
    QrReceiver receiver(m_prompter);
    receiver.addImage(drawn(QrSymbol::create(encoder.frame(1).toUpper()).value()), u"1"_s);
    QCOMPARE(receiver.reception().received(), 1U);
    receiver.addImage(drawn(QrSymbol::create(toUr(forged).toUpper()).value()), u"2"_s);
    QCOMPARE(receiver.findChild<StatusBadge *>()->word(), u"Failed"_s);
    QCOMPARE(receiver.reception().needed(), 0U);
    QCOMPARE(receiver.findChild<QProgressBar *>()->value(), 0);
}

void TestQrWidgets::theClipboardGivesPicturesAndText()
{
    const UrEncoder encoder = UrEncoder::create(message(700)).value();
    QrReceiver receiver(m_prompter);
    receiver.show();
    QSignalSpy received(&receiver, &QrReceiver::received);
    auto *paste = button(receiver, u"Paste a picture or lines of text"_s);
    QTest::mouseClick(paste, Qt::LeftButton);
    QCOMPARE(receiver.findChild<StatusBadge *>()->word(), u"Nothing there"_s);
    QGuiApplication::clipboard()->setImage(drawn(QrSymbol::create(encoder.frame(2).toUpper()).value()));
    QTest::keyClick(&receiver, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(receiver.reception().received(), 1U);
    QGuiApplication::clipboard()->setText(u"a note\n"_s + QString::fromLatin1(encoder.frame(1)) + u"\r\n"_s);
    QTest::mouseClick(paste, Qt::LeftButton);
    QCOMPARE(received.size(), 1);
    QCOMPARE(received[0][0].toByteArray(), message(700));
}

void TestQrWidgets::droppedFilesAndPicturesAreTaken()
{
    const QrFrames frames = QrFrames::create(message(700)).value();
    QrReceiver receiver(m_prompter);
    receiver.show();
    QSignalSpy received(&receiver, &QrReceiver::received);
    const auto drop = [&receiver](const QMimeData &data) {
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&receiver, &enter);
        if (!enter.isAccepted())
            return false;
        QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&receiver, &event);
        return event.isAccepted();
    };
    QMimeData nothing;
    nothing.setData(u"application/x-strange"_s, "x");
    QVERIFY(!drop(nothing));
    QMimeData remote;
    remote.setUrls({QUrl(u"https://example.org/frame.png"_s)});
    static_cast<void>(drop(remote)); // its text at most: nothing is fetched
    QCOMPARE(receiver.reception().needed(), 0U);
    QMimeData picture;
    picture.setImageData(drawn(frames.symbol(1)));
    QVERIFY(drop(picture));
    QCOMPARE(receiver.reception().received(), 1U);
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(save(u"dropped.bmp"_s, drawn(frames.symbol(2))))});
    QVERIFY(drop(files));
    QTRY_COMPARE(received.size(), 1);
}

void TestQrWidgets::otherMessagesNeedAFreshStart()
{
    const QrFrames first = QrFrames::create(message(1500)).value();
    const QrFrames second = QrFrames::create("second").value();
    QrReceiver receiver(m_prompter);
    receiver.show();
    QSignalSpy received(&receiver, &QrReceiver::received);
    receiver.addImage(drawn(first.symbol(1)), u"first.png"_s);
    receiver.addImage(drawn(second.symbol(1)), u"second.png"_s);
    QCOMPARE(receiver.findChild<StatusBadge *>()->word(), u"Another message"_s);
    QCOMPARE(receiver.reception().received(), 1U);
    QTest::mouseClick(button(receiver, u"Forget what was received"_s), Qt::LeftButton);
    QCOMPARE(receiver.reception().needed(), 0U);
    receiver.addImage(drawn(second.symbol(1)), u"second.png"_s);
    QCOMPARE(received.size(), 1);
    receiver.addImage(drawn(first.symbol(1)), u"first.png"_s);
    QCOMPARE(receiver.findChild<StatusBadge *>()->word(), u"Another message"_s);
    QCOMPARE(receiver.reception().message().value(), Bytes("second"));
}

void TestQrWidgets::picturesAreLoadedWithCare()
{
    const QrFrames frames = QrFrames::create(message(300)).value();
    // Larger than is read: scaled down, and still read.
    QImage large(5000, 4400, QImage::Format_Grayscale8);
    large.fill(Qt::white);
    {
        QPainter painter(&large);
        painter.drawImage(QRect(600, 500, 2400, 2400), drawn(frames.symbol(1)));
    }
    const QImage loaded = loadGreyImage(save(u"large.png"_s, large)).value();
    QCOMPARE(loaded.width(), 4096);
    QVERIFY(loaded.height() < 4096);
    QrReception reception;
    QCOMPARE(read(reception, loaded).taken, 1);
    // See-through is white, not black.
    QImage clear(200, 200, QImage::Format_ARGB32);
    clear.fill(Qt::transparent);
    QCOMPARE(qGray(toGreyImage(clear).pixel(7, 7)), 255);
    QCOMPARE(loadGreyImage(m_folder.path()).error().kind, ErrorKind::NotFound);
    // A picture that could name other files.
    QFile svg(m_folder.filePath(u"drawing.svg"_s));
    QVERIFY(svg.open(QIODevice::WriteOnly));
    svg.write("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
    svg.close();
    QCOMPARE(loadGreyImage(svg.fileName()).error().kind, ErrorKind::Invalid);
}

void TestQrWidgets::everyControlHasAName()
{
    QrReceiver receiver(m_prompter);
    for (const auto *widget : receiver.findChildren<QWidget *>()) {
        if (widget->focusPolicy() != Qt::NoFocus)
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
    }
}

QTEST_MAIN(TestQrWidgets)
#include "tst_qrwidgets.moc"
