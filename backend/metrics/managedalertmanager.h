#pragma once

#include "backend/metrics/keptserver.h"

#include <QObject>
#include <QUrl>

namespace countersign {

struct ManagedAlertmanagerSettings {
    QString program = QStringLiteral("prometheus-alertmanager");
    QString folder; ///< for its configuration, silences and its log of notifications; made when it is not there
    QByteArray configuration = {}; ///< YAML; empty: alerts are grouped by name, shown, and sent to nobody
};

/// Debian's Alertmanager as a child of the console, beside the Prometheus that the console runs: on a free port of the loopback, alone, without
/// a cluster. Debian's own service of that name is not used.
class ManagedAlertmanager final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ManagedAlertmanager)

public:
    /// `clock` outlives this object.
    ManagedAlertmanager(ManagedAlertmanagerSettings settings, const Clock &clock, QObject *parent = nullptr);

    void start() { m_server.start(); }
    void stop() { m_server.stop(); }

    const QUrl &url() const { return m_server.url(); }
    const SourceStatus &status() const { return m_server.status(); }
    qint64 processId() const { return m_server.processId(); }

signals:
    void ready(const QUrl &url);
    void statusChanged(const countersign::SourceStatus &status);

private:
    Result<QStringList> prepare() const;

    ManagedAlertmanagerSettings m_settings;
    KeptServer m_server;
};

} // namespace countersign
