#include "backend/types/strings.h"
#include "ui/charts/timeseriesview.h"
#include "ui/theme/theme.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace countersign;

class TestCharts final : public QObject {
    Q_OBJECT

private slots:
    void extremaOfAnyRangeAreThoseOfAScan()
    {
        std::mt19937 random(3);
        std::uniform_real_distribution<float> value(-1000, 1000);
        MinMaxPyramid pyramid;
        std::vector<float> all;
        // Uneven pieces: the last leaf and the last node of every level are rebuilt again and again.
        for (const std::size_t piece : {1U, 63U, 1U, 64U, 65U, 500U, 7U, 4096U, 20'000U, 3U}) {
            std::vector<float> fresh(piece);
            std::ranges::generate(fresh, [&] { return value(random); });
            all.insert(all.end(), fresh.begin(), fresh.end());
            pyramid.append(fresh);
        }
        std::uniform_int_distribution<std::size_t> at(0, all.size());
        for (int i = 0; i < 3000; ++i) {
            const auto [begin, end] = std::minmax({at(random), at(random)});
            const MinMax found = pyramid.range(begin, end);
            if (begin == end) {
                QVERIFY(found.isEmpty());
                continue;
            }
            const auto [low, high]
                = std::minmax_element(all.begin() + std::ptrdiff_t(begin), all.begin() + std::ptrdiff_t(end));
            QCOMPARE(found.min, *low);
            QCOMPARE(found.max, *high);
        }
        QVERIFY(pyramid.bytes() < all.size() * sizeof(float) * 3);
    }

    void gapsCountForNothing()
    {
        MinMaxPyramid pyramid;
        const float gap = std::nanf("");
        pyramid.append(std::vector<float>{gap, 3, gap, -2, gap});
        QCOMPARE(pyramid.range(0, 5).min, -2.0F);
        QCOMPARE(pyramid.range(0, 5).max, 3.0F);
        QVERIFY(pyramid.range(0, 1).isEmpty());
    }

    void aTimeIsFoundFromAnyGuess()
    {
        TimeSeries series;
        std::vector<qint64> times;
        for (qint64 i = 0; i < 500; ++i)
            times.push_back(1000 + i * 7 + i % 3);
        series.append(times, std::vector<float>(times.size(), 1.0F));
        for (qint64 time = 990; time < 4600; time += 13) {
            const auto expected = std::size_t(std::ranges::lower_bound(times, time) - times.begin());
            for (const std::size_t hint :
                {std::size_t(0), std::size_t(1), std::size_t(250), std::size_t(499), std::size_t(9999)})
                QCOMPARE(series.indexAt(time, hint), expected);
        }
    }

    void timeNeverGoesBack()
    {
        TimeSeries series;
        series.append(std::vector<qint64>{10, 20, 15, 30}, std::vector<float>{1, 2, 3, 4});
        series.append(25, 5);
        QCOMPARE(series.size(), std::size_t(3));
        QCOMPARE(series.lastTime(), qint64(30));
    }

    void axesAreRoundAndHoldTheirRange()
    {
        for (const auto &[low, high] :
            {std::pair(0.0, 1.0), std::pair(-3.2, 977.0), std::pair(5.0, 5.0), std::pair(0.00012, 0.0009)}) {
            const ValueAxis axis = niceAxis(low, high, 5);
            QVERIFY(axis.min <= low && axis.max >= high && axis.max > axis.min);
            QVERIFY(axis.ticks.size() >= 2 && axis.ticks.size() <= 9);
        }
        const auto ticks = timeTicks(1'772'366'400'000, 1'772'366'400'000 + 1'800'000, 4);
        QVERIFY(!ticks.isEmpty());
        QCOMPARE(ticks.first().label, u"12:00"_s);
    }

    void aSpikeOfOneSampleAmongAMillionIsSeen()
    {
        Theme theme;
        theme.apply(ThemeMode::Light);
        TimeSeriesView view(u"load"_s);
        view.addSeries(u"load"_s, Token::Series1);
        std::vector<qint64> times(1'000'000);
        std::vector<float> values(times.size(), 1.0F);
        for (std::size_t i = 0; i < times.size(); ++i)
            times[i] = qint64(i);
        values[654'321] = 100;
        view.append(0, times, values);
        view.resize(600, 200);
        const QImage image = view.grab().toImage();
        const QRgb ink = tokenColor(Token::Series1, Scheme::Light).rgb();
        int high = 0;
        for (int y = 30; y < 90; ++y) {
            for (int x = 60; x < 590; ++x)
                high += image.pixel(x, y) == ink ? 1 : 0;
        }
        QVERIFY(high >= 40);
    }

    void aScreenReaderHearsLastLowestAndHighest()
    {
        TimeSeriesView view(u"Queue"_s);
        QVERIFY(view.isEmpty());
        view.addSeries(u"relayer-1"_s);
        view.append(0, 1000, 4);
        view.append(0, 2000, 9);
        view.append(0, 3000, 2);
        QCOMPARE(view.accessibleSummary(), u"Queue; relayer-1: last 2, lowest 2, highest 9"_s);
    }

    void arrowKeysMoveTheCrosshair()
    {
        TimeSeriesView view(u"Queue"_s);
        view.addSeries(u"a"_s);
        view.append(0, 0, 1);
        view.append(0, 10'000, 2);
        qint64 at = -1;
        connect(&view, &TimeSeriesView::crosshairMoved, this, [&](qint64 time) { at = time; });
        view.resize(400, 200);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(at, qint64(9'900));
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(at, qint64(0));
    }
};

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
