#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace countersign::participant {

/// 64 lower-case hexadecimal digits that depend on nothing but the arguments: the same run gives the same ids.
[[nodiscard]] std::string derivedId(std::string_view kind, std::string_view seed, std::uint64_t counter);

} // namespace countersign::participant
