#pragma once

#include "backend/dashboards/dashboard.h"

namespace countersign {

DashboardVariable variableFromJson(const QJsonObject &json);

/// The options of a custom variable or an interval: comma-separated, "text : value" gives both, "\," is a comma.
QList<VariableOption> listedOptions(const QString &query);

} // namespace countersign
