#pragma once

#include <chrono>
#include <functional>

namespace countersign {

struct BackoffSettings {
    std::chrono::milliseconds initial{250};
    std::chrono::milliseconds maximum{15'000};
    double factor = 2.0;
    double jitter = 0.5; ///< share of each delay that is random, 0..1
};

/// Waiting times between attempts: growing, capped and jittered, so that many consoles do not
/// return to a restarted node in one instant. Randomness is injected, a test gives a constant.
class Backoff final {
public:
    /// Answers a number in [0, 1).
    using Random = std::function<double()>;

    explicit Backoff(BackoffSettings settings = {}, Random random = systemRandom());

    /// The delay before the next attempt; each call lengthens the one after it.
    std::chrono::milliseconds next();
    void reset();
    int attempts() const { return m_attempts; }

    static Random systemRandom();

private:
    BackoffSettings m_settings;
    Random m_random;
    int m_attempts = 0;
};

} // namespace countersign
