#pragma once

#include "backend/dashboards/dashboard.h"

#include <QMap>
#include <QString>
#include <QStringList>
#include <QVector>

namespace countersign {

/// A column of an answer.
struct FrameField {
    enum class Type { Time, Number, Text };
    QString name; ///< "Time", "Value", "Value #A", a label
    QMap<QString, QString> labels;
    Type type = Type::Number;
    QVector<double> numbers; ///< of Number, and of Time in milliseconds since 1970
    QStringList texts; ///< of Text
    QString legend; ///< as the query's legend format makes it; may be empty
    FieldConfig config; ///< with the overrides that match
    QString displayName; ///< what people read

    qsizetype size() const { return type == Type::Text ? texts.size() : numbers.size(); }
};

/// A table of columns of one length: one series, or what a table shows.
struct Frame {
    QString refId;
    QString name;
    QVector<FrameField> fields;

    qsizetype rows() const { return fields.isEmpty() ? 0 : fields.constFirst().size(); }
    /// Index of the first field of a type; -1: there is none.
    qsizetype find(FrameField::Type type) const;
};

} // namespace countersign
