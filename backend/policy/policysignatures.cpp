#include "backend/policy/policysignatures.h"

#include "backend/evm/eip712.h"
#include "backend/policy/policy.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <iterator>

namespace countersign {

namespace {

const Eip712Schema &schema()
{
    static const Eip712Schema types = *Eip712Schema::create(
        {{u"Policy"_s, {{u"id"_s, u"bytes32"_s}, {u"name"_s, u"string"_s}, {u"version"_s, u"uint32"_s}}}});
    return types;
}

} // namespace

PolicySignatures PolicySignatures::of(const Policy &policy, ChainId chain, const Address &safe)
{
    return {chain, safe, policy.id(), policy.name, policy.version, {}};
}

Hash32 PolicySignatures::digest() const
{
    const AbiValue::List fields{AbiValue(policyId), AbiValue(name), AbiValue(Uint256(version))};
    const Eip712Domain domain{.name = u"Countersign Policy"_s,
        .version = u"1"_s,
        .chainId = Uint256(chainId.value()),
        .verifyingContract = safe};
    // The schema is ours and every value has its field's type, so hashing cannot fail.
    return eip712Digest(domain.separator(), schema().hashStruct(u"Policy", fields).value_or(Hash32()));
}

Result<void> PolicySignatures::add(const EvmSignature &signature)
{
    const EvmSignature low = signature.normalised();
    const auto owner = recoverAddress(digest(), low);
    if (!owner)
        return std::unexpected(owner.error());
    const auto at = std::ranges::lower_bound(signatures, *owner, {}, &PolicySignature::owner);
    const qsizetype index = std::distance(signatures.begin(), at);
    if (index < signatures.size() && signatures[index].owner == *owner)
        signatures[index].signature = low;
    else
        signatures.insert(index, {*owner, low});
    return {};
}

Result<PolicySignatures> mergePolicySignatures(const PolicySignatures &a, const PolicySignatures &b)
{
    if (a.digest() != b.digest())
        return fail(ErrorKind::Conflict, u"The signatures are over different policies, or for different Safes"_s);
    PolicySignatures merged = a;
    for (const PolicySignature &signature : b.signatures) {
        // Of two by the same owner the smaller stays, so that the order of merging does not matter.
        const auto at = std::ranges::find(merged.signatures, signature.owner, &PolicySignature::owner);
        if (at != merged.signatures.end() && at->signature.toBytes65() <= signature.signature.toBytes65())
            continue;
        if (auto added = merged.add(signature.signature); !added)
            return std::unexpected(added.error());
    }
    return merged;
}

PolicyJudgement judgePolicySignatures(const Policy &policy, const std::optional<PolicySignatures> &signatures,
    ChainId chain, const Address &safe, const QList<Address> &owners, quint64 threshold)
{
    PolicyJudgement judgement;
    judgement.threshold = threshold;
    if (!signatures || signatures->signatures.isEmpty()) {
        judgement.message = u"A local policy: nobody has signed it"_s;
        return judgement;
    }
    if (signatures->digest() != PolicySignatures::of(policy, chain, safe).digest()) {
        judgement.standing = PolicyStanding::Foreign;
        judgement.message = u"The signatures are over another policy, or for another Safe"_s;
        return judgement;
    }
    for (const PolicySignature &one : signatures->signatures) {
        // The owner in the value is a hint: whoever built it may have lied.
        const auto signer = recoverAddress(signatures->digest(), one.signature);
        if (!signer)
            continue;
        QList<Address> &list = owners.contains(*signer) ? judgement.signers : judgement.strangers;
        if (!list.contains(*signer))
            list.append(*signer);
    }
    std::ranges::sort(judgement.signers);
    std::ranges::sort(judgement.strangers);
    const auto count = static_cast<quint64>(judgement.signers.size());
    const bool isEnough = threshold > 0 && count >= threshold;
    judgement.standing = isEnough ? PolicyStanding::Shared : PolicyStanding::Incomplete;
    judgement.message = isEnough
        ? u"%1 owners have signed this policy; %2 are needed"_s.arg(count).arg(threshold)
        : u"Only %1 of the %2 owners that are needed have signed this policy"_s.arg(count).arg(threshold);
    return judgement;
}

} // namespace countersign
