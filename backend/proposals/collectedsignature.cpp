#include "backend/proposals/collectedsignature.h"

#include "backend/proposals/exchangedomain.h"

#include <tuple>

namespace countersign {

namespace {

int rankOf(SafeSignatureKind kind)
{
    switch (kind) {
    case SafeSignatureKind::Ecdsa:
        return 0;
    case SafeSignatureKind::EthSign:
        return 1;
    case SafeSignatureKind::Contract:
        return 2;
    case SafeSignatureKind::Approved:
        break;
    }
    return 3;
}

} // namespace

Result<CollectedSignature> CollectedSignature::make(
    ChainId chain, const Address &safe, const Hash32 &safeTxHash, const SafeSignature &signature, Timestamp signedAt)
{
    SafeSignature normal = signature;
    if (signature.kind() == SafeSignatureKind::Ecdsa)
        normal = SafeSignature::ecdsa(signature.signature().normalised());
    else if (signature.kind() == SafeSignatureKind::EthSign)
        normal = SafeSignature::ethSign(signature.signature().normalised());
    const auto owner = normal.signer(safeTxHash);
    if (!owner)
        return std::unexpected(owner.error());
    return CollectedSignature{safeTxHash, normal, *owner, signedAt, chain, safe};
}

bool CollectedSignature::isClaim() const
{
    return signature.kind() == SafeSignatureKind::Contract || signature.kind() == SafeSignatureKind::Approved;
}

Hash32 CollectedSignature::entryHash() const
{
    const ChainLink place = link.value_or(ChainLink{0, {}});
    const ReviewedBlock block = reviewed.value_or(ReviewedBlock{});
    const AbiValue::List fields{AbiValue(owner), numberField(place.sequence), AbiValue(place.previous),
        AbiValue(safeTxHash), AbiValue(blob()), timeField(signedAt), AbiValue(envelope),
        numberField(block.number.value()), AbiValue(block.hash)};
    return exchangeDigest(chainId, safe, u"SignatureEntry", fields);
}

Bytes CollectedSignature::blob() const
{
    // Encoding fails only for a signature that recovers to nobody, and then there is no owner either.
    return encodeSafeSignatures({signature}, safeTxHash).value_or(signature.staticPart());
}

bool isPreferred(const CollectedSignature &a, const CollectedSignature &b)
{
    const auto key = [](const CollectedSignature &signature) {
        return std::tuple(
            rankOf(signature.signature.kind()), !signature.link, signature.link ? signature.link->sequence : 0);
    };
    const auto first = key(a);
    const auto second = key(b);
    return first == second ? a.entryHash() < b.entryHash() : first < second;
}

} // namespace countersign
