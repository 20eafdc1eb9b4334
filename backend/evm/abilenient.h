#pragma once

#include "backend/evm/abi.h"

namespace countersign {

/// One place where data is not the canonical encoding of its values.
struct AbiDeviation {
    AbiFault fault;
    qsizetype position; ///< byte in the data
    QString path;       ///< the value: "calls[1].amount", "[0][1].amount" without names; empty for bytes of no one value

    friend bool operator==(const AbiDeviation &, const AbiDeviation &) = default;
};

struct AbiLenient {
    std::vector<AbiValue> values;
    std::vector<AbiDeviation> deviations; ///< in the order of reading; first AbiLimits::maxDeviations of them
    qsizetype moreDeviations = 0;         ///< that are not listed

    bool isCanonical() const { return deviations.empty() && moreDeviations == 0; }
};

/// Decodes what some contract would decode, and tells each deviation from the canonical encoding. Offsets may point
/// anywhere within the data, padding may be dirty or missing at the end, values may share bytes, bytes may be unused;
/// a word that its type cannot hold is cut off (see AbiWord); text that is not UTF-8 has U+FFFD in its place.
/// No deviation means that abiDecodeStrict accepts the data, with the same values.
/// Error Invalid for what no contract decodes: a head, a length or an offset beyond the data. Error Exhausted when the
/// values would be larger than `limits`, which sharing makes possible with little data.
Result<AbiLenient> abiDecodeLenient(std::span<const AbiType> types, QByteArrayView data, const AbiLimits &limits = {});
Result<AbiLenient> abiDecodeLenient(const std::vector<AbiParameter> &parameters, QByteArrayView data, const AbiLimits &limits = {});

} // namespace countersign
