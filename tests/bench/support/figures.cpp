#include "tests/bench/support/figures.h"

#include "backend/types/strings.h"

#include <QJsonDocument>

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace countersign::bench {

namespace {

constexpr double gateWidth = 1.15;

double secondsOf(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

} // namespace

Figures::Figures(QString subject)
    : m_subject(std::move(subject))
{
}

void Figures::add(const QString &name, double value, const QString &unit)
{
    m_figures.append(QJsonObject{{u"name"_s, name}, {u"value"_s, value}, {u"unit"_s, unit}});
}

void Figures::add(const QString &name, double value, const QString &unit, Bound bound, double must, double stretch)
{
    const bool atMost = bound == Bound::AtMost;
    const bool reached = atMost ? value <= must : value >= must;
    const bool stretched = atMost ? value <= stretch : value >= stretch;
    const bool inGate = atMost ? value <= must * gateWidth : value >= must / gateWidth;
    m_missed = m_missed || !inGate;
    m_figures.append(QJsonObject{{u"name"_s, name}, {u"value"_s, value}, {u"unit"_s, unit}, {u"bound"_s, atMost ? u"at most"_s : u"at least"_s},
                                 {u"must"_s, must}, {u"stretch"_s, stretch}, {u"reached"_s, reached}, {u"inGate"_s, inGate}, {u"stretched"_s, stretched}});
}

void Figures::note(const QString &name, const QJsonValue &value)
{
    m_notes.insert(name, value);
}

int Figures::print() const
{
    const QJsonObject object{{u"benchmark"_s, m_subject}, {u"figures"_s, m_figures}, {u"notes"_s, m_notes}};
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    return m_missed ? 1 : 0;
}

double median(std::vector<double> values)
{
    return percentile(std::move(values), 0.5);
}

double percentile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    const auto rank = static_cast<size_t>(share * static_cast<double>(values.size() - 1) + 0.5);
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
    return values[rank];
}

double threadCpuSeconds()
{
    return secondsOf(CLOCK_THREAD_CPUTIME_ID);
}

double wallSeconds()
{
    return secondsOf(CLOCK_MONOTONIC);
}

} // namespace countersign::bench
