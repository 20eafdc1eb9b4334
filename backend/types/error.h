#pragma once

#include <QString>

#include <coroutine>
#include <cstddef>
#include <expected>

namespace countersign {

/// What code branches on. Messages are for people, kinds for programs.
enum class ErrorKind {
    Invalid, ///< the input breaks a rule of its format
    NotFound,
    Unavailable, ///< nobody answered, or the device is gone: trying again may help
    Timeout,
    Unauthenticated,
    Denied, ///< a wrong PIN, a missing right
    Rejected, ///< the other side understood and said no
    Conflict, ///< the state changed underneath
    Cancelled,
    Corrupt, ///< stored or received data fails its own check
    Exhausted, ///< a limit on size, depth, rate or count
    Internal,
};

/// Name of a kind as logs and JSON output spell it, e.g. "unavailable".
[[nodiscard]] QString errorKindName(ErrorKind kind);

/// A failure: \c message says what, where and what to do, \c detail is for the log and for "copy details".
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString message;
    QString detail;

    friend bool operator==(const Error &, const Error &) = default;
};

template<class T>
using Result = std::expected<T, Error>;

/// QCoro compares the handle of an awaited task with nullptr. Where T can be made from nullptr, as QByteArray can, libstdc++ 12 takes
/// expected's own operator== for that and fails to compile; this one fits better, and is found through Error.
template<class Promise>
constexpr bool operator==(std::coroutine_handle<Promise> handle, std::nullptr_t) noexcept
{
    return !handle;
}

[[nodiscard]] std::unexpected<Error> fail(ErrorKind kind, QString message, QString detail = {});

} // namespace countersign
