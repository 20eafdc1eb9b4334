#pragma once

#include "app/practice/participant/cantonerror.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>

namespace countersign::participant {

/// Where injected faults meet the calls: every call asks here before it is served, every stream between two messages.
class FaultGate final {
public:
    enum class Mode {
        Open,
        Hang, ///< like a stopped process: calls wait, streams say nothing
        Refuse, ///< like a node that is starting: UNAVAILABLE at once, streams end
        Stopped, ///< the server is going down
    };

    void set(Mode mode);
    [[nodiscard]] Mode mode() const { return m_mode.load(); }

    /// Ends all streams that run now with UNAVAILABLE; new ones are served.
    void cutStreams();
    /// Grows with every cut; a stream that began in an earlier generation has to end.
    [[nodiscard]] std::uint64_t generation() const { return m_generation.load(); }
    /// Calls and streams that wait because of Hang.
    [[nodiscard]] int waiting() const { return m_waiting.load(); }

    /// Lets a call in, or says why not; waits while calls hang. The wait also ends, with success, when \p cancelled says so.
    [[nodiscard]] Outcome<void> admit(const std::function<bool()> &cancelled) const;

    /// The same for a running stream that began in \p generation.
    [[nodiscard]] Outcome<void> goOn(std::uint64_t generation, const std::function<bool()> &cancelled) const;

private:
    void waitWhileHanging(std::uint64_t generation, const std::function<bool()> &cancelled) const;

    std::atomic<Mode> m_mode = Mode::Open;
    std::atomic<std::uint64_t> m_generation = 0;
    mutable std::atomic<int> m_waiting = 0;
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
};

/// Name of a mode as the control interface spells it.
[[nodiscard]] std::string_view faultModeName(FaultGate::Mode mode);

} // namespace countersign::participant
