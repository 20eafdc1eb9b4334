#pragma once

#include "backend/metrics/prometheusreply.h"
#include "backend/rpc/httpclient.h"

#include <QCoroTask>
#include <QUrl>

#include <chrono>
#include <stop_token>

namespace countersign {

/// Asks a Prometheus, or whatever speaks its HTTP API v1 (Thanos, Mimir under its prefix). Expressions travel in the body, so that their
/// length has no limit but the server's.
class PrometheusClient final
{
public:
    /// `base`: where /api/v1 stands below. `http` outlives this object.
    PrometheusClient(HttpClient &http, QUrl base, PrometheusLimits limits = {});

    const QUrl &base() const { return m_base; }
    /// Deadline of every exchange.
    void setDeadline(std::chrono::milliseconds deadline) { m_deadline = deadline; }

    /// The value of an expression now, or at a time.
    QCoro::Task<Result<PrometheusResult>> query(QString expression, std::optional<Timestamp> time = {}, std::stop_token stop = {});
    /// The values from start to end, both included. Invalid without asking when there would be more than 11,000 steps.
    QCoro::Task<Result<PrometheusResult>> queryRange(QString expression, Timestamp start, Timestamp end, std::chrono::milliseconds step,
                                                     std::stop_token stop = {});
    QCoro::Task<Result<QVector<PrometheusTarget>>> targets(std::stop_token stop = {});
    /// Whether it is ready to answer.
    QCoro::Task<Result<bool>> ready(std::stop_token stop = {});

private:
    QUrl endpoint(const QString &path) const;
    HttpOptions options() const;

    HttpClient &m_http;
    QUrl m_base;
    PrometheusLimits m_limits;
    std::chrono::milliseconds m_deadline{10'000};
};

} // namespace countersign
