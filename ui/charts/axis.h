#pragma once

#include <QString>
#include <QVector>

namespace countersign {

struct AxisTick {
    double value;
    QString label;
};

struct ValueAxis {
    double min = 0;
    double max = 1;
    QVector<AxisTick> ticks;
};

/// Round bounds and steps (1, 2, 5 x 10^n) around [min, max], at most `wanted` intervals; a flat range is given height.
ValueAxis niceAxis(double min, double max, int wanted);
/// Ticks at round UTC times inside [from, to] (milliseconds), labelled as finely as their step needs.
QVector<AxisTick> timeTicks(qint64 from, qint64 to, int wanted);
/// Short figure for axis and legend: 12.4 k, 0.031, 3.2 M.
QString shortNumber(double value);

}
