#include "ui/pages/dashboards/panelviews.h"

#include "backend/types/strings.h"
#include "models/dashboards/frametablemodel.h"
#include "ui/charts/barchartview.h"
#include "ui/charts/bargaugeview.h"
#include "ui/charts/gaugeview.h"
#include "ui/charts/heatmapview.h"
#include "ui/charts/piechartview.h"
#include "ui/charts/statetimelineview.h"
#include "ui/charts/statushistoryview.h"
#include "ui/charts/statview.h"
#include "ui/charts/timeseriesview.h"
#include "ui/pages/dashboards/chartpanel.h"
#include "ui/pages/dashboards/dashboardcolors.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/stateoverlay.h"

#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

void fill(QWidget *holder, QWidget *view)
{
    auto *layout = new QVBoxLayout(holder);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view);
}

class ChartView final : public PanelView {
public:
    ChartView(const Panel &panel, const QString &title, ChartGroup &group, QWidget *parent)
        : PanelView(parent)
        , m_panel(panel)
        , m_view(new TimeSeriesView(title, this))
    {
        m_view->setTitle(title, false);
        m_view->setGroup(&group);
        m_view->setEmptyText(tr("No data in this range"));
        fill(this, m_view);
    }

    void show(const PanelContent &content, qint64 from, qint64 to) override
    {
        showSeries(*m_view, m_panel, content.series);
        m_view->setRange(from, to);
    }
    TimeSeriesView *chart() const override { return m_view; }
    QByteArray toCsv() const override { return m_view->toCsv(); }

private:
    Panel m_panel;
    TimeSeriesView *m_view;
};

Figure figureOf(const ValueContent &value, const QPalette &palette)
{
    Figure figure;
    figure.name = value.name;
    figure.text = value.value.text.full();
    if (!std::isnan(value.value.number))
        figure.value = value.value.number;
    figure.color = dashboardColor(value.value.color, palette).value_or(QColor());
    double low = 0;
    double high = 0;
    for (const double number : value.history) {
        low = std::isnan(number) ? low : std::min(low, number);
        high = std::isnan(number) ? high : std::max(high, number);
    }
    const bool isShare = value.config.unit == u"percentunit"_s;
    figure.min = value.config.min.value_or(low);
    figure.max = value.config.max.value_or(isShare ? 1 : value.config.unit == u"percent"_s ? 100 : high > figure.min ? high : figure.min + 1);
    for (const DashboardThreshold &step : value.config.thresholds.steps) {
        const double at = step.value.value_or(-INFINITY);
        const double absolute = value.config.thresholds.isPercentage && std::isfinite(at) ? figure.min + at / 100 * (figure.max - figure.min) : at;
        figure.thresholds.append({absolute, dashboardColor(step.color, palette).value_or(QColor(Qt::transparent))});
    }
    figure.trend.assign(value.history.cbegin(), value.history.cend());
    return figure;
}

QVector<Figure> figuresOf(const PanelContent &content, const QPalette &palette)
{
    QVector<Figure> figures;
    for (const ValueContent &value : content.values)
        figures.append(figureOf(value, palette));
    return figures;
}

QByteArray csvOf(const PanelContent &content)
{
    QByteArray csv = "name,value\n";
    for (const ValueContent &value : content.values) {
        QString name = value.name;
        csv += '"' + name.replace(u'"', u"\"\""_s).toUtf8() + "\"," + QByteArray::number(value.value.number, 'g', 15) + '\n';
    }
    return csv;
}

/// Stat, gauge and bar gauge: figures in cells.
class FiguresView final : public PanelView {
public:
    FiguresView(FigureView *view, QWidget *parent)
        : PanelView(parent)
        , m_view(view)
    {
        fill(this, view);
    }

    void show(const PanelContent &content, qint64, qint64) override
    {
        m_content = content;
        m_view->setFigures(figuresOf(content, palette()));
    }
    QByteArray toCsv() const override { return csvOf(m_content); }

private:
    FigureView *m_view;
    PanelContent m_content;
};

FigureView *statOf(const QJsonObject &options, QWidget *parent)
{
    auto *view = new StatView(parent);
    const QString color = options.value("colorMode"_L1).toString(u"value"_s);
    view->setColorMode(color.startsWith(u"background"_s) ? StatColor::Background : color == u"none"_s ? StatColor::None : StatColor::Value);
    const QString text = options.value("textMode"_L1).toString();
    view->setTextMode(text == u"value"_s       ? StatText::Value
            : text == u"value_and_name"_s      ? StatText::ValueAndName
            : text == u"name"_s                ? StatText::Name
            : text == u"none"_s                ? StatText::None
                                               : StatText::Auto);
    view->setTrendShown(options.value("graphMode"_L1).toString(u"area"_s) == u"area"_s);
    const QString orientation = options.value("orientation"_L1).toString();
    if (orientation == u"horizontal"_s || orientation == u"vertical"_s)
        view->setOrientation(orientation == u"horizontal"_s ? Qt::Horizontal : Qt::Vertical);
    return view;
}

FigureView *gaugeOf(const Panel &panel, QWidget *parent)
{
    auto *view = new GaugeView(parent);
    view->setThresholdMarkers(panel.options.value("showThresholdMarkers"_L1).toBool(true));
    view->setThresholdLabels(panel.options.value("showThresholdLabels"_L1).toBool(),
        [unit = panel.field.unit, decimals = panel.field.decimals](double value) { return formatValue(value, unit, decimals).full(); });
    return view;
}

FigureView *barGaugeOf(const QJsonObject &options, QWidget *parent)
{
    auto *view = new BarGaugeView(parent);
    const QString mode = options.value("displayMode"_L1).toString();
    view->setMode(mode == u"lcd"_s ? BarGaugeMode::Lcd : mode == u"gradient"_s ? BarGaugeMode::Gradient : BarGaugeMode::Basic);
    view->setOrientation(options.value("orientation"_L1).toString() == u"vertical"_s ? Qt::Vertical : Qt::Horizontal);
    return view;
}

class PieView final : public PanelView {
public:
    PieView(const Panel &panel, QWidget *parent)
        : PanelView(parent)
        , m_view(new PieChartView(this))
    {
        m_view->setRing(panel.options.value("pieType"_L1).toString() == u"donut"_s);
        const QJsonObject legend = panel.options.value("legend"_L1).toObject();
        const bool isHidden = legend.value("displayMode"_L1).toString() == u"hidden"_s || !legend.value("showLegend"_L1).toBool(true);
        m_view->setLegend(isHidden ? LegendPlace::None : legend.value("placement"_L1).toString() == u"right"_s ? LegendPlace::Right : LegendPlace::Bottom);
        fill(this, m_view);
    }

    void show(const PanelContent &content, qint64, qint64) override
    {
        m_content = content;
        QVector<PieSlice> slices;
        for (const ValueContent &value : content.values) {
            const bool isFixed = value.config.colorMode == u"fixed"_s;
            slices.append({value.name, value.value.text.full(), std::isnan(value.value.number) ? 0 : value.value.number,
                isFixed ? dashboardColor(value.value.color, palette()) : std::nullopt});
        }
        m_view->setSlices(slices);
    }
    QByteArray toCsv() const override { return csvOf(m_content); }

private:
    PieChartView *m_view;
    PanelContent m_content;
};

class BarsView final : public PanelView {
public:
    BarsView(const Panel &panel, QWidget *parent)
        : PanelView(parent)
        , m_view(new BarChartView(this))
    {
        const QString stacking = panel.options.value("stacking"_L1).toString();
        m_view->setStacking(stacking == u"normal"_s ? StackMode::Normal : stacking == u"percent"_s ? StackMode::Percent : StackMode::None);
        m_view->setOrientation(panel.options.value("orientation"_L1).toString() == u"horizontal"_s ? Qt::Horizontal : Qt::Vertical);
        m_view->setValuesShown(panel.options.value("showValue"_L1).toString() == u"always"_s);
        AxisStyle axis;
        axis.format = [unit = panel.field.unit, decimals = panel.field.decimals](double value) { return formatValue(value, unit, decimals).full(); };
        m_view->setAxis(axis);
        fill(this, m_view);
    }

    // One bar a series where there is no table: its name is the category.
    void show(const PanelContent &content, qint64, qint64) override
    {
        m_content = content;
        QStringList categories;
        BarSeries series{{}, {}};
        for (const ValueContent &value : content.values) {
            categories.append(value.name);
            series.values.push_back(value.value.number);
        }
        m_view->setLegendShown(false);
        m_view->setData(categories, {series});
    }
    QByteArray toCsv() const override { return csvOf(m_content); }

private:
    BarChartView *m_view;
    PanelContent m_content;
};

class HeatView final : public PanelView {
public:
    HeatView(const Panel &panel, QWidget *parent)
        : PanelView(parent)
        , m_view(new HeatmapView(this))
    {
        const QString scheme = panel.options.value("color"_L1).toObject().value("scheme"_L1).toString();
        m_view->setRamp(scheme.contains(u"Blue"_s) ? Ramp::Blues : scheme.contains(u"Green"_s) ? Ramp::Greens : scheme.contains(u"Red"_s) ? Ramp::Reds : Ramp::Heat);
        fill(this, m_view);
    }

    void show(const PanelContent &content, qint64 from, qint64 to) override
    {
        const HeatContent &heat = content.heat;
        HeatmapData data;
        data.times.assign(heat.times.cbegin(), heat.times.cend());
        data.step = heat.times.size() > 1 ? heat.times.at(1) - heat.times.at(0) : 1;
        AxisStyle axis;
        axis.format = [unit = heat.unit](double value) { return formatValue(value, unit).full(); };
        axis.scale.kind = heat.isLogarithmic ? ScaleKind::Log : ScaleKind::Linear;
        const auto isEndless = [](double bound) { return !std::isfinite(bound); };
        if (std::ranges::any_of(heat.upper, isEndless) || std::ranges::any_of(heat.lower, isEndless) || heat.isLogarithmic) {
            for (const double bound : heat.upper)
                data.labels.append(std::isfinite(bound) ? axis.format(bound) : u"+Inf"_s);
        } else if (!heat.lower.isEmpty()) {
            data.bounds.push_back(heat.lower.constFirst());
            data.bounds.insert(data.bounds.end(), heat.upper.cbegin(), heat.upper.cend());
        }
        for (qsizetype column = 0; column < heat.times.size(); ++column) {
            for (const QVector<double> &counts : heat.counts)
                data.counts.push_back(counts.at(column));
        }
        m_view->setAxis(axis);
        m_view->setData(data);
        m_view->setRange(from, to);
    }

private:
    HeatmapView *m_view;
};

class StatesView final : public PanelView {
public:
    StatesView(StateTimelineView *view, const Panel &panel, QWidget *parent)
        : PanelView(parent)
        , m_view(view)
    {
        const QString values = panel.options.value("showValue"_L1).toString();
        m_view->setValuesShown(values != u"never"_s);
        fill(this, m_view);
    }

    void show(const PanelContent &content, qint64 from, qint64 to) override
    {
        QVector<StateRow> rows;
        for (const StateContent &lane : content.states) {
            StateRow row{lane.name, {}};
            for (const StatePeriod &period : lane.spans) {
                const QColor color = dashboardColor(period.value.color, palette()).value_or(tokenColor(Token::Series1, palette()));
                row.spans.append({period.from, period.to, period.value.text.full(), color});
            }
            rows.append(row);
        }
        m_view->setRows(rows);
        m_view->setRange(from, to);
    }

private:
    StateTimelineView *m_view;
};

class TableView final : public PanelView {
public:
    TableView(const QString &title, QWidget *parent)
        : PanelView(parent)
        , m_table(new DataTable(title, this))
    {
        m_table->setModel(&m_model);
        m_table->setSortingEnabled(true);
        m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
        fill(this, m_table);
    }

    void show(const PanelContent &content, qint64, qint64) override
    {
        const int columns = m_model.columnCount();
        m_model.setFrame(content.tables.isEmpty() ? Frame() : content.tables.constFirst());
        if (columns != m_model.columnCount())
            m_table->resizeColumnsToContents();
    }
    QByteArray toCsv() const override
    {
        QByteArray csv;
        for (int row = -1; row < m_model.rowCount(); ++row) {
            for (int column = 0; column < m_model.columnCount(); ++column) {
                QString cell = row < 0 ? m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()
                                       : m_model.index(row, column).data().toString();
                csv += (column > 0 ? ",\"" : "\"") + cell.replace(u'"', u"\"\""_s).toUtf8() + '"';
            }
            csv += '\n';
        }
        return csv;
    }

private:
    FrameTableModel m_model;
    DataTable *m_table;
};

class WordsView final : public PanelView {
public:
    explicit WordsView(QWidget *parent)
        : PanelView(parent)
        , m_text(new QTextBrowser(this))
    {
        m_text->setFrameShape(QFrame::NoFrame);
        m_text->setOpenLinks(false); // a text from elsewhere opens nothing by itself
        fill(this, m_text);
    }

    void show(const PanelContent &content, qint64, qint64) override
    {
        if (content.isMarkdown)
            m_text->setMarkdown(content.text);
        else
            m_text->setHtml(content.text);
    }

private:
    QTextBrowser *m_text;
};

} // namespace

PanelView *makePanelView(const Panel &panel, const QString &title, ChartGroup &group, QWidget *parent)
{
    const QString &type = panel.type;
    if (type == u"timeseries"_s)
        return new ChartView(panel, title, group, parent);
    if (type == u"stat"_s)
        return new FiguresView(statOf(panel.options, parent), parent);
    if (type == u"gauge"_s)
        return new FiguresView(gaugeOf(panel, parent), parent);
    if (type == u"bargauge"_s)
        return new FiguresView(barGaugeOf(panel.options, parent), parent);
    if (type == u"piechart"_s)
        return new PieView(panel, parent);
    if (type == u"barchart"_s)
        return new BarsView(panel, parent);
    if (type == u"heatmap"_s)
        return new HeatView(panel, parent);
    if (type == u"state-timeline"_s)
        return new StatesView(new StateTimelineView(parent), panel, parent);
    if (type == u"status-history"_s)
        return new StatesView(new StatusHistoryView(parent), panel, parent);
    if (type == u"table"_s || type == u"logs"_s)
        return new TableView(title, parent);
    return new WordsView(parent);
}

} // namespace countersign
