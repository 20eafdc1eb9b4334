#pragma once

#include "backend/metrics/prometheusreply.h"
#include "backend/metrics/queryrequest.h"

#include <QByteArray>
#include <QMap>

#include <chrono>
#include <memory>

namespace countersign {

/// What is known of one expression on the grid of one step: one stretch without a hole, put together from answers, and from when on it may
/// still change. Nothing in here asks anybody.
class RangeCache final {
public:
    explicit RangeCache(std::chrono::milliseconds step)
        : m_step(step)
    {
    }

    /// The part of a window that must be asked: all of it when nothing known touches it, else what is missing on the newer side, from the first
    /// point that may have changed, and then what is missing on the older. Empty when nothing is missing, and either no `refresh` is wanted or
    /// nothing in the window can have changed.
    QueryWindow missing(const QueryWindow &window, bool refresh) const;

    /// Takes an answer for a stretch that was asked when the clock stood at `asked`; points up to `settled` do not change any more. An answer
    /// that does not touch what is known replaces it. Points that are there already are replaced by those of the answer.
    void take(const QueryWindow &asked, const PrometheusResult &answer, Timestamp settled);

    /// The result of a window that is known; the same object as before while nothing changed.
    std::shared_ptr<const PrometheusResult> result(const QueryWindow &window);

    /// Forgets what lies outside, as far as it costs much to keep.
    void trim(const QueryWindow &wanted);

    const QueryWindow &known() const { return m_known; }
    /// Nothing after this time is settled; null: nothing is known.
    Timestamp settled() const { return m_settled; }
    qsizetype bytes() const { return m_bytes; }

private:
    Timestamp timeOf(qint64 index) const { return Timestamp::fromMillis(index * m_step.count()); }
    void merge(const QueryWindow &asked, const PrometheusSeries &from);
    void cut(const QueryWindow &window);
    void count();

    std::chrono::milliseconds m_step;
    QueryWindow m_known;
    Timestamp m_settled;
    QVector<PrometheusSeries> m_series;
    QMap<QByteArray, qsizetype> m_places; // of a series, by its labels
    QStringList m_warnings;
    QStringList m_infos;
    qsizetype m_bytes = 0;
    QueryWindow m_lastWindow;
    std::weak_ptr<const PrometheusResult> m_lastResult;
};

/// About how many bytes a series takes.
qsizetype sizeOf(const PrometheusSeries &series);

} // namespace countersign
