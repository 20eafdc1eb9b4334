#pragma once

#include "backend/evm/abitypes.h"
#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/uint256.h"

#include <concepts>
#include <initializer_list>
#include <variant>
#include <vector>

namespace countersign {

/// A decoded value of the ABI. Signed integers are 256-bit two's complement; bytesN and function are Bytes of their
/// exact length; arrays and tuples are lists in order.
class AbiValue final {
public:
    using List = std::vector<AbiValue>;
    using Storage = std::variant<Uint256, bool, Address, Bytes, QString, List>;

    template<class T>
        requires(std::same_as<T, Uint256> || std::same_as<T, bool> || std::same_as<T, Address> || std::same_as<T, Bytes>
                 || std::same_as<T, QString> || std::same_as<T, List>)
    AbiValue(T value) : m_storage(std::move(value)) {}
    AbiValue(const Hash32 &value) : m_storage(value.bytes()) {}

    /// A list of these values. A List of one List is written so: List{List{…}} is a copy of the inner one.
    static List list(std::initializer_list<AbiValue> values) { return List(values.begin(), values.end()); }
    /// Two's complement of a signed number.
    static AbiValue ofSigned(qint64 value);

    const Storage &storage() const { return m_storage; }
    /// The alternative T, or null when the value is of another kind.
    template<class T>
    const T *get() const { return std::get_if<T>(&m_storage); }

    friend bool operator==(const AbiValue &a, const AbiValue &b) = default;

private:
    Storage m_storage;
};

/// One line for people: integers in decimal (signed where the type is), addresses checksummed, bytes in hex, text in
/// quotes, lists in brackets. Never used for hashing.
QString abiToText(const AbiType &type, const AbiValue &value);

} // namespace countersign
