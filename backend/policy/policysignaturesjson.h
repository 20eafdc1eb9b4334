#pragma once

#include "backend/policy/policysignatures.h"

#include <QByteArrayView>

namespace countersign {

// The file policy.sig.json: JSON in one canonical form, so that a file is equal to what is written again from what was
// read of it. That rejects unknown and doubled members, other spellings, and signers who are not who the file says.

inline constexpr qsizetype maxPolicySignaturesBytes = 256 * 1024;
inline constexpr qsizetype maxPolicySignatures = 256;

/// Errors Invalid (format, order, a signer that is not recovered, high s) and Exhausted (size).
Result<PolicySignatures> policySignaturesFromJson(QByteArrayView file);
Bytes policySignaturesToJson(const PolicySignatures &signatures);

} // namespace countersign
