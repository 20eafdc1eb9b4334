#include "tests/golden/goldenimage.h"

#include "backend/types/strings.h"
#include "ui/theme/consolestyle.h"
#include "ui/theme/fonts.h"

#include <QApplication>
#include <QDir>
#include <QFontInfo>
#include <QImage>
#include <QPixmap>
#include <QWidget>

namespace countersign {

namespace {

constexpr int channelTolerance = 40;
constexpr double differingShare = 0.004;

} // namespace

void wearForGolden(Scheme scheme)
{
    QApplication::setStyle(new ConsoleStyle);
    QApplication::setFont(uiFont());
    QApplication::setPalette(paletteFor(scheme));
    QApplication::setCursorFlashTime(0);
}

QString compareWithGolden(QWidget &widget, const QString &name)
{
    if (QFontInfo(uiFont()).family() != "Roboto"_L1)
        return u"The images were made with Roboto (fonts-roboto-unhinted); this machine has %1."_s.arg(
            QFontInfo(uiFont()).family());
    const QImage actual = widget.grab().toImage().convertToFormat(QImage::Format_RGB32);
    const QString path = QStringLiteral(COUNTERSIGN_GOLDEN_IMAGES "/") + name + u".png"_s;
    if (qEnvironmentVariableIntValue("COUNTERSIGN_GOLDEN_UPDATE") == 1)
        return actual.save(path) ? QString() : u"Cannot write %1"_s.arg(path);

    const QImage expected = QImage(path).convertToFormat(QImage::Format_RGB32);
    const QDir results(QCoreApplication::applicationDirPath());
    if (expected.size() != actual.size()) {
        actual.save(results.filePath(name + u".actual.png"_s));
        return u"%1: %2x%3 instead of %4x%5"_s.arg(name)
            .arg(actual.width())
            .arg(actual.height())
            .arg(expected.width())
            .arg(expected.height());
    }
    int differing = 0;
    QImage difference = actual;
    for (int y = 0; y < actual.height(); ++y) {
        for (int x = 0; x < actual.width(); ++x) {
            const QColor a(actual.pixel(x, y));
            const QColor b(expected.pixel(x, y));
            const int worst = std::max(
                {std::abs(a.red() - b.red()), std::abs(a.green() - b.green()), std::abs(a.blue() - b.blue())});
            const bool differs = worst > channelTolerance;
            differing += differs ? 1 : 0;
            difference.setPixelColor(x, y, differs ? QColor(Qt::magenta) : a.lighter(130));
        }
    }
    if (differing <= differingShare * actual.width() * actual.height())
        return {};
    actual.save(results.filePath(name + u".actual.png"_s));
    difference.save(results.filePath(name + u".difference.png"_s));
    return u"%1: %2 pixels differ"_s.arg(name).arg(differing);
}

} // namespace countersign
