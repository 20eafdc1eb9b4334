#include "backend/safe/safenested.h"

#include "backend/safe/safecalls.h"
#include "backend/types/strings.h"

namespace countersign {

SafeHashes nestedSignatureHashes(SafeVersion childVersion, const SafeHashes &child, const ParentSafe &parent)
{
    const Bytes asked = childVersion.asksContractsByHash() ? child.safeTxHash.bytes() : safePreimage(child);
    return safeMessageHashes(parent.version, parent.chain, parent.safe, asked);
}

SafeSignature nestedSignature(const Address &parent, Bytes ownersSignatures)
{
    return SafeSignature::contract(parent, std::move(ownersSignatures));
}

SafeTransaction nestedApproval(const Address &child, const Hash32 &childHash, const Uint256 &parentNonce)
{
    return {.to = child, .data = encodeApproveHash(childHash), .nonce = parentNonce};
}

std::optional<QString> nestedSignatureProblem(SafeVersion childVersion, std::optional<SafeVersion> handlerVersion)
{
    if (!handlerVersion)
        return u"The parent Safe has no fallback handler that answers for its signatures: let it approve the hash on chain instead."_s;
    // CompatibilityFallbackHandler 1.5.0 dropped isValidSignature(bytes,bytes).
    if (!childVersion.asksContractsByHash() && handlerVersion->asksContractsByHash())
        return u"A Safe %1 asks its owners in a way that the parent's fallback handler %2 no longer answers: let the parent approve the hash on "
               "chain instead."_s.arg(childVersion.toString(), handlerVersion->toString());
    return std::nullopt;
}

} // namespace countersign
