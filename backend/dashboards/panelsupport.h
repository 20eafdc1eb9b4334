#pragma once

#include "backend/dashboards/dashboard.h"

#include <QString>
#include <QStringList>

namespace countersign {

/// Whether and how far a panel can be drawn.
struct PanelSupport {
    bool isSupported = true;
    QString reason; ///< why not; empty when it is
    QStringList limits; ///< what of it is left out although it is drawn
};

PanelSupport supportOf(const Panel &panel);

/// Whether a data source can be asked; empty when it can, else the reason. \a types: of variables and inputs that name data
/// sources, by their reference ("$datasource" or "${DS_PROMETHEUS}"), "prometheus" or "loki".
QString whyNotAsked(const DatasourceRef &datasource, const QHash<QString, QString> &types);

/// The type of each data source that a dashboard names by a variable or an input.
QHash<QString, QString> datasourceTypes(const Dashboard &dashboard);

/// What a target is asked with: the panel's data source where it has none of its own, or is mixed.
DatasourceRef datasourceOf(const Panel &panel, const PanelTarget &target);

/// Whether panels of this type show what queries answer.
bool asksServers(const QString &type);

bool isKnownTransformation(const QString &id);
bool isKnownMatcher(const QString &id);

} // namespace countersign
