#pragma once

#include "backend/types/error.h"

#include <functional>
#include <type_traits>
#include <utility>

namespace countersign {

/// Goes on with `next` when `result` holds a value, else hands its error on: std::expected::and_then, which
/// libstdc++ 12 does not have yet.
template<class T, class Next>
auto andThen(const Result<T> &result, Next &&next)
{
    if constexpr (std::is_void_v<T>) {
        using Following = std::invoke_result_t<Next>;
        return result ? std::forward<Next>(next)() : Following(std::unexpected(result.error()));
    } else {
        using Following = std::invoke_result_t<Next, const T &>;
        return result ? std::invoke(std::forward<Next>(next), *result) : Following(std::unexpected(result.error()));
    }
}

/// Whether it succeeded, and why not.
template<class T>
Result<void> withoutValue(const Result<T> &result)
{
    return result ? Result<void>() : Result<void>(std::unexpected(result.error()));
}

} // namespace countersign
