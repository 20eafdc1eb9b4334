#include "app/practice/participant/faultgate.h"

namespace countersign::participant {

namespace {

// gRPC's synchronous server does not announce a cancellation, so a waiting call looks for it this often.
constexpr std::chrono::milliseconds CancellationPoll {50};
constexpr std::chrono::milliseconds RetryAfter {1000};

CantonError refusal(FaultGate::Mode mode)
{
    if (mode == FaultGate::Mode::Stopped) {
        return {errors::ShuttingDown, "Server is shutting down"};
    }
    CantonError error {errors::ServiceNotRunning, "Ledger API is not running.", {{"service_name", "Ledger API"}}};
    error.retryAfter = RetryAfter;
    return error;
}

} // namespace

void FaultGate::set(Mode mode)
{
    const std::lock_guard lock(m_mutex);
    m_mode = mode;
    m_changed.notify_all();
}

void FaultGate::cutStreams()
{
    const std::lock_guard lock(m_mutex);
    ++m_generation;
    m_changed.notify_all();
}

void FaultGate::waitWhileHanging(std::uint64_t generation, const std::function<bool()> &cancelled) const
{
    ++m_waiting;
    std::unique_lock lock(m_mutex);
    while (mode() == Mode::Hang && generation == m_generation.load() && !cancelled()) {
        m_changed.wait_for(lock, CancellationPoll);
    }
    --m_waiting;
}

Outcome<void> FaultGate::admit(const std::function<bool()> &cancelled) const
{
    // A cut ends streams; a call that waits at the door goes on waiting.
    while (mode() == Mode::Hang && !cancelled()) {
        waitWhileHanging(generation(), cancelled);
    }
    const Mode now = mode();
    if (now == Mode::Refuse || now == Mode::Stopped) {
        return std::unexpected(refusal(now));
    }
    return {};
}

Outcome<void> FaultGate::goOn(std::uint64_t generation, const std::function<bool()> &cancelled) const
{
    if (mode() == Mode::Hang) {
        waitWhileHanging(generation, cancelled);
    }
    if (generation != m_generation.load()) {
        return std::unexpected(refusal(Mode::Stopped));
    }
    return mode() == Mode::Open ? Outcome<void>() : admit(cancelled);
}

std::string_view faultModeName(FaultGate::Mode mode)
{
    switch (mode) {
    case FaultGate::Mode::Open:
        return "open";
    case FaultGate::Mode::Hang:
        return "hang";
    case FaultGate::Mode::Refuse:
        return "refuse";
    case FaultGate::Mode::Stopped:
        return "stopped";
    }
    return "?";
}

} // namespace countersign::participant
