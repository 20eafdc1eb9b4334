#pragma once

#include "backend/dashboards/dashboard.h"

namespace countersign {

/// A panel in today's form (see legacypanels) as values; `fileType` is taken from the type.
Panel panelFromJson(const QJsonObject &json);

FieldConfig fieldConfigFromJson(const QJsonObject &defaults);
/// Changes one property of a field: what an override may name ("unit", "custom.fillOpacity", "color" …). False for one
/// that is not known.
bool applyProperty(FieldConfig &field, const QString &id, const QJsonValue &value);
DatasourceRef datasourceFromJson(const QJsonValue &value);
QList<DashboardLink> linksFromJson(const QJsonValue &value);

} // namespace countersign
