#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QDirIterator>
#include <QFontMetricsF>
#include <QPalette>
#include <QSignalSpy>
#include <QTest>

using namespace countersign;

class TestTheme final : public QObject {
    Q_OBJECT

private slots:
    void contrastRatioIsThatOfTheGuidelines()
    {
        QCOMPARE(qRound(contrastRatio(Qt::black, Qt::white)), 21);
        QCOMPARE(contrastRatio(Qt::red, Qt::red), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void everyTextPairCanBeRead_data()
    {
        QTest::addColumn<int>("scheme");
        QTest::newRow("light") << int(Scheme::Light);
        QTest::newRow("dark") << int(Scheme::Dark);
    }

    void everyTextPairCanBeRead()
    {
        QFETCH(const int, scheme);
        for (const TextPair &pair : textPairs()) {
            const double ratio = contrastRatio(
                tokenColor(pair.foreground, Scheme(scheme)), tokenColor(pair.background, Scheme(scheme)));
            QVERIFY2(ratio >= 4.5,
                qPrintable(
                    u"token %1 on token %2: %3"_s.arg(int(pair.foreground)).arg(int(pair.background)).arg(ratio)));
        }
    }

    void linesOfChartsStandOutFromTheirGround()
    {
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            for (int i = 0; i < 6; ++i)
                QVERIFY(contrastRatio(tokenColor(seriesToken(i), scheme), tokenColor(Token::Panel, scheme)) >= 3.0);
        }
    }

    void aPaletteTellsItsOwnScheme()
    {
        QCOMPARE(schemeOf(paletteFor(Scheme::Light)), Scheme::Light);
        QCOMPARE(schemeOf(paletteFor(Scheme::Dark)), Scheme::Dark);
    }

    void aThemeIsWornAndAnnouncedOnce()
    {
        Theme theme;
        QSignalSpy changed(&theme, &Theme::changed);
        theme.apply(ThemeMode::Dark);
        theme.apply(ThemeMode::Dark);
        QCOMPARE(schemeOf(QApplication::palette()), Scheme::Dark);
        QCOMPARE(changed.size(), 1);
        theme.apply(ThemeMode::Light);
        QCOMPARE(schemeOf(QApplication::palette()), Scheme::Light);
        QCOMPARE(changed.size(), 2);
    }

    void everyIconPaintsInTheColourOfThePalette()
    {
        int icons = 0;
        themeIcon("menu"_L1).pixmap(16);
        QDirIterator files(u":/icons"_s);
        while (files.hasNext()) {
            const QString name = QFileInfo(files.next()).completeBaseName();
            const QByteArray latin = name.toLatin1();
            for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
                QApplication::setPalette(paletteFor(scheme));
                const QImage image = themeIcon(QLatin1StringView(latin)).pixmap(QSize(48, 48)).toImage();
                const QColor ink = tokenColor(Token::Text, scheme);
                int painted = 0;
                for (int y = 0; y < image.height(); ++y) {
                    for (int x = 0; x < image.width(); ++x) {
                        const QColor pixel = image.pixelColor(x, y);
                        painted += pixel.alpha() > 250 && std::abs(pixel.red() - ink.red()) < 8 ? 1 : 0;
                    }
                }
                QVERIFY2(painted > 20, qPrintable(name));
            }
            ++icons;
        }
        QVERIFY(icons > 30);
    }

    void digitsHaveOneWidth()
    {
        for (const TextSize size : {TextSize::Small, TextSize::Body, TextSize::Figure}) {
            const QFontMetricsF metrics(uiFont(size));
            for (QChar digit = u'1'; digit <= u'9'; digit = QChar(digit.unicode() + 1))
                QCOMPARE(metrics.horizontalAdvance(digit), metrics.horizontalAdvance(u'0'));
        }
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
