#include "backend/proposals/proposal.h"

#include "backend/proposals/exchangedomain.h"
#include "backend/safe/safehash.h"

namespace countersign {

Hash32 ProposalDraft::safeTxHash() const
{
    return countersign::safeTxHash(chainId, safe, transaction);
}

Hash32 ProposalDraft::envelopeDigest() const
{
    AbiValue::List promised;
    for (const PromisedEffect &promise : promises)
        promised.push_back(AbiValue::List{AbiValue(promise.name), AbiValue(promise.before), AbiValue(promise.after)});
    AbiValue::List attached;
    for (const Attachment &attachment : attachments)
        attached.push_back(AbiValue::List{AbiValue(attachment.name), AbiValue(attachment.mediaType),
            numberField(attachment.size), AbiValue(attachment.contentHash)});
    AbiValue::List linked;
    for (const QString &url : links)
        linked.push_back(AbiValue(url));
    AbiValue::List awaited;
    for (const Hash32 &dependency : dependsOn)
        awaited.push_back(AbiValue(dependency));
    const AbiValue::List fields{AbiValue(proposer), numberField(link.sequence), AbiValue(link.previous),
        AbiValue(safeTxHash()), AbiValue(safeVersion), AbiValue(title), AbiValue(rationale),
        AbiValue(std::move(attached)), AbiValue(std::move(linked)), timeField(createdAt), timeField(notBefore),
        timeField(expiresAt), AbiValue(policy), AbiValue(previousEnvelope), AbiValue(replaces),
        AbiValue(std::move(awaited)), AbiValue(std::move(promised))};
    return exchangeDigest(chainId, safe, u"ProposalEnvelope", fields);
}

} // namespace countersign
