#pragma once

#include "backend/types/bytes.h"

#include <QHashFunctions>

#include <compare>

namespace countersign {

/// First four bytes of keccak256 of a signature: names a function in calldata, a custom error in revert data.
class Selector final {
public:
    static constexpr qsizetype size = 4;

    /// Of "transfer(address,uint256)", as is.
    [[nodiscard]] static Selector ofSignature(QStringView canonicalSignature);
    /// Error Invalid unless exactly four bytes.
    [[nodiscard]] static Result<Selector> fromBytes(QByteArrayView bytes);
    /// The first four bytes of calldata or revert data; Error Invalid when shorter.
    [[nodiscard]] static Result<Selector> leading(QByteArrayView data);

    /// What follows in data that begins with this selector; Error Invalid when it begins with another or is shorter.
    [[nodiscard]] Result<QByteArrayView> behind(QByteArrayView data) const;

    [[nodiscard]] quint32 value() const { return m_value; }
    [[nodiscard]] Bytes bytes() const;
    [[nodiscard]] QString toString() const;

    friend auto operator<=>(const Selector &, const Selector &) = default;
    friend size_t qHash(const Selector &selector, size_t seed = 0) noexcept { return ::qHash(selector.m_value, seed); }

private:
    explicit Selector(quint32 value)
        : m_value(value)
    {
    }
    quint32 m_value = 0;
};

} // namespace countersign
