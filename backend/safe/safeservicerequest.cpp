#include "backend/safe/safeservicerequest.h"

#include "backend/types/json.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

void appendJsonMember(QByteArray &json, QUtf8StringView name, const QString &value)
{
    json += json.endsWith('{') ? "" : ",";
    appendJsonString(json, name);
    json += ':';
    appendJsonString(json, value.toUtf8());
}

} // namespace

Result<QByteArray> safeServiceProposalBody(const SafeServiceSubject &subject, const SafeServiceProposal &proposal)
{
    constexpr qsizetype maxOrigin = 200;
    const SafeTransaction &t = proposal.transaction;
    const Hash32 hash = subject.hashOf(t);
    if (proposal.origin.size() > maxOrigin)
        return fail(ErrorKind::Invalid, u"The origin has more than 200 characters"_s, u"service.origin"_s);
    if (proposal.signatures.empty())
        return fail(ErrorKind::Invalid, u"A proposal without a signature is hidden by the service: sign it first"_s, u"service.signature"_s);
    bool isBySender = false;
    for (const SafeSignature &signature : proposal.signatures) {
        const auto signer = signature.signer(hash);
        if (!signer)
            return std::unexpected(signer.error());
        isBySender = isBySender || *signer == proposal.sender;
    }
    if (!isBySender)
        return fail(ErrorKind::Invalid, u"No signature is by the sender %1"_s.arg(proposal.sender.toString()), u"service.signer"_s);
    const auto blob = encodeSafeSignatures(proposal.signatures, hash);
    if (!blob)
        return std::unexpected(blob.error());
    QByteArray json("{");
    appendJsonMember(json, "safe", subject.safe.toString());
    appendJsonMember(json, "to", t.to.toString());
    appendJsonMember(json, "value", t.value.toDecimal());
    if (t.data.isEmpty())
        json += ",\"data\":null";
    else
        appendJsonMember(json, "data", toHex(t.data));
    json += t.operation == SafeOperation::Call ? ",\"operation\":0" : ",\"operation\":1";
    appendJsonMember(json, "gasToken", t.gasToken.toString());
    appendJsonMember(json, "safeTxGas", t.safeTxGas.toDecimal());
    appendJsonMember(json, "baseGas", t.baseGas.toDecimal());
    appendJsonMember(json, "gasPrice", t.gasPrice.toDecimal());
    appendJsonMember(json, "refundReceiver", t.refundReceiver.toString());
    appendJsonMember(json, "nonce", t.nonce.toDecimal());
    appendJsonMember(json, "contractTransactionHash", hash.toString());
    appendJsonMember(json, "sender", proposal.sender.toString());
    appendJsonMember(json, "signature", toHex(*blob));
    if (!proposal.origin.isEmpty())
        appendJsonMember(json, "origin", proposal.origin);
    json += '}';
    return json;
}

Result<QByteArray> safeServiceConfirmationBody(const SafeServiceSubject &subject, const Hash32 &safeTxHash, std::vector<SafeSignature> signatures)
{
    if (signatures.empty())
        return fail(ErrorKind::Invalid, u"There is no signature to confirm with"_s, u"service.signature"_s);
    for (const SafeSignature &signature : signatures) {
        const auto signer = signature.signer(safeTxHash);
        if (!signer)
            return std::unexpected(signer.error());
        if (std::ranges::find(subject.owners, *signer) == subject.owners.end())
            return fail(ErrorKind::Invalid, signer->toString() + u" is no owner of the Safe, or signed something else"_s, u"service.owner"_s);
    }
    const auto blob = encodeSafeSignatures(std::move(signatures), safeTxHash);
    if (!blob)
        return std::unexpected(blob.error());
    QByteArray json("{");
    appendJsonMember(json, "signature", toHex(*blob));
    json += '}';
    return json;
}

} // namespace countersign
