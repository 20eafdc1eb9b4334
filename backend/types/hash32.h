#pragma once

#include "backend/types/bytes.h"

#include <QHashFunctions>
#include <QMetaType>

#include <array>
#include <compare>

namespace countersign {

/// 32 bytes that name something: a keccak digest, a transaction or block hash, a bytes32 of the ABI.
class Hash32 final {
public:
    static constexpr qsizetype size = 32;

    constexpr Hash32() = default; ///< all zero

    /// "0x" and 64 digits in any case.
    [[nodiscard]] static Result<Hash32> parse(QStringView text);
    [[nodiscard]] static Result<Hash32> fromBytes(QByteArrayView bytes);
    /// For the results of our own hash functions, whose size is known; asserts on any other.
    [[nodiscard]] static Hash32 fromDigest(QByteArrayView digest);

    [[nodiscard]] QByteArrayView view() const { return {reinterpret_cast<const char *>(m_bytes.data()), size}; }
    [[nodiscard]] Bytes bytes() const { return view().toByteArray(); }
    [[nodiscard]] const std::array<quint8, 32> &array() const { return m_bytes; }
    [[nodiscard]] QString toString() const; ///< "0x" and lower-case digits
    [[nodiscard]] bool isZero() const;

    friend auto operator<=>(const Hash32 &, const Hash32 &) = default;
    friend size_t qHash(const Hash32 &value, size_t seed = 0) noexcept { return qHashBits(value.m_bytes.data(), size, seed); }

private:
    std::array<quint8, 32> m_bytes{};
};

} // namespace countersign

Q_DECLARE_TYPEINFO(countersign::Hash32, Q_RELOCATABLE_TYPE);
Q_DECLARE_METATYPE(countersign::Hash32)
