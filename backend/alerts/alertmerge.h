#pragma once

#include "backend/alerts/alert.h"

#include <QString>
#include <QStringList>
#include <QVector>

namespace countersign {

/// What one Alertmanager said last.
struct ManagerView {
    QString id;
    AlertmanagerStatus status; ///< whose peers tell which managers are one cluster
    QVector<Alert> alerts;
    QVector<Silence> silences;
    bool isLive = false; ///< its last answer is new
    Timestamp asOf; ///< of its last answer; null: there was none
};

/// One alert, however many managers show it.
struct MergedAlert {
    Alert alert; ///< as the manager with the newest word shows it; active where any cluster has it so
    QStringList managers; ///< ids of those that show it
    bool isStale = false; ///< none of them answers now
    Timestamp asOf; ///< of the newest of their answers
};

/// One silence of one cluster.
struct MergedSilence {
    Silence silence;
    QString cluster;
    qsizetype matches = 0; ///< present alerts that its matchers hold for
    bool isStale = false;
};

struct MergedView {
    QVector<MergedAlert> alerts; ///< ordered by fingerprint
    QVector<MergedSilence> silences; ///< active and pending by their end, then the expired
};

/// The name of each view's cluster: the same for managers that know each other as peers; a manager without peers is one by itself.
QStringList clustersOf(const QVector<ManagerView> &views);

/// Puts together what several managers say. In a cluster the members that answer speak for it; one that has fallen silent counts only where no
/// member answers.
MergedView mergeViews(const QVector<ManagerView> &views);

} // namespace countersign
