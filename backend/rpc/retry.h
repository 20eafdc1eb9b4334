#pragma once

#include "backend/rpc/backoff.h"
#include "backend/types/error.h"

#include <QCoroTask>
#include <QCoroTimer>

#include <functional>
#include <stop_token>

namespace countersign {

/// Whether the same question, asked again a little later, may well be answered.
inline bool isTransient(const Error &error)
{
    return error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::Timeout
        || error.kind == ErrorKind::Exhausted;
}

/// The one place where reads are repeated: up to `attempts` times with jittered delays, while the error is
/// transient. Never for commands. `read` must own what it needs; it is not called after a requested stop.
template <class T>
QCoro::Task<Result<T>> retryRead(
    std::function<QCoro::Task<Result<T>>()> read, Backoff backoff, int attempts, std::stop_token stop)
{
    for (int attempt = 1;; ++attempt) {
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, QStringLiteral("The request was cancelled"));
        Result<T> result = co_await read();
        if (result || attempt >= attempts || !isTransient(result.error()))
            co_return result;
        const auto delay = backoff.next();
        co_await QCoro::sleepFor(delay);
    }
}

} // namespace countersign
