#pragma once

#include "backend/safe/safehash.h"
#include "backend/safe/safesignature.h"

#include <optional>

namespace countersign {

/// A Safe that is an owner of another Safe.
struct ParentSafe {
    Address safe;
    SafeVersion version = SafeVersion::v141();
    ChainId chain;
};

/// What the parent's owners sign so that the parent signs for the child: a SafeMessage of the parent over what the child
/// asks it about, the child's pre-image up to 1.4.1 and its safeTxHash from 1.5.0 on.
SafeHashes nestedSignatureHashes(SafeVersion childVersion, const SafeHashes &child, const ParentSafe &parent);

/// The parent's signature for the child, from the blob of the parent's owners over nestedSignatureHashes (encodeSafeSignatures).
SafeSignature nestedSignature(const Address &parent, Bytes ownersSignatures);

/// The other way: the transaction by which the parent approves the child's hash on chain, to be signed like any other. The
/// child then takes an approval (v = 1) of the parent.
SafeTransaction nestedApproval(const Address &child, const Hash32 &childHash, const Uint256 &parentNonce);

/// Why a parent's signature would be refused although its owners signed: the child asks in a way that the parent's fallback
/// handler does not answer. Empty when it does. `handlerVersion` is of the parent's CompatibilityFallbackHandler.
std::optional<QString> nestedSignatureProblem(SafeVersion childVersion, std::optional<SafeVersion> handlerVersion);

} // namespace countersign
