#pragma once

#include "backend/relayer/exposition.h"
#include "backend/rpc/httpclient.h"
#include "backend/types/clock.h"

#include <QCoroTask>
#include <QUrl>

#include <chrono>
#include <stop_token>

namespace countersign {

/// What one look at a target's metrics brought, with what Prometheus would add to it.
struct TargetScrape {
    QUrl url;
    Timestamp begun; ///< the time of every sample without one of its own
    bool up = false;
    std::chrono::microseconds took{0};
    QString error; ///< when it is not up: why, for people
    QString warning; ///< it is read, but Prometheus would not read it
    ExpositionFormat format = ExpositionFormat::Text;
    Exposition metrics;
    qsizetype sampleCount = 0;

    /// up, scrape_duration_seconds and scrape_samples_scraped.
    [[nodiscard]] QVector<MetricSample> synthetic() const;
};

/// Reads a target itself, as Prometheus would. The answer is taken apart on another thread. Never fails: what went
/// wrong is in the result. \a http outlives the task.
QCoro::Task<TargetScrape> scrapeTarget(HttpClient &http, QUrl url, const Clock &clock,
    std::chrono::milliseconds deadline, std::stop_token stop, ExpositionLimits limits = {});

} // namespace countersign
