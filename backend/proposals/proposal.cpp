#include "backend/proposals/proposal.h"

#include "backend/evm/eip712.h"
#include "backend/safe/safehash.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

const Eip712Schema &envelopeSchema()
{
    static const Eip712Schema schema = *Eip712Schema::create({
        {u"ProposalEnvelope"_s,
            {{u"safeTxHash"_s, u"bytes32"_s}, {u"title"_s, u"string"_s}, {u"rationale"_s, u"string"_s},
                {u"createdAt"_s, u"uint64"_s}, {u"expiresAt"_s, u"uint64"_s}, {u"promises"_s, u"Promise[]"_s}}},
        {u"Promise"_s, {{u"name"_s, u"string"_s}, {u"before"_s, u"string"_s}, {u"after"_s, u"string"_s}}},
    });
    return schema;
}

Uint256 micros(Timestamp time)
{
    return static_cast<quint64>(std::max<qint64>(time.micros(), 0));
}

} // namespace

Hash32 ProposalDraft::safeTxHash() const
{
    return countersign::safeTxHash(chainId, safe, transaction);
}

Hash32 ProposalDraft::envelopeDigest() const
{
    AbiValue::List promised;
    for (const PromisedEffect &promise : promises)
        promised.push_back(AbiValue::List{AbiValue(promise.name), AbiValue(promise.before), AbiValue(promise.after)});
    const AbiValue::List fields{AbiValue(safeTxHash()), AbiValue(title), AbiValue(rationale),
        AbiValue(micros(createdAt)), AbiValue(expiresAt ? micros(*expiresAt) : Uint256()),
        AbiValue(std::move(promised))};
    const Eip712Domain domain{.name = u"Countersign Proposal"_s,
        .version = u"1"_s,
        .chainId = Uint256(chainId.value()),
        .verifyingContract = safe};
    // The schema is ours and every value has its field's type, so hashing cannot fail.
    return eip712Digest(
        domain.separator(), envelopeSchema().hashStruct(u"ProposalEnvelope", fields).value_or(Hash32()));
}

} // namespace countersign
