#pragma once

#include "backend/types/timestamp.h"

#include <QMap>
#include <QString>
#include <QStringList>
#include <QUrl>
#include <QVector>

#include <optional>

namespace countersign {

using AlertLabels = QMap<QString, QString>;

/// An alert as one Alertmanager shows it (API v2).
struct Alert {
    enum class State { Unprocessed, Active, Suppressed };
    QString fingerprint; ///< of its labels: the same at every Alertmanager
    AlertLabels labels; ///< "alertname", "severity", ...
    AlertLabels annotations;
    Timestamp startsAt; ///< when it began to fire: after the rule's "for"
    Timestamp updatedAt;
    Timestamp endsAt;
    QUrl generatorUrl; ///< the expression, at the Prometheus that sent it
    QStringList receivers;
    State state = State::Unprocessed;
    QStringList silencedBy; ///< ids of silences
    QStringList inhibitedBy; ///< fingerprints of alerts
    QStringList mutedBy; ///< names of time intervals; from 0.28 on

    QString name() const { return labels.value(QStringLiteral("alertname")); }
    QString severity() const { return labels.value(QStringLiteral("severity")); }
    bool operator==(const Alert &) const = default;
};

struct AlertGroup {
    AlertLabels labels; ///< by which its alerts are grouped
    QString receiver;
    QVector<Alert> alerts;
};

/// One condition of a silence on a label. A label that an alert does not have is the empty text.
struct SilenceMatcher {
    QString name;
    QString value;
    bool isRegex = false; ///< the whole value must match
    bool isEqual = true; ///< false: it must not be, or not match
    bool operator==(const SilenceMatcher &) const = default;
};

struct Silence {
    enum class State { Pending, Active, Expired };
    QString id; ///< empty: not created yet
    QVector<SilenceMatcher> matchers; ///< all of them must hold
    Timestamp startsAt;
    Timestamp endsAt;
    Timestamp updatedAt;
    QString createdBy;
    QString comment;
    State state = State::Active;
    bool operator==(const Silence &) const = default;
};

struct AlertmanagerStatus {
    QString clusterState; ///< ready, settling, disabled
    QString clusterName; ///< of this member
    QStringList peers; ///< names of all members, sorted
    QString version;
    QString configuration; ///< YAML, the secrets left out by the server
    Timestamp startedAt;
};

} // namespace countersign
