#pragma once

#include "backend/dashboards/intervals.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace countersign {

/// A variable with the values that it has now.
struct VariableValue {
    QStringList values; ///< never empty for one that is set
    QStringList texts; ///< as people read them; may be empty: the values
    bool isMulti = false; ///< several or all may be chosen: its values are escaped for a regular expression
    bool isVerbatim = false; ///< the "all" value of the file: nothing is escaped
    bool isAssumed = false; ///< nobody knows it: it matches everything
    friend bool operator==(const VariableValue &, const VariableValue &) = default;
};

using VariableValues = QHash<QString, VariableValue>;

/// How a value without a format of its own is written.
enum class DefaultFormat {
    Prometheus, ///< escaped for a text in PromQL, several as "(a|b)"
    Text, ///< as people read it: titles, links' labels
};

/// Everything that a text may name besides the dashboard's own variables.
struct InterpolationScope {
    VariableValues variables;
    Intervals intervals; ///< $__interval, $__rate_interval, $__range
    Timestamp from; ///< $__from
    Timestamp to; ///< $__to
    QString dashboardTitle; ///< $__dashboard
};

struct Interpolated {
    QString text;
    QStringList unknown; ///< variables that nobody has set; they stay in the text as they are
};

/// Puts values in the place of $name, ${name}, ${name:format}, ${name.text} and [[name]] (Grafana's templating: formats csv,
/// pipe, regex, raw, glob, json, queryparam, percentencode, singlequote, doublequote, sqlstring, text, date, distributed,
/// lucene, join). Values are not looked through again.
Interpolated interpolate(const QString &text, const InterpolationScope &scope, DefaultFormat format = DefaultFormat::Prometheus);

/// Names of the variables in a text, in their order, each once.
QStringList variablesIn(const QString &text);

/// Escapes for a PromQL text in double quotes that is a regular expression.
QString promRegexEscaped(const QString &value);

} // namespace countersign
