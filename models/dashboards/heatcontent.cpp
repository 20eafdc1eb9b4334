#include "models/dashboards/heatcontent.h"

#include "backend/types/strings.h"

#include <QMap>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <limits>

namespace countersign {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int calculatedBuckets = 20;
constexpr qsizetype maxBuckets = 1'000;
constexpr double growth = 1.5; ///< bounds whose steps grow by more are drawn on a logarithmic axis

double boundOf(const QString &text)
{
    if (text.compare(u"+inf"_s, Qt::CaseInsensitive) == 0 || text.compare(u"inf"_s, Qt::CaseInsensitive) == 0)
        return infinity;
    bool isNumber = false;
    const double bound = text.toDouble(&isNumber);
    return isNumber ? bound : std::numeric_limits<double>::quiet_NaN();
}

/// Counts by upper bound and time.
using Cumulative = QMap<double, QMap<qint64, double>>;

HeatContent fromBounds(const Cumulative &buckets, bool isCumulative)
{
    HeatContent heat;
    QSet<qint64> all;
    for (const auto &counts : buckets) {
        for (auto it = counts.constBegin(); it != counts.constEnd(); ++it)
            all.insert(it.key());
    }
    heat.times = QVector<qint64>(all.cbegin(), all.cend());
    std::ranges::sort(heat.times);
    double lower = buckets.isEmpty() || buckets.firstKey() > 0 ? 0 : -infinity;
    const QMap<qint64, double> *below = nullptr;
    for (auto it = buckets.constBegin(); it != buckets.constEnd(); ++it) {
        heat.lower.append(lower);
        heat.upper.append(it.key());
        QVector<double> counts;
        counts.reserve(heat.times.size());
        for (const qint64 time : std::as_const(heat.times)) {
            const double own = it->value(time, 0);
            counts.append(isCumulative && below ? std::max(0.0, own - below->value(time, 0)) : own);
        }
        heat.counts.append(counts);
        lower = it.key();
        below = &*it;
    }
    return heat;
}

HeatContent classic(const QList<TargetAnswer> &answers)
{
    Cumulative buckets;
    for (const TargetAnswer &answer : answers) {
        for (const PrometheusSeries &series : answer.result.series) {
            const double bound = boundOf(series.labels.value(u"le"_s));
            if (std::isnan(bound) || (buckets.size() >= maxBuckets && !buckets.contains(bound)))
                continue;
            for (const PrometheusSample &sample : series.samples) {
                if (!std::isnan(sample.value))
                    buckets[bound][sample.time.millis()] += sample.value;
            }
        }
    }
    return fromBounds(buckets, true);
}

/// Native histograms share the bounds of their schema; those of several series add up.
HeatContent native(const QList<TargetAnswer> &answers)
{
    QMap<double, double> lowerOf; // by upper bound
    Cumulative buckets;
    for (const TargetAnswer &answer : answers) {
        for (const PrometheusSeries &series : answer.result.series) {
            for (const PrometheusHistogram &histogram : series.histograms) {
                for (const HistogramBucket &bucket : histogram.buckets) {
                    if (buckets.size() >= maxBuckets && !buckets.contains(bucket.upper))
                        continue;
                    lowerOf.insert(bucket.upper, bucket.lower);
                    buckets[bucket.upper][histogram.time.millis()] += bucket.count;
                }
            }
        }
    }
    HeatContent heat = fromBounds(buckets, false);
    for (qsizetype i = 0; i < heat.upper.size(); ++i)
        heat.lower[i] = lowerOf.value(heat.upper.at(i));
    return heat;
}

/// How many series have a value within each of equal steps.
HeatContent calculated(const QList<TargetAnswer> &answers)
{
    double low = infinity;
    double high = -infinity;
    for (const TargetAnswer &answer : answers) {
        for (const PrometheusSeries &series : answer.result.series) {
            for (const PrometheusSample &sample : series.samples) {
                if (!std::isfinite(sample.value))
                    continue;
                low = std::min(low, sample.value);
                high = std::max(high, sample.value);
            }
        }
    }
    if (low > high)
        return {};
    const double width = high > low ? (high - low) / calculatedBuckets : 1;
    Cumulative buckets;
    for (int i = 0; i < calculatedBuckets; ++i)
        buckets.insert(low + width * (i + 1), {});
    const QList<double> upper = buckets.keys();
    for (const TargetAnswer &answer : answers) {
        for (const PrometheusSeries &series : answer.result.series) {
            for (const PrometheusSample &sample : series.samples) {
                if (!std::isfinite(sample.value))
                    continue;
                const auto at = std::clamp(static_cast<int>((sample.value - low) / width), 0, calculatedBuckets - 1);
                buckets[upper.at(at)][sample.time.millis()] += 1;
            }
        }
    }
    HeatContent heat = fromBounds(buckets, false);
    if (!heat.lower.isEmpty())
        heat.lower[0] = low;
    return heat;
}

bool growsByFactor(const HeatContent &heat)
{
    QVector<double> bounds;
    for (const double bound : heat.upper) {
        if (std::isfinite(bound) && bound > 0)
            bounds.append(bound);
    }
    if (bounds.size() < 3)
        return false;
    const double first = bounds.at(1) - bounds.at(0);
    const double last = bounds.at(bounds.size() - 1) - bounds.at(bounds.size() - 2);
    return first > 0 && last / first > growth;
}

} // namespace

HeatContent heatOf(const Panel &panel, const QList<TargetAnswer> &answers)
{
    const auto hasNative = [](const TargetAnswer &answer) {
        return std::ranges::any_of(answer.result.series, [](const PrometheusSeries &series) { return !series.histograms.isEmpty(); });
    };
    const auto hasBounds = [](const TargetAnswer &answer) {
        return std::ranges::any_of(answer.result.series, [](const PrometheusSeries &series) { return series.labels.contains(u"le"_s); });
    };
    HeatContent heat = std::ranges::any_of(answers, hasNative) ? native(answers)
        : std::ranges::any_of(answers, hasBounds) && !panel.options.value("calculate"_L1).toBool() ? classic(answers)
                                                                                                   : calculated(answers);
    heat.unit = panel.options.value("yAxis"_L1).toObject().value("unit"_L1).toString();
    if (heat.unit.isEmpty())
        heat.unit = panel.field.unit;
    heat.isLogarithmic = growsByFactor(heat);
    return heat;
}

} // namespace countersign
