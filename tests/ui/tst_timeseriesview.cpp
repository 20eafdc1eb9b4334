#include "backend/types/strings.h"
#include "ui/charts/timeseriesview.h"

#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>

using namespace countersign;

namespace {

constexpr qint64 noon = 1'772'366'400'000; // 2026-03-01 12:00 UTC
constexpr double gap = std::numeric_limits<double>::quiet_NaN();

void fill(TimeSeriesView &view, int series, const std::vector<double> &values, qint64 step = 1000)
{
    std::vector<qint64> times;
    for (std::size_t i = 0; i < values.size(); ++i)
        times.push_back(noon + qint64(i) * step);
    view.replace(series, times, values);
}

std::vector<double> ramp(int count, double from = 0, double by = 1)
{
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back(from + i * by);
    return values;
}

int pixelsOf(const QImage &image, const QColor &color, const QRect &part)
{
    int found = 0;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            found += std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) + std::abs(pixel.blue() - color.blue()) < 60 ? 1 : 0;
        }
    }
    return found;
}

}

class TestTimeSeriesView final : public QObject {
    Q_OBJECT

private slots:
    void aClockInSecondsKeepsItsLastDigit()
    {
        TimeSeries series;
        const std::vector<qint64> times{0, 1000, 2000};
        series.append(times, std::vector<double>{1'772'366'400, 1'772'366'401, 1'772'366'403});
        QCOMPARE(series.value(1), 1'772'366'401.0);
        QCOMPARE(series.range(0, 3).high, 1'772'366'403.0);
        QCOMPARE(series.range(0, 3).low, 1'772'366'400.0);
        series.append(3000, 5.0F);
        QCOMPARE(series.value(3), 5.0);
        QVERIFY(std::abs(series.range(0, 4).low - 5.0) < 200); // a float's step at that distance
    }

    void infinityIsKeptButHasNoPlaceOnTheAxis()
    {
        TimeSeries series;
        const std::vector<qint64> times{0, 1000, 2000};
        series.append(times, std::vector<float>{1, std::numeric_limits<float>::infinity(), 3});
        QVERIFY(std::isinf(series.value(1)));
        QCOMPARE(series.range(0, 3).high, 3.0);
    }

    void unevenTimesAreFoundAfterEvenOnes()
    {
        TimeSeries series;
        const std::vector<qint64> even{0, 10, 20, 30};
        series.append(even, std::vector<float>{1, 2, 3, 4});
        QCOMPARE(series.indexAt(11), std::size_t(2));
        QCOMPARE(series.indexAt(10), std::size_t(1));
        QCOMPARE(series.indexAt(31), std::size_t(4));
        series.append(37, 5);
        QCOMPARE(series.time(2), qint64(20));
        QCOMPARE(series.time(4), qint64(37));
        QCOMPARE(series.indexAt(31), std::size_t(4));
    }

    void aLogarithmicAxisHasTheTicksOfItsBase()
    {
        AxisStyle style;
        style.scale = {ScaleKind::Log, 2, 1};
        const ValueAxis axis = makeAxis(style, 3, 60, 10);
        QCOMPARE(axis.min, 2.0);
        QCOMPARE(axis.max, 64.0);
        QCOMPARE(axis.ticks.size(), 6);
        QCOMPARE(axis.share(8), 0.4);
        QVERIFY(std::abs(axis.valueAt(0.4) - 8) < 1e-9);
        style.scale.kind = ScaleKind::SymLog;
        style.scale.base = 10;
        const ValueAxis both = makeAxis(style, -90, 900, 10);
        QCOMPARE(both.min, -100.0);
        QCOMPARE(both.max, 1000.0);
        QVERIFY(std::ranges::any_of(both.ticks, [](const AxisTick &tick) { return tick.value == 0; }));
        QVERIFY(std::ranges::any_of(both.ticks, [](const AxisTick &tick) { return tick.value == -10; }));
    }

    void hardBoundsCutAndSoftOnesOnlyWiden()
    {
        AxisStyle style;
        style.softMin = 0;
        style.softMax = 100;
        QCOMPARE(makeAxis(style, 20, 250, 5).min, 0.0);
        QVERIFY(makeAxis(style, 20, 250, 5).max >= 250);
        style.max = 120;
        QCOMPARE(makeAxis(style, 20, 250, 5).max, 120.0);
    }

    void stackedSeriesStandOnOneAnotherAndNegativeOnesHang()
    {
        std::vector<ChartLine> lines(3);
        const std::vector<qint64> times{0, 1000};
        for (int i = 0; i < 3; ++i) {
            lines[std::size_t(i)].style.stack = StackMode::Normal;
            lines[std::size_t(i)].series.append(times, std::vector<double>{double(i + 1), gap});
        }
        lines[2].style.negative = true;
        auto stacks = buildStacks(lines, {0, 1000}, 100);
        QCOMPARE(stacks.size(), std::size_t(1));
        QCOMPARE(stacks[0].layers[1].low[0], 1.0);
        QCOMPARE(stacks[0].layers[1].high[0], 3.0);
        QCOMPARE(stacks[0].layers[2].high[0], -3.0);
        QVERIFY(std::isnan(stacks[0].layers[1].high[1]));
        for (ChartLine &line : lines)
            line.style.stack = StackMode::Percent;
        stacks = buildStacks(lines, {0, 1000}, 100);
        QVERIFY(std::abs(stacks[0].layers[1].high[0] - 50) < 1e-9);
        QVERIFY(std::abs(stacks[0].layers[2].high[0] + 50) < 1e-9);
    }

    void aGapIsBridgedOnlyAsFarAsTheStyleSays()
    {
        TimeSeries series;
        const std::vector<qint64> times{0, 1000, 2000, 3000, 4000};
        series.append(times, std::vector<double>{1, gap, 2, gap, 3});
        const PlotMap map{QRectF(0, 0, 100, 100), {0, 4000}, niceAxis(0, 4, 4)};
        SeriesStyle style;
        CurveSet curves;
        buildCurves(curves, series, 0, 5, style, map);
        QCOMPARE(curves.size(), std::size_t(3));
        style.spanNullsUpTo = 2000;
        curves.clear();
        buildCurves(curves, series, 0, 5, style, map);
        QCOMPARE(curves.size(), std::size_t(1));
        style.spanNullsUpTo = 1999;
        curves.clear();
        buildCurves(curves, series, 0, 5, style, map);
        QCOMPARE(curves.size(), std::size_t(3));
        style.spanNulls = true;
        curves.clear();
        buildCurves(curves, series, 0, 5, style, map);
        QCOMPARE(curves.size(), std::size_t(1));
    }

    void aSmoothLineInventsNoValue()
    {
        TimeSeries series;
        const std::vector<qint64> times{0, 1000, 2000, 3000};
        series.append(times, std::vector<double>{0, 0, 10, 10});
        const PlotMap map{QRectF(0, 0, 300, 100), {0, 3000}, niceAxis(0, 10, 4)};
        SeriesStyle style;
        style.interpolation = Interpolation::Smooth;
        CurveSet curves;
        buildCurves(curves, series, 0, 4, style, map);
        for (const QPointF &point : curves.run(0))
            QVERIFY(point.y() >= -1e-6 && point.y() <= 100 + 1e-6);
    }

    void chartsOfAGroupShareCrosshairAndZoom()
    {
        ChartGroup group;
        TimeSeriesView first(u"first"_s);
        TimeSeriesView second(u"second"_s);
        for (TimeSeriesView *view : {&first, &second}) {
            view->setGroup(&group);
            view->addSeries(u"a"_s);
            fill(*view, 0, ramp(101));
            view->resize(500, 220);
            view->show();
        }
        QVERIFY(QTest::qWaitForWindowExposed(&second));
        QTest::mouseMove(&first, QPoint(250, 120));
        QVERIFY(group.crosshair().has_value());
        QVERIFY(!second.valueText().isEmpty());
        QSignalSpy zoomed(&group, &ChartGroup::zoomed);
        QTest::mousePress(&first, Qt::LeftButton, {}, QPoint(150, 120));
        QTest::mouseMove(&first, QPoint(300, 120));
        QTest::mouseRelease(&first, Qt::LeftButton, {}, QPoint(300, 120));
        QCOMPARE(zoomed.count(), 1);
        QVERIFY(second.range() == first.range());
        QVERIFY(second.range().to - second.range().from < 60'000);
        const TimeSpan once = first.range();
        first.setFocus();
        QTest::keyClick(&first, Qt::Key_Plus);
        QVERIFY(first.range().length() < once.length());
        QTest::keyClick(&first, Qt::Key_Backspace);
        QVERIFY(first.range() == once);
        QTest::mouseDClick(&first, Qt::LeftButton, {}, QPoint(200, 120));
        QCOMPARE(second.range().to - second.range().from, qint64(100'000));
    }

    void aRangeIsMarkedAndZoomedToByKeys()
    {
        TimeSeriesView view(u"keys"_s);
        view.addSeries(u"a"_s);
        fill(view, 0, ramp(101));
        view.resize(500, 220);
        QTest::keyClick(&view, Qt::Key_Home);
        for (int i = 0; i < 10; ++i)
            QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&view, Qt::Key_Return);
        QVERIFY(view.range() == (TimeSpan{noon, noon + 10'000}));
        QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(view.range() == (TimeSpan{noon + 2500, noon + 12'500}));
        QTest::keyClick(&view, Qt::Key_Backspace);
        QCOMPARE(view.range().to, noon + 100'000);
    }

    void theLegendShowsOneAloneOrHidesIt()
    {
        TimeSeriesView view(u"legend"_s);
        view.setLegend({LegendPlace::Bottom, true, {Reducer::Mean, Reducer::Max}});
        for (int i = 0; i < 3; ++i)
            fill(view, view.addSeries(u"s%1"_s.arg(i)), ramp(50, i * 100));
        view.resize(500, 300);
        view.grab();
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(30, 300 - 3 * ChartLegend::rowHeight + 10));
        QVERIFY(view.isSeriesShown(0) && !view.isSeriesShown(1) && !view.isSeriesShown(2));
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Space, Qt::ControlModifier);
        QVERIFY(view.isSeriesShown(0) && view.isSeriesShown(1) && !view.isSeriesShown(2));
        QTest::keyClick(&view, Qt::Key_Space);
        QVERIFY(!view.isSeriesShown(0) && view.isSeriesShown(1));
        QTest::keyClick(&view, Qt::Key_Space);
        QVERIFY(view.isSeriesShown(0) && view.isSeriesShown(1) && view.isSeriesShown(2));
    }

    void theValueUnderTheCursorIsCopiedWithAllItsDigits()
    {
        TimeSeriesView view(u"copy"_s);
        const int low = view.addSeries(u"low"_s);
        const int high = view.addSeries(u"high"_s);
        fill(view, low, {0.1, 0.123456789012, 0.3});
        fill(view, high, {1'772'366'400.5, 1'772'366'401.5, 1'772'366'402.5});
        view.resize(500, 220);
        view.grab();
        QTest::keyClick(&view, Qt::Key_End);
        QTest::keyClick(&view, Qt::Key_Left); // 20 ms before the last sample: the one before holds
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), u"0.123456789012"_s);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::clipboard()->text(), u"2026-03-01T12:00:01.980Z\nhigh\t1772366401.5\nlow\t0.123456789012\n"_s);
    }

    void aFrozenChartStandsStillAndSaysSo()
    {
        TimeSeriesView view(u"frozen"_s);
        view.addSeries(u"a"_s);
        fill(view, 0, ramp(11));
        view.follow(5000);
        QSignalSpy changed(&view, &TimeSeriesView::frozenChanged);
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(changed.count(), 1);
        view.append(0, noon + 20'000, 3);
        QCOMPARE(view.range().to, noon + 10'000);
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(view.range().to, noon + 20'000);
    }

    void theWeekBeforeIsAskedForByOneKey()
    {
        TimeSeriesView view(u"ghost"_s);
        view.addSeries(u"a"_s);
        fill(view, 0, ramp(11));
        QSignalSpy wanted(&view, &TimeSeriesView::ghostWanted);
        QTest::keyClick(&view, Qt::Key_W);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][0].toBool(), true);
        QTest::keyClick(&view, Qt::Key_W);
        QCOMPARE(wanted[1][0].toBool(), false);
    }

    void theTooltipListsTheSeriesFromTheHighest()
    {
        QWidget window;
        window.resize(600, 300);
        TimeSeriesView view(u"tooltip"_s, &window);
        for (int i = 0; i < 3; ++i)
            fill(view, view.addSeries(u"s%1"_s.arg(i)), ramp(50, i * 100, 0));
        view.setGeometry(0, 0, 600, 300);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        QTest::mouseMove(&view, QPoint(300, 150));
        auto *tooltip = window.findChild<ChartTooltip *>();
        QVERIFY(tooltip && tooltip->isVisible());
        QCOMPARE(tooltip->rows().size(), 3);
        QCOMPARE(tooltip->rows()[0].name, u"s2"_s);
        QVERIFY(tooltip->rows()[1].strong); // the middle one is nearest
        QVERIFY(window.rect().contains(tooltip->geometry()));
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!tooltip->isVisible());
    }

    void csvHasARowATimeAndWholeFigures()
    {
        TimeSeriesView view(u"export"_s);
        fill(view, view.addSeries(u"a,b"_s), {1, 0.1, gap});
        fill(view, view.addSeries(u"=SUM(A1)"_s), {5, 6}, 2000);
        QCOMPARE(QString::fromUtf8(view.toCsv()),
            u"time,\"a,b\",'=SUM(A1)\r\n2026-03-01T12:00:00.000Z,1,5\r\n2026-03-01T12:00:01.000Z,0.1,\r\n2026-03-01T12:00:02.000Z,,6\r\n"_s);
    }

    void picturesCarryTheLine()
    {
        TimeSeriesView view(u"export"_s);
        view.addSeries(u"a"_s);
        std::vector<double> wave;
        for (int i = 0; i < 100'000; ++i)
            wave.push_back(std::sin(i * 0.001) + 0.1 * std::sin(i * 1.7));
        fill(view, 0, wave);
        const QByteArray svg = view.toSvg({800, 300});
        QXmlStreamReader reader(svg);
        int paths = 0;
        while (!reader.atEnd()) {
            reader.readNext();
            paths += reader.isStartElement() && (reader.name() == u"path"_s || reader.name() == u"polyline"_s) ? 1 : 0;
        }
        QVERIFY(!reader.hasError());
        QVERIFY(paths > 0);
        QVERIFY(svg.size() < 400'000); // columns, not samples
        const QImage image = QImage::fromData(view.toPng({800, 300}, 2), "PNG");
        QCOMPARE(image.size(), QSize(1600, 600));
        QVERIFY(pixelsOf(image, tokenColor(Token::Series1, view.palette()), image.rect()) > 5000);
    }

    void whatIsBeyondTheEighthHasAnotherPattern()
    {
        ChartScene scene;
        for (int i = 0; i < 20; ++i)
            scene.lines.push_back({.name = QString::number(i)});
        for (std::size_t i = 0; i < 20; ++i) {
            for (std::size_t k = i + 1; k < 20; ++k)
                QVERIFY(scene.colorOf(i, Scheme::Dark) != scene.colorOf(k, Scheme::Dark) || scene.patternOf(i) != scene.patternOf(k));
        }
    }

    void aHundredSeriesFindTheirLegendByScrolling()
    {
        TimeSeriesView view(u"many"_s);
        view.setLegend({LegendPlace::Right, true, {Reducer::LastNotNull}});
        for (int i = 0; i < 100; ++i)
            fill(view, view.addSeries(u"series %1"_s.arg(i)), ramp(20, i));
        view.resize(600, 260);
        view.grab();
        QTest::keyClick(&view, Qt::Key_Up);
        QTest::keyClick(&view, Qt::Key_Space);
        QVERIFY(view.isSeriesShown(99) && !view.isSeriesShown(0));
        QVERIFY(!view.grab().isNull());
    }
};

QTEST_MAIN(TestTimeSeriesView)
#include "tst_timeseriesview.moc"
