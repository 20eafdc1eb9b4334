#pragma once

#include "backend/types/address.h"
#include "backend/types/hash32.h"

namespace countersign {

// EIP-1271: a contract judges signatures in its own name.

/// Calldata of isValidSignature(bytes32,bytes), the standard's form.
Bytes isValidSignatureCall(const Hash32 &digest, QByteArrayView signature);
/// Calldata of isValidSignature(bytes,bytes), the form of early drafts, which Safes before 1.5.0 call with the
/// preimage.
Bytes isValidSignatureOfDataCall(QByteArrayView data, QByteArrayView signature);

/// Whether a contract's answer says yes: exactly one word, the selector of the function that was called and zeros.
bool isValidSignatureAnswer(QByteArrayView returned);
bool isValidSignatureOfDataAnswer(QByteArrayView returned);

} // namespace countersign
