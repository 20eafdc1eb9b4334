#pragma once

#include "backend/metrics/rangecache.h"
#include "backend/rpc/backoff.h"

#include <QString>
#include <QVector>

#include <optional>
#include <stop_token>

namespace countersign {

class QuerySubscription;

/// One question that any number of panels share; a part of QueryService.
struct QueryEntry {
    explicit QueryEntry(const QueryRequest &first)
        : request(first)
        , range(first.step)
    {
    }
    bool isRange() const { return request.isRange(); }
    qsizetype bytes() const;

    QString key;
    QueryRequest request; ///< its expression, step, and the time of an instant query
    RangeCache range; ///< of a range
    std::shared_ptr<const PrometheusResult> instant; ///< of an instant query
    Timestamp fetchedAt; ///< when what is newest in it was asked for; null: never
    QVector<QuerySubscription *> subscribers;
    bool inFlight = false;
    bool queued = false;
    bool blocked = false; ///< the last attempt failed: wait for the next one, or until somebody asks anew
    bool retryPlanned = false;
    QueryWindow asking;
    Timestamp askedAt;
    std::stop_source stop;
    Backoff backoff{{.initial = std::chrono::seconds(1), .maximum = std::chrono::seconds(30)}};
    quint64 usedAt = 0; ///< grows with every use
};

} // namespace countersign
