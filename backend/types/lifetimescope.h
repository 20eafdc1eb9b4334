#pragma once

#include <stop_token>

namespace countersign {

/// Ends an owner's coroutines with the owner. Declared last in a class, so that it stops first; a member coroutine copies the token in its
/// first line and looks at it after every co_await before it touches \c this.
class LifetimeScope final {
public:
    LifetimeScope() = default;
    LifetimeScope(const LifetimeScope &) = delete;
    LifetimeScope &operator=(const LifetimeScope &) = delete;
    ~LifetimeScope() { m_source.request_stop(); }

    [[nodiscard]] std::stop_token token() const { return m_source.get_token(); }
    /// Cancels what runs and starts afresh: a newer request replaces an older one.
    void restart()
    {
        m_source.request_stop();
        m_source = {};
    }

private:
    std::stop_source m_source;
};

} // namespace countersign
