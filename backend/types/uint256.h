#pragma once

#include "backend/types/bytes.h"

#include <QHashFunctions>
#include <QMetaType>

#include <array>
#include <compare>
#include <optional>
#include <utility>

namespace countersign {

/// Unsigned 256-bit integer of the EVM. Arithmetic is checked: what does not fit is absent, never wrapped.
class Uint256 final {
public:
    constexpr Uint256() = default;
    constexpr Uint256(quint64 value) // NOLINT(google-explicit-constructor): every quint64 is a Uint256
        : m_limbs{value, 0, 0, 0}
    {
    }

    /// Decimal digits, or "0x" and up to 64 hexadecimal digits. No sign, no separators, no spaces.
    [[nodiscard]] static Result<Uint256> parse(QStringView text);
    /// Up to 32 bytes, most significant first; empty is zero.
    [[nodiscard]] static Result<Uint256> fromBigEndian(QByteArrayView bytes);
    [[nodiscard]] static constexpr Uint256 max() { return fromLimbs({~0ULL, ~0ULL, ~0ULL, ~0ULL}); }

    [[nodiscard]] Bytes toBigEndian() const; ///< 32 bytes
    [[nodiscard]] Bytes toMinimalBigEndian() const; ///< without leading zero bytes; zero is empty (RLP)
    [[nodiscard]] QString toDecimal() const;
    [[nodiscard]] QString toHexQuantity() const; ///< JSON-RPC quantity: "0x0", "0x1f4"
    [[nodiscard]] std::optional<quint64> toU64() const;
    [[nodiscard]] double toDouble() const; ///< for charts only
    [[nodiscard]] bool isZero() const { return *this == Uint256(); }
    [[nodiscard]] int bitLength() const;
    [[nodiscard]] bool bit(int index) const { return (m_limbs[static_cast<size_t>(index / 64)] >> (index % 64) & 1) != 0; }

    [[nodiscard]] std::optional<Uint256> checkedAdd(const Uint256 &other) const;
    [[nodiscard]] std::optional<Uint256> checkedSub(const Uint256 &other) const;
    [[nodiscard]] std::optional<Uint256> checkedMul(const Uint256 &other) const;
    /// Quotient and remainder; absent when \a divisor is zero.
    [[nodiscard]] std::optional<std::pair<Uint256, Uint256>> divmod(const Uint256 &divisor) const;
    [[nodiscard]] Uint256 shiftedLeft(int bits) const; ///< bits that leave are lost
    [[nodiscard]] Uint256 shiftedRight(int bits) const;

    friend constexpr bool operator==(const Uint256 &, const Uint256 &) = default;
    friend constexpr std::strong_ordering operator<=>(const Uint256 &a, const Uint256 &b)
    {
        for (size_t i = 4; i-- > 0;) {
            if (a.m_limbs[i] != b.m_limbs[i])
                return a.m_limbs[i] <=> b.m_limbs[i];
        }
        return std::strong_ordering::equal;
    }
    friend size_t qHash(const Uint256 &value, size_t seed = 0) noexcept { return qHashBits(value.m_limbs.data(), sizeof(value.m_limbs), seed); }

private:
    static constexpr Uint256 fromLimbs(std::array<quint64, 4> limbs)
    {
        Uint256 value;
        value.m_limbs = limbs;
        return value;
    }
    [[nodiscard]] std::pair<Uint256, quint64> divmodSmall(quint64 divisor) const;

    std::array<quint64, 4> m_limbs{}; // least significant first
};

} // namespace countersign

Q_DECLARE_TYPEINFO(countersign::Uint256, Q_RELOCATABLE_TYPE);
Q_DECLARE_METATYPE(countersign::Uint256)
