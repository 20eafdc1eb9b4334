#pragma once

#include "backend/dashboards/dashboard.h"
#include "backend/dashboards/interpolation.h"

#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace countersign {

/// A query as it would be asked.
struct TargetCoverage {
    QString refId;
    QString expression; ///< of the file
    QString substituted;
    QString legend;
    PanelTarget::Format format = PanelTarget::Format::TimeSeries;
    bool isRange = true;
    bool isInstant = false;
    bool isHidden = false;
    QString language; ///< "promql", "logql"
    std::chrono::milliseconds step{};
    QStringList unknownVariables;
    QString reason; ///< why it is not asked; empty when it is
    std::optional<qsizetype> series; ///< of an evaluation
    QString error; ///< of an evaluation
};

struct PanelCoverage {
    int id = 0;
    QString title;
    QString row; ///< title of the row that it is under
    QString type;
    QString fileType;
    bool isSupported = true;
    QString reason;
    QStringList limits;
    QString unit;
    QString repeat;
    QList<TargetCoverage> targets;
};

struct VariableCoverage {
    QString name;
    QString kind;
    bool isSupported = true;
    QString reason;
    QString query; ///< with what it names put in
    QStringList values;
    QString source; ///< "file", "options", "default", "assumed", "prometheus", "given"
    QString error;
};

/// What an import understood of a dashboard, and what it did not.
struct Coverage {
    QString uid;
    QString title;
    int schemaVersion = 0;
    QString from;
    QString to;
    QList<PanelCoverage> panels; ///< without rows
    QList<VariableCoverage> variables;
    QStringList annotations; ///< "name: supported", or why not
    QStringList notes;

    qsizetype supported() const; ///< of the panels
    QJsonObject toJson() const;
};

struct CoverageInput {
    InterpolationScope scope; ///< values of all variables, range, and the dashboard's own intervals
    QHash<QString, QString> sources; ///< of the values, by variable
    int width = 1'000; ///< pixels of a panel over the whole width
    std::chrono::milliseconds scrapeInterval{15'000};
};

Coverage coverageOf(const Dashboard &dashboard, const CoverageInput &input);

/// The scope in which a panel's queries stand: its own steps over the dashboard's values. `width` in pixels.
InterpolationScope panelScope(const Panel &panel, const PanelTarget &target, const InterpolationScope &dashboard, int width,
    std::chrono::milliseconds scrapeInterval);

} // namespace countersign
