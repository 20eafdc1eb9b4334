#pragma once

#include "backend/types/timestamp.h"

namespace countersign {

/// Where a class takes the time from. Injected, so that tests and replays are deterministic.
class Clock {
public:
    Clock() = default;
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;
    virtual ~Clock() = default;

    [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The machine's clock. Safe to use from any thread.
class SystemClock final : public Clock {
public:
    [[nodiscard]] Timestamp now() const override
    {
        const auto since = std::chrono::system_clock::now().time_since_epoch();
        return Timestamp::fromMicros(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
    }
};

/// A clock that stands still until it is told to move; for tests and replays.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Timestamp start = Timestamp::fromSeconds(1'700'000'000))
        : m_now(start)
    {
    }

    [[nodiscard]] Timestamp now() const override { return m_now; }
    void set(Timestamp now) { m_now = now; }
    void advance(std::chrono::microseconds by) { m_now = m_now + by; }

private:
    Timestamp m_now;
};

} // namespace countersign
