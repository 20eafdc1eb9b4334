#pragma once

#include "backend/types/hash32.h"

namespace countersign {

/// Keccak-256 as Ethereum uses it (the padding of the original submission, not of FIPS 202).
[[nodiscard]] Hash32 keccak256(QByteArrayView data);

} // namespace countersign
