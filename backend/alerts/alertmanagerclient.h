#pragma once

#include "backend/alerts/alertmanagerreply.h"
#include "backend/rpc/httpaccess.h"
#include "backend/rpc/httpclient.h"

#include <QCoroTask>

#include <chrono>
#include <stop_token>

namespace countersign {

/// Asks one Alertmanager by its API v2. What changes something is sent once or not at all.
class AlertmanagerClient final
{
public:
    /// `access.base`: where /api/v2 stands below. `http` outlives this object.
    AlertmanagerClient(HttpClient &http, HttpAccess access, AlertmanagerLimits limits = {});

    const QUrl &base() const { return m_access.base; }
    void setDeadline(std::chrono::milliseconds deadline) { m_deadline = deadline; }

    QCoro::Task<Result<AlertmanagerStatus>> status(std::stop_token stop = {});
    QCoro::Task<Result<QStringList>> receivers(std::stop_token stop = {});
    /// All, the silenced and inhibited ones as well. `filters`: "severity=\"critical\"", all must hold.
    QCoro::Task<Result<QVector<Alert>>> alerts(QStringList filters = {}, std::stop_token stop = {});
    QCoro::Task<Result<QVector<AlertGroup>>> alertGroups(std::stop_token stop = {});
    /// Expired ones as well, as long as the server keeps them.
    QCoro::Task<Result<QVector<Silence>>> silences(std::stop_token stop = {});

    /// Creates it, or changes the one whose id it has; answers its id, another than before when the server had to end the old one.
    QCoro::Task<Result<QString>> setSilence(Silence silence, std::stop_token stop = {});
    /// Ends it now. NotFound when there is none.
    QCoro::Task<Result<void>> expireSilence(QString id, std::stop_token stop = {});

private:
    QCoro::Task<Result<HttpReply>> get(QString path, QList<std::pair<QString, QString>> fields, std::stop_token stop);
    Result<HttpOptions> options() const;

    HttpClient &m_http;
    HttpAccess m_access;
    AlertmanagerLimits m_limits;
    std::chrono::milliseconds m_deadline{10'000};
};

} // namespace countersign
