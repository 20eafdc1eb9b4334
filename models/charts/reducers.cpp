#include "models/charts/reducers.h"

#include "backend/types/strings.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace countersign {

namespace {

struct Name {
    Reducer reducer;
    const char16_t *id;
    const char *label;
};

constexpr std::array names{
    Name{Reducer::LastNotNull, u"lastNotNull", QT_TRANSLATE_NOOP("Reducer", "Last")},
    Name{Reducer::Last, u"last", QT_TRANSLATE_NOOP("Reducer", "Last, even if missing")},
    Name{Reducer::FirstNotNull, u"firstNotNull", QT_TRANSLATE_NOOP("Reducer", "First")},
    Name{Reducer::First, u"first", QT_TRANSLATE_NOOP("Reducer", "First, even if missing")},
    Name{Reducer::Mean, u"mean", QT_TRANSLATE_NOOP("Reducer", "Mean")},
    Name{Reducer::Min, u"min", QT_TRANSLATE_NOOP("Reducer", "Min")},
    Name{Reducer::Max, u"max", QT_TRANSLATE_NOOP("Reducer", "Max")},
    Name{Reducer::Sum, u"sum", QT_TRANSLATE_NOOP("Reducer", "Total")},
    Name{Reducer::Count, u"count", QT_TRANSLATE_NOOP("Reducer", "Count")},
    Name{Reducer::NonNullCount, u"nonNullCount", QT_TRANSLATE_NOOP("Reducer", "Count, present")},
    Name{Reducer::Range, u"range", QT_TRANSLATE_NOOP("Reducer", "Range")},
    Name{Reducer::Delta, u"delta", QT_TRANSLATE_NOOP("Reducer", "Delta")},
    Name{Reducer::Difference, u"diff", QT_TRANSLATE_NOOP("Reducer", "Difference")},
    Name{Reducer::DifferencePercent, u"diffperc", QT_TRANSLATE_NOOP("Reducer", "Difference, share")},
    Name{Reducer::Step, u"step", QT_TRANSLATE_NOOP("Reducer", "Step")},
    Name{Reducer::LogMin, u"logmin", QT_TRANSLATE_NOOP("Reducer", "Min above zero")},
    Name{Reducer::ChangeCount, u"changeCount", QT_TRANSLATE_NOOP("Reducer", "Changes")},
    Name{Reducer::Variance, u"variance", QT_TRANSLATE_NOOP("Reducer", "Variance")},
    Name{Reducer::StandardDeviation, u"stdDev", QT_TRANSLATE_NOOP("Reducer", "Deviation")},
    Name{Reducer::AllIsZero, u"allIsZero", QT_TRANSLATE_NOOP("Reducer", "All zero")},
    Name{Reducer::AllIsNull, u"allIsNull", QT_TRANSLATE_NOOP("Reducer", "All missing")},
    Name{Reducer::Median, u"median", QT_TRANSLATE_NOOP("Reducer", "Median")},
    Name{Reducer::DistinctCount, u"distinctCount", QT_TRANSLATE_NOOP("Reducer", "Distinct")},
};

/// Names that older panels used for the same.
constexpr std::array oldNames{
    Name{Reducer::LastNotNull, u"current", nullptr},
    Name{Reducer::Mean, u"avg", nullptr},
    Name{Reducer::Sum, u"total", nullptr},
};

std::optional<double> present(double value)
{
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

std::optional<double> finite(double value)
{
    return std::isinf(value) ? std::nullopt : std::optional(value);
}

std::optional<double> medianOf(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty())
        return {};
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double distinctOf(std::vector<double> values)
{
    const auto missing = std::partition(values.begin(), values.end(), [](double value) { return !std::isnan(value); });
    const bool anyMissing = missing != values.end();
    values.erase(missing, values.end());
    std::ranges::sort(values);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return static_cast<double>(values.size() + (anyMissing ? 1 : 0));
}

}

std::optional<Reducer> reducerFromId(const QString &id)
{
    const auto same = [&id](const Name &name) { return id == QStringView(name.id); };
    if (const auto found = std::ranges::find_if(names, same); found != names.end())
        return found->reducer;
    if (const auto found = std::ranges::find_if(oldNames, same); found != oldNames.end())
        return found->reducer;
    return {};
}

QString reducerId(Reducer reducer)
{
    return QString::fromUtf16(std::ranges::find(names, reducer, &Name::reducer)->id);
}

QString reducerLabel(Reducer reducer)
{
    return QCoreApplication::translate("Reducer", std::ranges::find(names, reducer, &Name::reducer)->label);
}

void ReducerTotals::add(double value)
{
    const bool isNull = std::isnan(value);
    if (m_count == 0)
        m_first = value;
    m_last = value;
    ++m_count;
    if (isNull)
        return;
    if (m_present == 0) {
        m_firstPresent = value;
    } else {
        const double step = value - m_lastPresent;
        m_step = std::min(m_step, step);
        // A counter that fell began again at nothing: what it shows next is all growth.
        if (step < 0) {
            m_rising = false;
        } else {
            m_delta += m_rising ? step : value;
            m_rising = true;
        }
        m_changes += value == m_lastPresent ? 0 : 1;
    }
    ++m_present;
    m_sum += value;
    m_min = std::min(m_min, value);
    m_max = std::max(m_max, value);
    if (value > 0)
        m_logMin = std::min(m_logMin, value);
    const double away = value - m_firstPresent;
    m_away += away;
    m_squares += away * away;
    m_allZero = m_allZero && value == 0;
    m_lastPresent = value;
}

std::optional<double> ReducerTotals::value(Reducer reducer) const
{
    switch (reducer) {
    case Reducer::Count:
        return static_cast<double>(m_count);
    case Reducer::NonNullCount:
        return static_cast<double>(m_present);
    case Reducer::First:
        return present(m_first);
    case Reducer::Last:
        return present(m_last);
    case Reducer::AllIsNull:
        return m_present == 0 ? 1 : 0;
    case Reducer::AllIsZero:
        return m_present > 0 && m_present == m_count && m_allZero ? 1 : 0;
    default:
        return m_present == 0 ? std::nullopt : ofPresent(reducer);
    }
}

double ReducerTotals::variance() const
{
    const auto count = static_cast<double>(m_present);
    const double mean = m_away / count;
    return std::max(0.0, m_squares / count - mean * mean);
}

std::optional<double> ReducerTotals::ofPresent(Reducer reducer) const
{
    const double difference = m_lastPresent - m_firstPresent;
    switch (reducer) {
    case Reducer::FirstNotNull:
        return m_firstPresent;
    case Reducer::LastNotNull:
        return m_lastPresent;
    case Reducer::Mean:
        return m_sum / static_cast<double>(m_present);
    case Reducer::Min:
        return m_min;
    case Reducer::Max:
        return m_max;
    case Reducer::Sum:
        return m_sum;
    case Reducer::Range:
        return m_max - m_min;
    case Reducer::Delta:
        return m_delta + (!m_rising && !std::isnan(m_last) ? m_lastPresent : 0);
    case Reducer::Difference:
        return difference;
    case Reducer::DifferencePercent:
        return present(difference / m_firstPresent);
    case Reducer::Step:
        return finite(m_step);
    case Reducer::LogMin:
        return finite(m_logMin);
    case Reducer::ChangeCount:
        return static_cast<double>(m_changes);
    case Reducer::Variance:
        return variance();
    case Reducer::StandardDeviation:
        return std::sqrt(variance());
    default:
        return {};
    }
}

std::optional<double> reduce(Reducer reducer, std::span<const double> values)
{
    if (reducer == Reducer::Median)
        return medianOf({values.begin(), values.end()});
    if (reducer == Reducer::DistinctCount)
        return distinctOf({values.begin(), values.end()});
    ReducerTotals totals;
    for (const double value : values)
        totals.add(value);
    return totals.value(reducer);
}

} // namespace countersign
