#pragma once

#include <string>
#include <string_view>
#include <type_traits>

namespace countersign::participant {

namespace detail {
inline void append(std::string &to, std::string_view part)
{
    to.append(part);
}

template<class T>
    requires std::is_integral_v<T>
void append(std::string &to, T part)
{
    to.append(std::to_string(part));
}
} // namespace detail

/// Texts and integers one after the other (this standard library has no std::format yet).
template<class... Parts>
[[nodiscard]] std::string concat(const Parts &...parts)
{
    std::string result;
    (detail::append(result, parts), ...);
    return result;
}

} // namespace countersign::participant
