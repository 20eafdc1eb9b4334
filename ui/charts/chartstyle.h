#pragma once

#include "models/charts/reducers.h"

#include <QColor>
#include <QString>
#include <QVector>

#include <functional>
#include <optional>

namespace countersign {

enum class DrawStyle { Line, Bars, Points };
enum class Interpolation { Linear, StepBefore, StepAfter, Smooth };
enum class PointMode { Auto, Always, Never }; ///< Auto: where samples stand far apart
enum class LinePattern { Solid, Dash, Dot, DashDot };
enum class StackMode { None, Normal, Percent };
enum class AxisSide { Left, Right, Hidden }; ///< Hidden has a scale of its own that is not shown

/// How one series is drawn.
struct SeriesStyle {
    DrawStyle draw = DrawStyle::Line;
    Interpolation interpolation = Interpolation::Linear;
    double lineWidth = 1.4; ///< pixels; 0 draws no line
    std::optional<int> fillOpacity = std::nullopt; ///< 0 to 100; absent: a faint one under a line that is alone
    bool gradient = false; ///< the fill fades towards its base
    PointMode points = PointMode::Auto;
    double pointSize = 5; ///< diameter in pixels
    bool spanNulls = false; ///< a gap is bridged ...
    std::optional<qint64> spanNullsUpTo = std::nullopt; ///< ... where it lasts at most so many milliseconds
    std::optional<LinePattern> pattern = std::nullopt; ///< absent: by place, so that more than eight stay apart
    StackMode stack = StackMode::None;
    QString stackGroup = {};
    bool negative = false; ///< drawn upside down, labelled by its own value
    AxisSide axis = AxisSide::Left;
    std::optional<QColor> color = std::nullopt; ///< absent: from the palette, by place
    bool inLegend = true;
    bool inTooltip = true;
    bool visible = true;
};

enum class ScaleKind { Linear, Log, SymLog };

struct AxisScale {
    ScaleKind kind = ScaleKind::Linear;
    double base = 10; ///< of a logarithm
    double linearUpTo = 1; ///< SymLog is linear between minus and plus this
    bool operator==(const AxisScale &) const = default;
};

struct AxisStyle {
    QString label = {};
    AxisScale scale = {};
    std::optional<double> min = std::nullopt; ///< hard: what lies beyond is cut
    std::optional<double> max = std::nullopt;
    std::optional<double> softMin = std::nullopt; ///< always shown, data may go beyond
    std::optional<double> softMax = std::nullopt;
    std::function<QString(double)> format = {}; ///< absent: shortNumber
};

/// From `value` upwards `color` holds, until the next; the first may begin at minus infinity.
struct ThresholdStep {
    double value;
    QColor color;
};

struct ThresholdStyle {
    QVector<ThresholdStep> steps = {};
    bool lines = false;
    bool dashed = false;
    bool areas = false;
};

struct ChartAnnotation {
    qint64 from;
    qint64 to; ///< == from: an instant
    QString text;
    QColor color;
    bool operator==(const ChartAnnotation &) const = default;
};

enum class LegendPlace { Header, Bottom, Right, None }; ///< Header: one line beside the title

struct LegendStyle {
    LegendPlace place = LegendPlace::Header;
    bool table = false;
    QVector<Reducer> columns = {};
};

/// Milliseconds since 1970 UTC.
struct TimeSpan {
    qint64 from = 0;
    qint64 to = 1;
    bool operator==(const TimeSpan &) const = default;
    double length() const { return double(to - from); }
};

}
