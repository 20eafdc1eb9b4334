#include "backend/metrics/rangecache.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype labelCost = 64; // a node of the map and two strings
constexpr qint64 mostSteps = 11'000; // as many as one question can be about

QByteArray keyOf(const PrometheusLabels &labels)
{
    QByteArray key;
    for (auto label = labels.cbegin(); label != labels.cend(); ++label)
        key += label.key().toUtf8() + '\x01' + label.value().toUtf8() + '\x02';
    return key;
}

bool isBefore(const auto &point, Timestamp time)
{
    return point.time < time;
}

template<class Point>
void removeOutside(QVector<Point> &points, Timestamp begin, Timestamp end)
{
    const auto before = [](const Point &point, Timestamp time) { return isBefore(point, time); };
    const auto after = [](Timestamp time, const Point &point) { return time < point.time; };
    const auto last = std::upper_bound(points.cbegin(), points.cend(), end, after);
    points.resize(last - points.cbegin());
    const auto first = std::lower_bound(points.cbegin(), points.cend(), begin, before);
    points.remove(0, first - points.cbegin());
}

/// What is between the two times (included) becomes what the answer has.
template<class Point>
void replaceBetween(QVector<Point> &points, const QVector<Point> &with, Timestamp begin, Timestamp end)
{
    const auto before = [](const Point &point, Timestamp time) { return isBefore(point, time); };
    const auto after = [](Timestamp time, const Point &point) { return time < point.time; };
    if (points.isEmpty() || points.constLast().time < begin) { // the live edge: nearly always
        points += with;
        return;
    }
    const qsizetype first = std::lower_bound(points.cbegin(), points.cend(), begin, before) - points.cbegin();
    const qsizetype last = std::upper_bound(points.cbegin(), points.cend(), end, after) - points.cbegin();
    if (last == points.size()) {
        points.resize(first);
        points += with;
        return;
    }
    QVector<Point> whole;
    whole.reserve(first + with.size() + points.size() - last);
    whole += points.first(first);
    whole += with;
    whole += points.sliced(last);
    points = std::move(whole);
}

void addNotes(QStringList &notes, const QStringList &more)
{
    for (const QString &note : more) {
        if (!notes.contains(note))
            notes.append(note);
    }
}

} // namespace

qsizetype sizeOf(const PrometheusSeries &series)
{
    qsizetype bytes = static_cast<qsizetype>(sizeof(PrometheusSeries)) + series.samples.size() * static_cast<qsizetype>(sizeof(PrometheusSample));
    for (auto label = series.labels.cbegin(); label != series.labels.cend(); ++label)
        bytes += labelCost + 2 * (label.key().size() + label.value().size());
    for (const PrometheusHistogram &histogram : series.histograms)
        bytes += static_cast<qsizetype>(sizeof(PrometheusHistogram)) + histogram.buckets.size() * static_cast<qsizetype>(sizeof(HistogramBucket));
    return bytes;
}

QueryWindow RangeCache::missing(const QueryWindow &window, bool refresh) const
{
    if (window.isEmpty() || m_known.isEmpty())
        return window;
    const bool touches = window.first <= m_known.last + 1 && window.last >= m_known.first - 1;
    if (!touches || std::max(window.last, m_known.last) - std::min(window.first, m_known.first) >= 2 * mostSteps)
        return window;
    const qint64 firm = std::min(m_settled.millis() / m_step.count(), m_known.last);
    const qint64 live = std::max(firm + 1, m_known.first); // from here on, points may have changed
    if (window.last >= live && (refresh || window.last > m_known.last))
        return {live, window.last};
    if (window.first < m_known.first)
        return {window.first, m_known.first - 1};
    return {};
}

void RangeCache::take(const QueryWindow &asked, const PrometheusResult &answer, Timestamp settled)
{
    if (asked.isEmpty())
        return;
    const bool touches = !m_known.isEmpty() && asked.first <= m_known.last + 1 && asked.last >= m_known.first - 1;
    if (!touches) {
        m_series.clear();
        m_places.clear();
        m_warnings.clear();
        m_infos.clear();
        m_known = {};
    }
    const Timestamp begin = timeOf(asked.first);
    const Timestamp end = timeOf(asked.last);
    for (PrometheusSeries &series : m_series) { // a series that the answer does not have, has no points there
        if (!series.samples.isEmpty() && series.samples.constLast().time >= begin)
            replaceBetween(series.samples, {}, begin, end);
        if (!series.histograms.isEmpty() && series.histograms.constLast().time >= begin)
            replaceBetween(series.histograms, {}, begin, end);
    }
    for (const PrometheusSeries &series : answer.series)
        merge(asked, series);
    addNotes(m_warnings, answer.warnings);
    addNotes(m_infos, answer.infos);
    if (m_known.isEmpty()) {
        m_known = asked;
        m_settled = settled;
    } else {
        if (asked.last >= m_known.last)
            m_settled = settled;
        m_known = {std::min(m_known.first, asked.first), std::max(m_known.last, asked.last)};
    }
    m_lastResult.reset();
    count();
}

void RangeCache::merge(const QueryWindow &asked, const PrometheusSeries &from)
{
    const QByteArray key = keyOf(from.labels);
    const auto place = m_places.constFind(key);
    if (place == m_places.cend()) {
        m_places.insert(key, m_series.size());
        m_series.append(from);
        return;
    }
    PrometheusSeries &series = m_series[*place];
    replaceBetween(series.samples, from.samples, timeOf(asked.first), timeOf(asked.last));
    replaceBetween(series.histograms, from.histograms, timeOf(asked.first), timeOf(asked.last));
}

std::shared_ptr<const PrometheusResult> RangeCache::result(const QueryWindow &window)
{
    if (window == m_lastWindow) {
        if (auto same = m_lastResult.lock())
            return same;
    }
    auto result = std::make_shared<PrometheusResult>();
    result->type = PrometheusResult::Type::Matrix;
    result->warnings = m_warnings;
    result->infos = m_infos;
    for (const qsizetype place : std::as_const(m_places)) { // in the order of their labels
        PrometheusSeries series = m_series.at(place); // shares the points until they are cut
        if (!window.contains(m_known)) {
            removeOutside(series.samples, timeOf(window.first), timeOf(window.last));
            removeOutside(series.histograms, timeOf(window.first), timeOf(window.last));
        }
        if (!series.samples.isEmpty() || !series.histograms.isEmpty())
            result->series.append(std::move(series));
    }
    m_lastWindow = window;
    m_lastResult = result;
    return result;
}

void RangeCache::trim(const QueryWindow &wanted)
{
    if (wanted.isEmpty() || m_known.size() <= 2 * wanted.size() + 16)
        return;
    cut({std::max(m_known.first, wanted.first - wanted.size() / 2), std::min(m_known.last, wanted.last + wanted.size() / 2)});
}

void RangeCache::cut(const QueryWindow &window)
{
    QVector<PrometheusSeries> kept;
    m_places.clear();
    for (PrometheusSeries &series : m_series) {
        removeOutside(series.samples, timeOf(window.first), timeOf(window.last));
        removeOutside(series.histograms, timeOf(window.first), timeOf(window.last));
        if (series.samples.isEmpty() && series.histograms.isEmpty())
            continue;
        m_places.insert(keyOf(series.labels), kept.size());
        kept.append(std::move(series));
    }
    m_series = std::move(kept);
    m_known = window;
    m_settled = std::min(m_settled, timeOf(window.last));
    count();
}

void RangeCache::count()
{
    m_bytes = 0;
    for (const PrometheusSeries &series : std::as_const(m_series))
        m_bytes += sizeOf(series);
}

} // namespace countersign
