#pragma once

#include "backend/proposals/collectedsignature.h"

#include <QByteArrayView>

namespace countersign {

inline constexpr qsizetype maxContractSignatureBytes = 16 * 1024; ///< data of a contract's signature, as exchanged
inline constexpr qsizetype maxSignatureFileBytes = 40 * 1024;

/// One owner's signature as a file of the exchange, in the form of proposaljson.h. The signer is recovered, never
/// believed. Errors Invalid, Exhausted.
Result<CollectedSignature> signatureFromJson(QByteArrayView file);
Bytes signatureToJson(const CollectedSignature &signature);

} // namespace countersign
