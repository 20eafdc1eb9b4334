#include "backend/types/strings.h"
#include "tests/golden/goldenimage.h"
#include "ui/charts/chartpalette.h"
#include "ui/charts/timeseriesview.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <memory>

using namespace countersign;

namespace {

constexpr qint64 noon = 1'772'366'400'000; // 2026-03-01 12:00 UTC
constexpr qint64 half = 1'800'000;
constexpr double gap = std::numeric_limits<double>::quiet_NaN();

using Curve = std::function<double(double)>;

void fill(TimeSeriesView &view, int series, int points, const Curve &curve)
{
    std::vector<qint64> times;
    std::vector<double> values;
    for (int i = 0; i <= points; ++i) {
        times.push_back(noon + half * i / points);
        values.push_back(curve(double(i) / points));
    }
    view.replace(series, times, values);
}

double wave(double x, int k)
{
    return 6 + 2.2 * std::sin(x * 9 + k * 1.3) + std::sin(x * 31 + k * 2.1) + k * 1.5;
}

std::unique_ptr<TimeSeriesView> plain(const QString &title)
{
    auto view = std::make_unique<TimeSeriesView>(title);
    view->setBackgroundRole(QPalette::Base);
    view->setRange(noon, noon + half);
    return view;
}

std::unique_ptr<TimeSeriesView> manyLines()
{
    auto view = plain(u"Twelve relayers"_s);
    view->setLegend({LegendPlace::Bottom, false, {}});
    for (int k = 0; k < 12; ++k) {
        const int series = view->addSeries(u"relayer-%1"_s.arg(k + 1));
        fill(*view, series, 60, [k](double x) { return wave(x, k); });
    }
    return view;
}

std::unique_ptr<TimeSeriesView> stacked()
{
    auto view = plain(u"Traffic, stacked, outgoing below"_s);
    LegendStyle legend{LegendPlace::Bottom, true, {Reducer::LastNotNull, Reducer::Mean, Reducer::Max}};
    view->setLegend(legend);
    for (int k = 0; k < 4; ++k) {
        SeriesStyle style;
        style.stack = StackMode::Normal;
        style.negative = k == 3;
        const int series = view->addSeries(k == 3 ? u"outgoing"_s : u"incoming %1"_s.arg(k + 1), style);
        fill(*view, series, 80, [k](double x) { return 2 + std::sin(x * 8 + k) + (x > 0.4 && x < 0.5 && k == 1 ? gap : 0); });
    }
    return view;
}

std::unique_ptr<TimeSeriesView> percent()
{
    auto view = plain(u"Share of each route"_s);
    view->setLegend({LegendPlace::Right, true, {Reducer::LastNotNull, Reducer::Mean}});
    for (int k = 0; k < 4; ++k) {
        SeriesStyle style;
        style.stack = StackMode::Percent;
        style.fillOpacity = 70;
        const int series = view->addSeries(u"route %1"_s.arg(k + 1), style);
        fill(*view, series, 40, [k](double x) { return 2 + std::sin(x * 8 + k * 2); });
    }
    return view;
}

std::unique_ptr<TimeSeriesView> bars()
{
    auto view = plain(u"Intents a minute"_s);
    SeriesStyle style;
    style.draw = DrawStyle::Bars;
    style.stack = StackMode::Normal;
    const int good = view->addSeries(u"settled"_s, style);
    const int bad = view->addSeries(u"failed"_s, style);
    fill(*view, good, 30, [](double x) { return std::round(12 + 6 * std::sin(x * 7)); });
    fill(*view, bad, 30, [](double x) { return std::round(2 + 2 * std::sin(x * 19)); });
    return view;
}

std::unique_ptr<TimeSeriesView> styles()
{
    auto view = plain(u"Ways to join"_s);
    const Interpolation ways[]{Interpolation::Linear, Interpolation::StepBefore, Interpolation::StepAfter, Interpolation::Smooth};
    const QString names[]{u"linear"_s, u"step before"_s, u"step after"_s, u"smooth"_s};
    for (int k = 0; k < 4; ++k) {
        SeriesStyle style;
        style.interpolation = ways[k];
        style.lineWidth = 1 + k * 0.7;
        style.points = PointMode::Always;
        style.fillOpacity = k == 3 ? 40 : 0;
        style.gradient = true;
        const int series = view->addSeries(names[k], style);
        fill(*view, series, 12, [k](double x) { return 3.0 * (3 - k) + std::sin(x * 14) + std::cos(x * 31); });
    }
    return view;
}

std::unique_ptr<TimeSeriesView> logarithmic()
{
    auto view = plain(u"Latency and errors"_s);
    AxisStyle left;
    left.label = u"seconds"_s;
    left.scale.kind = ScaleKind::Log;
    left.format = [](double value) -> QString { return shortNumber(value) + u" s"_s; };
    view->setAxis(AxisSide::Left, left);
    AxisStyle right;
    right.label = u"errors"_s;
    right.softMin = 0;
    view->setAxis(AxisSide::Right, right);
    const int latency = view->addSeries(u"p99"_s);
    SeriesStyle errors;
    errors.axis = AxisSide::Right;
    errors.pattern = LinePattern::Dash;
    const int count = view->addSeries(u"errors"_s, errors);
    fill(*view, latency, 90, [](double x) { return 0.02 * std::pow(10, 3 * x + 0.3 * std::sin(x * 40)); });
    fill(*view, count, 90, [](double x) { return std::floor(20 * x * x); });
    return view;
}

std::unique_ptr<TimeSeriesView> marked()
{
    auto view = plain(u"Queue depth"_s);
    const QPalette palette = view->palette();
    const double below = -std::numeric_limits<double>::infinity();
    view->setThresholds({{{below, tokenColor(Token::Good, palette)}, {7, tokenColor(Token::Warn, palette)},
                             {9, tokenColor(Token::Bad, palette)}},
        true, true, true});
    view->setAnnotations({{noon + 400'000, noon + 400'000, u"leader changed"_s, tokenColor(Token::Info, palette)},
        {noon + 900'000, noon + 1'200'000, u"deployment"_s, tokenColor(Token::Accent, palette)}});
    SeriesStyle style;
    style.fillOpacity = 0;
    const int series = view->addSeries(u"waiting"_s, style);
    fill(*view, series, 120, [](double x) { return x > 0.6 && x < 0.66 ? gap : wave(x, 0); });
    std::vector<qint64> times;
    std::vector<double> values;
    for (int i = 0; i <= 120; ++i) {
        times.push_back(noon + half * i / 120 - 604'800'000);
        values.push_back(wave(i / 120.0 + 0.2, 0));
    }
    view->setGhost(series, times, values, 604'800'000);
    view->setGhostShown(true);
    view->setFrozen(true);
    return view;
}

std::unique_ptr<TimeSeriesView> stale()
{
    auto view = plain(u"Old figures"_s);
    const int series = view->addSeries(u"waiting"_s);
    fill(*view, series, 3000, [](double x) { return wave(x, 0) + std::sin(x * 3000); });
    view->setStale(u"Stale: last sample 4 min ago"_s);
    return view;
}

std::unique_ptr<TimeSeriesView> dots()
{
    auto view = plain(u"Settlement times"_s);
    AxisStyle left;
    left.scale = {ScaleKind::SymLog, 10, 1};
    view->setAxis(AxisSide::Left, left);
    for (int k = 0; k < 2; ++k) {
        SeriesStyle style;
        style.draw = DrawStyle::Points;
        const int series = view->addSeries(k == 0 ? u"to the ledger"_s : u"from the ledger"_s, style);
        fill(*view, series, 150, [k](double x) { return (k == 0 ? 1 : -1) * std::pow(10, 2.5 * std::abs(std::sin(x * 57 + k * 3))); });
    }
    return view;
}

}

class TestChartImages final : public QObject {
    Q_OBJECT

private slots:
    void aChartLooksAsItDid_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("dark");
        for (const QString &name : {u"manylines"_s, u"stacked"_s, u"percent"_s, u"bars"_s, u"styles"_s, u"logarithmic"_s,
                 u"marked"_s, u"stale"_s, u"dots"_s}) {
            for (const bool dark : {false, true})
                QTest::addRow("%s %s", qPrintable(name), dark ? "dark" : "light") << name << dark;
        }
    }

    void aChartLooksAsItDid()
    {
        QFETCH(const QString, name);
        QFETCH(const bool, dark);
        wearForGolden(dark ? Scheme::Dark : Scheme::Light);
        const QHash<QString, std::function<std::unique_ptr<TimeSeriesView>()>> makers{{u"manylines"_s, manyLines},
            {u"stacked"_s, stacked}, {u"percent"_s, percent}, {u"bars"_s, bars}, {u"styles"_s, styles},
            {u"logarithmic"_s, logarithmic}, {u"marked"_s, marked}, {u"stale"_s, stale}, {u"dots"_s, dots}};
        const auto view = makers[name]();
        view->resize(560, 260);
        const QString problem = compareWithGolden(*view, u"chart-%1-%2"_s.arg(name, dark ? u"dark"_s : u"light"_s));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
};

QTEST_MAIN(TestChartImages)
#include "tst_chartimages.moc"
