#pragma once

#include "backend/descriptors/descriptor.h"

#include <functional>
#include <span>

namespace countersign {

/// The name of an address by what is known here; empty when it is not. A descriptor's word for it is never asked.
using HintNames = std::function<QString(const Address &)>;

/// The call that a descriptor is held against.
struct CallToDescribe {
    ChainId chainId;
    Address from; ///< in whose name it is made
    Address to;
    Uint256 value;
    Bytes data;
    /// As it is read here; null when the function is not known, or only guessed.
    const std::vector<AbiParameter> *parameters = nullptr;
    QString signature; ///< of that function
};

/// Where the values stand that a field's parameters may refer to.
struct ValueSurroundings {
    const Descriptor &descriptor;
    const CallToDescribe &call;
    const std::vector<AbiParameter> &parameters;
    std::span<const AbiValue> values;
    const HintNames &nameOf;
};

/// The values that a path names: in the call, of the transaction around it, or a constant of the descriptor. Error Invalid
/// when there is no such place.
Result<std::vector<PathValue>> valuesAt(const ValueSurroundings &around, const DescriptorPath &path);

/// The address that a value is, also as a number or as 20 bytes of a slice.
std::optional<Address> addressIn(const AbiValue &value);

/// The value as a field's format has it. \a used: places of further values that the text names. A value that is not of the
/// format's kind is written as it is.
QString formatted(const ValueSurroundings &around, const DescriptorField &field, const PathValue &value, QStringList &used);

} // namespace countersign
