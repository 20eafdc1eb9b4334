#pragma once

#include "models/dashboards/frame.h"
#include "models/dashboards/units.h"

namespace countersign {

/// A value as a panel shows it: text by mapping or unit, colour by mapping or threshold. Colours are names or codes as the
/// dashboard has them ("green", "dark-red", "#73BF69", "rgba(…)"); empty: none of its own.
struct DisplayValue {
    FormattedValue text;
    QString color;
    double number = 0; ///< NaN where there is none
    std::optional<double> share; ///< of the way from min to max, 0 to 1; absent without both
};

/// \a low and \a high: bounds where the field says none (of percent thresholds and shares).
DisplayValue displayOf(double value, const FieldConfig &field, std::optional<double> low = {}, std::optional<double> high = {});
DisplayValue displayOf(const QString &text, const FieldConfig &field);

/// The threshold that a value is at; null when there are none.
const DashboardThreshold *thresholdAt(double value, const FieldConfig &field, std::optional<double> low = {}, std::optional<double> high = {});

} // namespace countersign
