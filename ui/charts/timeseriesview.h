#pragma once

#include "ui/charts/axis.h"
#include "ui/charts/chartgroup.h"
#include "ui/charts/chartpainter.h"
#include "ui/charts/charttooltip.h"

#include <QPixmap>
#include <QPointer>
#include <QWidget>

#include <functional>
#include <optional>

namespace countersign {

enum class TooltipMode { All, Nearest, None };
enum class TooltipOrder { Descending, Ascending, AsDrawn };

/// Series over time: each pixel column shows the extrema of its samples, so that no spike is lost and a frame costs the
/// same with a thousand samples as with a hundred million. Follows the newest sample unless a fixed range is set.
///
/// Keys: Left and Right move the crosshair, with Shift they mark a range that Return zooms to, with Ctrl they move the
/// range; Home, End; + and - zoom, Backspace goes back; Up and Down choose a series, Space shows it alone, Ctrl+Space
/// hides it; Ctrl+C copies its value, Ctrl+Shift+C all; F freezes, W shows the week before, Esc lets go.
class TimeSeriesView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeSeriesView)

public:
    enum class Shape { Chart, Sparkline };

    explicit TimeSeriesView(const QString &title, QWidget *parent = nullptr);
    ~TimeSeriesView() override;

    /// Sparkline draws the line alone, without axes, legend or crosshair.
    void setShape(Shape shape);
    /// Shown in the header; the accessible name keeps it where \a shown is false.
    void setTitle(const QString &title, bool shown = true);
    /// Of the left axis.
    void setFormat(std::function<QString(double)> format);
    /// Lowest and highest value that the left axis always shows.
    void setFloor(std::optional<double> floor);
    void setCeiling(std::optional<double> ceiling);
    void setAxis(AxisSide side, const AxisStyle &style);
    void setThresholds(const ThresholdStyle &thresholds);
    void setAnnotations(const QVector<ChartAnnotation> &annotations);
    void setLegend(const LegendStyle &legend);
    void setTooltip(TooltipMode mode, TooltipOrder order = TooltipOrder::Descending);
    /// Also shows the tooltip while the pointer is on another chart of the group.
    void setTooltipShared(bool shared) { m_tooltipShared = shared; }

    int addSeries(const QString &name, const SeriesStyle &style = {});
    int addSeries(const QString &name, Token color);
    int seriesCount() const { return static_cast<int>(m_scene.lines.size()); }
    void setSeriesStyle(int series, const SeriesStyle &style);
    void append(int series, std::span<const qint64> times, std::span<const float> values);
    void append(int series, std::span<const qint64> times, std::span<const double> values);
    void append(int series, qint64 time, float value) { append(series, {&time, 1}, std::span(&value, 1)); }
    void replace(int series, std::span<const qint64> times, std::span<const float> values);
    void replace(int series, std::span<const qint64> times, std::span<const double> values);
    /// The same series of an earlier time, whose times are `shift` milliseconds later than they were.
    void setGhost(int series, std::span<const qint64> times, std::span<const double> values, qint64 shift);
    void clear();

    /// Shows the last `milliseconds` before the newest sample; 0 shows everything.
    void follow(qint64 milliseconds);
    void setRange(qint64 from, qint64 to);
    /// What is shown now, zoomed or not.
    TimeSpan range() const;
    void setEmptyText(const QString &text);
    /// Data that are too old: hatched under `text`, which says how old; empty: fresh again.
    void setStale(const QString &text);
    /// Stands still while data go on to come in.
    void setFrozen(bool frozen);
    bool isFrozen() const { return m_frozen.has_value(); }
    void setGhostShown(bool shown);
    bool isGhostShown() const { return m_scene.ghost; }
    /// Shares crosshair and zoom; nullptr: alone again. The group outlives the view.
    void setGroup(ChartGroup *group);
    ChartGroup *group() const { return m_group; }

    bool isEmpty() const { return m_scene.isEmpty(); }
    bool isSeriesShown(int series) const;
    /// Shows one series alone; once more, or -1: all.
    void isolate(int series);
    void toggle(int series);
    /// What a screen reader says: title, then last, lowest and highest value of each series.
    QString accessibleSummary() const;
    /// The value of the chosen or nearest series at the crosshair, with all its digits; empty without one.
    QString valueText() const;
    /// Time, then name and value of each shown series at the crosshair, as lines with tabs.
    QString rowsText() const;

    QByteArray toPng(const QSize &size, qreal ratio) const;
    QByteArray toSvg(const QSize &size) const;
    QByteArray toCsv() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void crosshairMoved(qint64 time);
    /// The person asked for the same one week earlier (or no more): answer with setGhost.
    void ghostWanted(bool wanted);
    void frozenChanged(bool frozen);
    void annotationActivated(int index);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Reading {
        std::size_t line;
        double value;
    };

    void refresh(); ///< what is drawn has changed
    ChartLine &line(int series) { return m_scene.lines[static_cast<std::size_t>(series)]; }
    template<typename T> void take(int series, std::span<const qint64> times, std::span<const T> values);
    void paintOverlay(QPainter &painter) const;
    std::optional<qint64> crosshair() const;
    void moveCrosshair(std::optional<qint64> time);
    void crosshairChanged(std::optional<qint64> time);
    void showTooltip(const QPoint &at);
    void hideTooltip();
    QVector<Reading> readings() const;
    std::optional<Reading> chosen() const;
    void zoomAround(double share, double factor);
    void pan(double share);
    void finishBrush();
    void chooseSeries(int step);
    bool handleNavigation(QKeyEvent *event);
    bool handleCommand(QKeyEvent *event);

    ChartScene m_scene;
    ChartPainter m_chart;
    QPixmap m_cache; ///< of what is under the crosshair, once the chart is only looked at
    bool m_changed = true;
    QString m_title;
    ChartGroup m_own;
    ChartGroup *m_group = nullptr;
    QPointer<ChartTooltip> m_tooltip;
    TooltipMode m_tooltipMode = TooltipMode::All;
    TooltipOrder m_tooltipOrder = TooltipOrder::Descending;
    bool m_tooltipShared = false;
    std::optional<TimeSpan> m_fixed;
    std::optional<TimeSpan> m_frozen;
    std::optional<TimeSpan> m_brush; ///< anchor and end, in either order
    std::optional<QPoint> m_pressed;
    QPoint m_pointer;
    qint64 m_window = 0;
    int m_focusedLine = -1;
    int m_alone = -1;
};

}
