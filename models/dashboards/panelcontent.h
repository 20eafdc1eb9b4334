#pragma once

#include "backend/dashboards/interpolation.h"
#include "backend/metrics/prometheusreply.h"
#include "models/dashboards/display.h"
#include "models/dashboards/frame.h"

#include <QList>
#include <QString>
#include <QVector>

#include <optional>

namespace countersign {

/// One line of a chart.
struct SeriesContent {
    QString name;
    QVector<qint64> times; ///< milliseconds since 1970, ascending
    QVector<double> values; ///< NaN is a gap
    FieldConfig config;
};

/// One value of a stat, a gauge, a bar or a slice.
struct ValueContent {
    QString name;
    DisplayValue value;
    FieldConfig config;
    QVector<qint64> times; ///< of its history, where a panel shows it
    QVector<double> history;
};

struct StatePeriod {
    qint64 from = 0;
    qint64 to = 0;
    DisplayValue value;
};

/// One lane of a state timeline or a status history.
struct StateContent {
    QString name;
    QVector<StatePeriod> spans;
};

/// Buckets over time, not cumulative.
struct HeatContent {
    QVector<qint64> times;
    QVector<double> lower; ///< bounds of the buckets, ascending; lower[0] may be minus infinity
    QVector<double> upper; ///< the last may be infinite
    QVector<QVector<double>> counts; ///< by bucket, then by time
    QString unit;
    bool isLogarithmic = false; ///< bounds that grow by a factor
};

/// What a panel shows, ready to be drawn.
struct PanelContent {
    enum class Kind { None, Series, Values, Table, Heat, States, Text, Logs, Alerts, Dashboards, Unsupported };
    Kind kind = Kind::None;
    QList<SeriesContent> series;
    QList<ValueContent> values;
    QList<StateContent> states;
    QList<Frame> tables;
    HeatContent heat;
    QString text; ///< of Text; why, of Unsupported
    bool isMarkdown = true;
    bool isEmpty() const;
};

/// What one query of a panel answered.
struct TargetAnswer {
    PanelTarget target;
    QString legendFormat; ///< with its variables put in
    PrometheusResult result;
    std::chrono::milliseconds step{}; ///< of the range that was asked
};

/// What a panel makes of its answers: frames, transformed, with fields configured, in the form that its type draws. \a
/// scope: for texts and overrides that name variables.
PanelContent contentOf(const Panel &panel, const QList<TargetAnswer> &answers, const InterpolationScope &scope);

} // namespace countersign
