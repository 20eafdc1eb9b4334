#pragma once

#include "backend/dashboards/dashboard.h"
#include "backend/types/error.h"

#include <QByteArray>

namespace countersign {

inline constexpr qsizetype maxDashboardBytes = 32 * 1024 * 1024;
inline constexpr qsizetype maxDashboardPanels = 2'000;

/// Reads a dashboard of Grafana: the classic schema with panels or the old rows, as it is saved, exported for sharing
/// (__inputs), or answered by its API ({"dashboard": …}, {"spec": …}). Old panels are converted. What a panel lacks gets
/// Grafana's default; what has a wrong type is left out. Errors: Invalid with what is wrong, Exhausted beyond the limits,
/// Unsupported for the schema of elements and layouts.
Result<Dashboard> readDashboard(const QByteArray &json);

/// One panel alone, for what has been edited.
Panel readPanel(const QJsonObject &json);

} // namespace countersign
