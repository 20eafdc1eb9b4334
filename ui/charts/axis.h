#pragma once

#include "ui/charts/chartstyle.h"

#include <QString>
#include <QVector>

#include <functional>

namespace countersign {

struct AxisTick {
    double value;
    QString label;
};

struct ValueAxis {
    double min = 0;
    double max = 1;
    QVector<AxisTick> ticks = {};
    AxisScale scale = {};

    /// 0 at min, 1 at max, along the scale; below 0 what a logarithm cannot show.
    double share(double value) const;
    double valueAt(double share) const;
};

/// Where `value` lies along `scale`, in units of its own: the logarithm, the value itself. -infinity for what a
/// logarithm has no place for.
double alongScale(const AxisScale &scale, double value);
double fromAlongScale(const AxisScale &scale, double along);

/// Round bounds and steps (1, 2, 5 x 10^n) around [min, max], at most `wanted` intervals; a flat range is given height.
ValueAxis niceAxis(double min, double max, int wanted);
/// The same on any scale and with labels of its own; hard bounds are kept to the digit. \a style's format labels.
ValueAxis makeAxis(const AxisStyle &style, double min, double max, int wanted);
/// Ticks at round UTC times inside [from, to] (milliseconds), labelled as finely as their step needs.
QVector<AxisTick> timeTicks(qint64 from, qint64 to, int wanted);
/// Short figure for axis and legend: 12.4 k, 0.031, 3.2 M.
QString shortNumber(double value);

}
