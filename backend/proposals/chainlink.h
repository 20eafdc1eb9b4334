#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"

#include <compare>

namespace countersign {

/// Whose log an entry stands in. The exchange of a Safe is all that its members wrote about it, wherever it is carried:
/// two folders and a service carry one exchange. Each author writes an own append-only log of it.
struct ExchangeLane {
    ChainId chainId;
    Address safe;
    Address author;
    friend auto operator<=>(const ExchangeLane &, const ExchangeLane &) = default;
};

/// Where an entry stands in the log of its author.
struct ChainLink {
    quint64 sequence = 1; ///< from 1, without gaps
    Hash32 previous; ///< entry hash of the one before; zero for the first
    friend bool operator==(const ChainLink &, const ChainLink &) = default;
};

/// No person writes more; what claims to is a lie that would make numbers overflow.
inline constexpr quint64 maxSequence = 1'000'000'000;

/// The last entry of a log.
struct LaneHead {
    Address author;
    quint64 sequence = 0;
    Hash32 entry;
    friend auto operator<=>(const LaneHead &, const LaneHead &) = default;
};

} // namespace countersign
