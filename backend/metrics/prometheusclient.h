#pragma once

#include "backend/metrics/prometheuscatalogue.h"
#include "backend/metrics/prometheusreply.h"
#include "backend/metrics/prometheusrules.h"
#include "backend/rpc/httpaccess.h"
#include "backend/rpc/httpclient.h"

#include <QCoroTask>
#include <QUrl>

#include <chrono>
#include <optional>
#include <stop_token>

namespace countersign {

/// Which part of a Prometheus' memory a question is about.
struct PrometheusSelection {
    QStringList matchers = {}; ///< "up{job=\"relayer\"}"; several are alternatives
    std::optional<Timestamp> start = {};
    std::optional<Timestamp> end = {};
    int limit = 0; ///< 0: none; servers before version 3 do not know it
};

/// Asks a Prometheus, or whatever speaks its HTTP API v1 (Thanos, Mimir under its prefix). Expressions travel in the body, so that their
/// length has no limit but the server's. Large answers are read on another thread.
class PrometheusClient final
{
public:
    /// `base`: where /api/v1 stands below. `http` outlives this object.
    PrometheusClient(HttpClient &http, QUrl base, PrometheusLimits limits = {});
    PrometheusClient(HttpClient &http, HttpAccess access, PrometheusLimits limits = {});

    const QUrl &base() const { return m_access.base; }
    /// Deadline of every exchange.
    void setDeadline(std::chrono::milliseconds deadline) { m_deadline = deadline; }

    /// The value of an expression now, or at a time.
    QCoro::Task<Result<PrometheusResult>> query(QString expression, std::optional<Timestamp> time = {}, std::stop_token stop = {});
    /// The values from start to end, both included. Invalid without asking when there would be more than 11,000 steps.
    QCoro::Task<Result<PrometheusResult>> queryRange(QString expression, Timestamp start, Timestamp end, std::chrono::milliseconds step,
                                                     std::stop_token stop = {});
    /// At least one matcher.
    QCoro::Task<Result<QVector<PrometheusLabels>>> series(PrometheusSelection selection, std::stop_token stop = {});
    QCoro::Task<Result<QStringList>> labelNames(PrometheusSelection selection = {}, std::stop_token stop = {});
    QCoro::Task<Result<QStringList>> labelValues(QString label, PrometheusSelection selection = {}, std::stop_token stop = {});
    /// Of one metric, or of all.
    QCoro::Task<Result<QMap<QString, QVector<MetricMetadata>>>> metadata(QString metric = {}, std::stop_token stop = {});
    QCoro::Task<Result<QVector<PrometheusTarget>>> targets(std::stop_token stop = {});
    QCoro::Task<Result<QVector<PrometheusRuleGroup>>> rules(std::stop_token stop = {});
    /// Pending and firing.
    QCoro::Task<Result<QVector<PrometheusAlert>>> alerts(std::stop_token stop = {});
    QCoro::Task<Result<PrometheusBuild>> buildInfo(std::stop_token stop = {});
    QCoro::Task<Result<PrometheusAlertmanagers>> alertmanagers(std::stop_token stop = {});
    /// The expression as Prometheus would lay it out; Invalid with its place (expressionPlace) when it is none.
    QCoro::Task<Result<QString>> formatQuery(QString expression, std::stop_token stop = {});
    /// Whether it is ready to answer.
    QCoro::Task<Result<bool>> ready(std::stop_token stop = {});

private:
    using Fields = QList<std::pair<QString, QString>>;
    QCoro::Task<Result<HttpReply>> get(QString path, Fields fields, std::stop_token stop);
    QCoro::Task<Result<HttpReply>> post(QString path, Fields fields, std::stop_token stop);
    QCoro::Task<Result<PrometheusResult>> ask(QString path, Fields fields, std::stop_token stop);
    Result<HttpOptions> options() const;

    HttpClient &m_http;
    HttpAccess m_access;
    PrometheusLimits m_limits;
    std::chrono::milliseconds m_deadline{10'000};
};

} // namespace countersign
