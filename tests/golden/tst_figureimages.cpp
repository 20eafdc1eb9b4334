#include "backend/types/strings.h"
#include "tests/golden/goldenimage.h"
#include "ui/charts/bargaugeview.h"
#include "ui/charts/barchartview.h"
#include "ui/charts/gaugeview.h"
#include "ui/charts/heatmapview.h"
#include "ui/charts/piechartview.h"
#include "ui/charts/statushistoryview.h"
#include "ui/charts/statview.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <memory>

using namespace countersign;

namespace {

constexpr qint64 noon = 1'772'366'400'000; // 2026-03-01 12:00 UTC
constexpr qint64 minute = 60'000;
const double below = -std::numeric_limits<double>::infinity();

QColor tone(Token token, Scheme scheme)
{
    return tokenColor(token, scheme);
}

QVector<Figure> figures(Scheme scheme, int count)
{
    const double values[]{23, 71, 94, 12, 55};
    QVector<Figure> figures;
    for (int i = 0; i < count; ++i) {
        Figure figure;
        figure.name = u"relayer-%1"_s.arg(i + 1);
        figure.value = values[i];
        figure.text = u"%1 %"_s.arg(values[i]);
        figure.thresholds = {{below, tone(Token::Good, scheme)}, {60, tone(Token::Warn, scheme)}, {85, tone(Token::Bad, scheme)}};
        figure.color = values[i] >= 85 ? tone(Token::Bad, scheme) : values[i] >= 60 ? tone(Token::Warn, scheme) : tone(Token::Good, scheme);
        for (int k = 0; k < 40; ++k)
            figure.trend.push_back(values[i] + 8 * std::sin(k * 0.4 + i));
        figures.append(figure);
    }
    return figures;
}

std::unique_ptr<QWidget> stat(Scheme scheme, StatColor mode, int count)
{
    auto view = std::make_unique<StatView>();
    view->setFigures(figures(scheme, count));
    view->setColorMode(mode);
    return view;
}

std::unique_ptr<QWidget> gauge(Scheme scheme, int count)
{
    auto view = std::make_unique<GaugeView>();
    view->setFigures(figures(scheme, count));
    view->setThresholdLabels(count == 1, [](double value) { return QString::number(value); });
    return view;
}

std::unique_ptr<QWidget> barGauge(Scheme scheme, BarGaugeMode mode, Qt::Orientation orientation)
{
    auto view = std::make_unique<BarGaugeView>();
    view->setFigures(figures(scheme, 5));
    view->setMode(mode);
    view->setOrientation(orientation);
    return view;
}

std::unique_ptr<QWidget> barChart(Qt::Orientation orientation, StackMode stacking)
{
    auto view = std::make_unique<BarChartView>();
    view->setData({u"Monday"_s, u"Tuesday"_s, u"Wednesday"_s, u"Thursday"_s, u"Friday"_s},
        {{u"settled"_s, {40, 52, 31, 64, 58}}, {u"stuck"_s, {4, 9, 2, 14, 6}}, {u"failed"_s, {1, 3, 8, 2, 5}}});
    view->setOrientation(orientation);
    view->setStacking(stacking);
    view->setValuesShown(true);
    return view;
}

std::unique_ptr<QWidget> pie(bool ring)
{
    auto view = std::make_unique<PieChartView>();
    view->setSlices({{u"ethereum"_s, u"412"_s, 412}, {u"base"_s, u"230"_s, 230}, {u"arbitrum"_s, u"118"_s, 118},
        {u"optimism"_s, u"61"_s, 61}, {u"polygon"_s, u"9"_s, 9}});
    view->setRing(ring);
    return view;
}

std::unique_ptr<QWidget> heatmap(bool log)
{
    auto view = std::make_unique<HeatmapView>();
    HeatmapData data;
    data.step = minute;
    data.bounds = {0, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, std::numeric_limits<double>::infinity()};
    for (int i = 0; i < 60; ++i) {
        data.times.push_back(noon + i * minute);
        for (int k = 0; k < 8; ++k) {
            const double away = k - 3.5 - 2 * std::sin(i * 0.12);
            const double count = std::floor(90 * std::exp(-away * away / 2) * (1 + 0.4 * std::sin(i * 0.9 + k)));
            data.counts.push_back(count);
        }
    }
    AxisStyle axis;
    axis.scale.kind = log ? ScaleKind::Log : ScaleKind::Linear;
    axis.format = [](double value) -> QString { return shortNumber(value) + u" s"_s; };
    view->setAxis(axis);
    view->setData(data);
    return view;
}

QVector<StateRow> states(Scheme scheme)
{
    QVector<StateRow> rows;
    const QString names[]{u"leads"_s, u"stands by"_s, u"down"_s};
    const Token tokens[]{Token::Good, Token::Info, Token::Bad};
    for (int i = 0; i < 4; ++i) {
        StateRow row{u"relayer-%1"_s.arg(i + 1), {}};
        for (int k = 0; k < 20; ++k) {
            const int state = i == 3 && k > 12 ? 2 : (k / 7 % 3 == i ? 0 : 1);
            const bool known = !(i == 1 && k > 8 && k < 12);
            row.spans.append({noon + k * minute, noon + (k + 1) * minute, known ? names[state] : u"not known"_s,
                known ? tone(tokens[state], scheme) : QColor()});
        }
        rows.append(row);
    }
    return rows;
}

std::unique_ptr<QWidget> timeline(Scheme scheme)
{
    auto view = std::make_unique<StateTimelineView>();
    view->setRows(states(scheme));
    return view;
}

std::unique_ptr<QWidget> history(Scheme scheme)
{
    auto view = std::make_unique<StatusHistoryView>();
    view->setRows(states(scheme));
    view->setValuesShown(false);
    return view;
}

using Maker = std::function<std::unique_ptr<QWidget>(Scheme)>;

}

class TestFigureImages final : public QObject {
    Q_OBJECT

private slots:
    void looksAsStored_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<Maker>("make");
        const QSize wide(420, 200);
        const QSize small(300, 160);
        const auto row = [](const QString &name, const QSize &size, const Maker &make) { QTest::newRow(qPrintable(name)) << name << size << make; };
        row(u"stat-one"_s, small, [](Scheme scheme) { return stat(scheme, StatColor::Value, 1); });
        row(u"stat-many"_s, wide, [](Scheme scheme) { return stat(scheme, StatColor::Background, 5); });
        row(u"gauge-one"_s, small, [](Scheme scheme) { return gauge(scheme, 1); });
        row(u"gauge-many"_s, wide, [](Scheme scheme) { return gauge(scheme, 3); });
        row(u"bargauge-lcd"_s, wide, [](Scheme scheme) { return barGauge(scheme, BarGaugeMode::Lcd, Qt::Horizontal); });
        row(u"bargauge-gradient"_s, wide, [](Scheme scheme) { return barGauge(scheme, BarGaugeMode::Gradient, Qt::Horizontal); });
        row(u"bargauge-standing"_s, wide, [](Scheme scheme) { return barGauge(scheme, BarGaugeMode::Basic, Qt::Vertical); });
        row(u"barchart-groups"_s, wide, [](Scheme) { return barChart(Qt::Vertical, StackMode::None); });
        row(u"barchart-stacked"_s, wide, [](Scheme) { return barChart(Qt::Horizontal, StackMode::Normal); });
        row(u"pie"_s, small, [](Scheme) { return pie(false); });
        row(u"ring"_s, small, [](Scheme) { return pie(true); });
        row(u"heatmap-linear"_s, wide, [](Scheme) { return heatmap(false); });
        row(u"heatmap-log"_s, wide, [](Scheme) { return heatmap(true); });
        row(u"statetimeline"_s, wide, timeline);
        row(u"statushistory"_s, wide, history);
    }

    void looksAsStored()
    {
        QFETCH(const QString, name);
        QFETCH(const QSize, size);
        QFETCH(const Maker, make);
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            wearForGolden(scheme);
            const std::unique_ptr<QWidget> widget = make(scheme);
            widget->setFixedSize(size);
            widget->show();
            const QString problem = compareWithGolden(*widget, u"figure-"_s + name + (scheme == Scheme::Dark ? u"-dark"_s : u"-light"_s));
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
        }
    }
};

QTEST_MAIN(TestFigureImages)
#include "tst_figureimages.moc"
