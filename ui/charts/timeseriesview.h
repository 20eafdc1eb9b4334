#pragma once

#include "ui/charts/axis.h"
#include "ui/charts/timeseries.h"
#include "ui/theme/tokens.h"

#include <QImage>
#include <QWidget>

#include <functional>
#include <optional>
#include <vector>

namespace countersign {

/// Lines over time: each pixel column shows the extrema of its samples, so that no spike is lost and a frame costs the
/// same with a thousand samples as with ten million. Follows the newest sample unless a fixed range is set. Arrow keys
/// move the crosshair.
class TimeSeriesView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimeSeriesView)

public:
    enum class Shape { Chart, Sparkline };

    explicit TimeSeriesView(const QString &title, QWidget *parent = nullptr);

    /// Sparkline draws the line alone, without axes, legend or crosshair.
    void setShape(Shape shape);
    void setFormat(std::function<QString(double)> format);
    /// Lowest and highest value that the axis always shows.
    void setFloor(std::optional<double> floor);
    void setCeiling(std::optional<double> ceiling);

    int addSeries(const QString &name);
    int addSeries(const QString &name, Token color);
    int seriesCount() const { return static_cast<int>(m_lines.size()); }
    void append(int series, std::span<const qint64> times, std::span<const float> values);
    void append(int series, qint64 time, float value) { append(series, {&time, 1}, {&value, 1}); }
    void replace(int series, std::span<const qint64> times, std::span<const float> values);
    void clear();

    /// Shows the last `milliseconds` before the newest sample; 0 shows everything.
    void follow(qint64 milliseconds);
    void setRange(qint64 from, qint64 to);
    void setEmptyText(const QString &text);

    bool isEmpty() const;
    /// What a screen reader says: title, then last, lowest and highest value of each series.
    QString accessibleSummary() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void crosshairMoved(qint64 time);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    struct Line {
        QString name;
        Token color;
        TimeSeries series;
    };
    struct Span {
        qint64 from = 0;
        qint64 to = 1;
    };
    struct Column {
        float low;
        float high;
        bool filled;
    };

    Span span() const;
    QRect plotRect() const;
    ValueAxis valueAxis(const Span &range) const;
    void paintAxes(QPainter &painter, const QRect &plot, const Span &range, const ValueAxis &axis) const;
    void paintLegend(QPainter &painter) const;
    void paintDense(const Line &line, std::size_t begin, std::size_t end, const Span &range, const ValueAxis &axis);
    void paintSparse(QPainter &painter, const Line &line, std::size_t begin, std::size_t end, const QRect &plot,
        const Span &range, const ValueAxis &axis) const;
    void moveCrosshair(std::optional<qint64> time);
    QString legendValue(const Line &line) const;

    QString m_title;
    QString m_emptyText;
    Shape m_shape = Shape::Chart;
    std::vector<Line> m_lines;
    std::vector<Column> m_columns;
    QImage m_canvas;
    std::function<QString(double)> m_format = shortNumber;
    std::optional<double> m_floor;
    std::optional<double> m_ceiling;
    std::optional<Span> m_fixed;
    std::optional<qint64> m_crosshair;
    qint64 m_window = 0;
};

}
