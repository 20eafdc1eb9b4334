#pragma once

#include "backend/types/bytes.h"

#include <QHashFunctions>
#include <QMetaType>

#include <array>
#include <compare>

namespace countersign {

/// An account of an Ethereum-family chain: 20 bytes. Text follows EIP-55; a wrong mixed case is an error, because it is how a typing
/// mistake or a look-alike shows itself.
class Address final {
public:
    static constexpr qsizetype size = 20;

    constexpr Address() = default; ///< the zero address

    /// "0x" and 40 digits: all lower case, all upper case, or with a right EIP-55 checksum.
    [[nodiscard]] static Result<Address> parse(QStringView text);
    [[nodiscard]] static Result<Address> fromBytes(QByteArrayView bytes);

    [[nodiscard]] QByteArrayView view() const { return {reinterpret_cast<const char *>(m_bytes.data()), size}; }
    [[nodiscard]] Bytes bytes() const { return view().toByteArray(); }
    [[nodiscard]] QString toString() const; ///< with the EIP-55 checksum
    [[nodiscard]] QString toLower() const; ///< "0x" and lower-case digits
    [[nodiscard]] bool isZero() const;

    friend auto operator<=>(const Address &, const Address &) = default;
    friend size_t qHash(const Address &value, size_t seed = 0) noexcept { return qHashBits(value.m_bytes.data(), size, seed); }

private:
    std::array<quint8, 20> m_bytes{};
};

} // namespace countersign

Q_DECLARE_TYPEINFO(countersign::Address, Q_RELOCATABLE_TYPE);
Q_DECLARE_METATYPE(countersign::Address)
