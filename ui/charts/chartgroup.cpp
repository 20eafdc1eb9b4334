#include "ui/charts/chartgroup.h"

#include <algorithm>

namespace countersign {

namespace {
constexpr qsizetype mostSteps = 100;
}

ChartGroup::ChartGroup(QObject *parent)
    : QObject(parent)
{
}

void ChartGroup::setCrosshair(std::optional<qint64> time)
{
    if (m_crosshair == time)
        return;
    m_crosshair = time;
    emit crosshairMoved(time);
}

std::optional<TimeSpan> ChartGroup::zoom() const
{
    return m_steps.isEmpty() ? std::nullopt : std::optional(m_steps.last());
}

void ChartGroup::zoomTo(const TimeSpan &span, bool replace)
{
    const TimeSpan wanted{span.from, std::max(span.to, span.from + closest)};
    if (zoom() == wanted)
        return;
    if (replace && !m_steps.isEmpty()) {
        m_steps.last() = wanted;
    } else {
        if (m_steps.size() >= mostSteps)
            m_steps.removeFirst();
        m_steps.append(wanted);
    }
    tell();
}

void ChartGroup::back()
{
    if (m_steps.isEmpty())
        return;
    m_steps.removeLast();
    tell();
}

void ChartGroup::reset()
{
    if (m_steps.isEmpty())
        return;
    m_steps.clear();
    tell();
}

void ChartGroup::tell()
{
    if (m_steps.isEmpty())
        emit unzoomed();
    else
        emit zoomed(m_steps.last());
}

}
