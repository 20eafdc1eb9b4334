#pragma once

#include "backend/metrics/prometheusreply.h"
#include "backend/metrics/queryrequest.h"

#include <QObject>
#include <QPointer>

#include <memory>
#include <optional>

namespace countersign {

class QueryService;
struct QueryEntry;

/// A panel's interest in the values of one expression. While it lives and is wanted, the service asks; what was last answered stays here, beside
/// the error of a newer attempt.
class QuerySubscription final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QuerySubscription)

public:
    ~QuerySubscription() override;

    const QueryRequest &request() const { return m_request; }
    /// Another range or expression, or the same anew: only what is missing and the live edge are asked.
    void ask(QueryRequest request);
    /// The same question at the live edge again.
    void refresh();
    /// False while nobody sees it: nothing is asked, what runs for nobody else is cancelled, the last result stays.
    void setWanted(bool wanted);
    bool isWanted() const { return m_wanted; }

    /// The last good answer, immutable; null before the first. After ask(), that of the earlier request until the new one is answered.
    const std::shared_ptr<const PrometheusResult> &result() const { return m_result; }
    /// Of the last attempt; absent when that succeeded.
    const std::optional<Error> &error() const { return m_error; }
    /// When the result was asked for.
    std::optional<Timestamp> asOf() const { return m_asOf; }
    bool isLoading() const { return m_loading; }
    /// There is a result, and the last attempt to renew it failed.
    bool isStale() const { return m_result && m_error; }

signals:
    /// Result, error or loading are others than before.
    void changed();

private:
    friend class QueryService;
    QuerySubscription(QueryService *service, QueryRequest request);

    QPointer<QueryService> m_service;
    QueryRequest m_request;
    std::shared_ptr<QueryEntry> m_entry;
    Timestamp m_askedAt;
    bool m_wanted = true;
    bool m_loading = false;
    bool m_served = false; ///< what was last asked is answered
    std::shared_ptr<const PrometheusResult> m_result;
    std::optional<Error> m_error;
    std::optional<Timestamp> m_asOf;
};

} // namespace countersign
