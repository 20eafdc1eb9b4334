#include "backend/rpc/backoff.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cmath>
#include <utility>

namespace countersign {

Backoff::Backoff(BackoffSettings settings, Random random)
    : m_settings(settings)
    , m_random(std::move(random))
{
}

std::chrono::milliseconds Backoff::next()
{
    const double initial = static_cast<double>(m_settings.initial.count());
    const double maximum = static_cast<double>(m_settings.maximum.count());
    // The exponent is capped apart from the delay: factor^attempts overflows to infinity otherwise.
    const double grown = initial * std::pow(std::max(1.0, m_settings.factor), std::min(m_attempts, 64));
    const double full = std::min(grown, maximum);
    const double share = std::clamp(m_settings.jitter, 0.0, 1.0);
    const double delay = full * (1.0 - share) + full * share * std::clamp(m_random(), 0.0, 1.0);
    ++m_attempts;
    return std::chrono::milliseconds(std::llround(delay));
}

void Backoff::reset()
{
    m_attempts = 0;
}

Backoff::Random Backoff::systemRandom()
{
    return [] { return QRandomGenerator::global()->generateDouble(); };
}

} // namespace countersign
