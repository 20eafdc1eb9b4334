#pragma once

#include <QString>

#include <optional>

namespace countersign {

/// A value as a unit has it shown.
struct FormattedValue {
    QString prefix;
    QString text;
    QString suffix; ///< with the blank before it
    QString full() const { return prefix + text + suffix; }
    friend bool operator==(const FormattedValue &, const FormattedValue &) = default;
};

/// A number in a unit of Grafana (its documented value formats: "short", "bytes", "s", "percentunit", "reqps" …, and the
/// forms "prefix:", "suffix:", "si:", "time:", "count:", "currency:", "bool:"). What is not known is a suffix of its own, as
/// there. \a decimals absent: as many as the size of the number asks for. NaN and infinities are said by name.
FormattedValue formatValue(double value, const QString &unit, std::optional<int> decimals = {});

/// Whether the unit is one that scales or is named, and no free text.
bool isKnownUnit(const QString &unit);

/// Grafana's number of decimals for a value that says none, and its fixed text.
int decimalsFor(double value);
QString fixedText(double value, std::optional<int> decimals);

} // namespace countersign
