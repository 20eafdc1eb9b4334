#pragma once

#include <QHashFunctions>
#include <QMetaType>

#include <compare>

namespace countersign {

/// An integer that means one thing only; \c Tag keeps two kinds apart.
template<class Tag, class Rep>
class Number final {
public:
    constexpr Number() = default;
    constexpr explicit Number(Rep value)
        : m_value(value)
    {
    }

    [[nodiscard]] constexpr Rep value() const { return m_value; }

    friend constexpr auto operator<=>(const Number &, const Number &) = default;
    friend size_t qHash(const Number &number, size_t seed = 0) noexcept { return ::qHash(number.m_value, seed); }

private:
    Rep m_value{};
};

/// Position in one participant's ledger; strictly increasing, with gaps, and meaningless on another participant.
using Offset = Number<struct OffsetTag, qint64>;
/// EIP-155 chain id.
using ChainId = Number<struct ChainIdTag, quint64>;
/// Account or Safe nonce.
using Nonce = Number<struct NonceTag, quint64>;
using BlockNumber = Number<struct BlockNumberTag, quint64>;

} // namespace countersign

Q_DECLARE_METATYPE(countersign::Offset)
Q_DECLARE_METATYPE(countersign::ChainId)
Q_DECLARE_METATYPE(countersign::Nonce)
Q_DECLARE_METATYPE(countersign::BlockNumber)
