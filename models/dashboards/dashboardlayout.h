#pragma once

#include "backend/dashboards/dashboard.h"
#include "backend/dashboards/interpolation.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QString>

namespace countersign {

/// A place on a dashboard: a panel or the heading of a row, as it stands once variables have values.
struct PanelSlot {
    QString key; ///< stays the same while its variables keep their values
    Panel panel; ///< without the panels of a row
    QString title; ///< with variables put in
    GridPosition grid;
    VariableValues scoped; ///< values of its own: where it is repeated
    bool isRow = false;
    bool isOpen = true; ///< of a row
};

/// Places all panels on the grid: repeated ones once for each value, those of closed rows left out, without holes where
/// something was left out. \a toggled: keys of rows that a person opened or closed against the file.
QList<PanelSlot> layOut(const Dashboard &dashboard, const InterpolationScope &scope, const QSet<QString> &toggled = {});

} // namespace countersign
