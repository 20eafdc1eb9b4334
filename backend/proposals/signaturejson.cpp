#include "backend/proposals/signaturejson.h"

#include "backend/proposals/memberreader.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

constexpr auto signatureKind = "countersign.signature"_L1;

} // namespace

Bytes signatureToJson(const CollectedSignature &signature)
{
    QJsonObject object = frameOf(signatureKind);
    object.insert("chainId"_L1, QString::number(signature.chainId.value()));
    object.insert("safe"_L1, signature.safe.toString());
    object.insert("safeTxHash"_L1, signature.safeTxHash.toString());
    object.insert("owner"_L1, signature.owner.toString());
    object.insert("signature"_L1, toHex(signature.blob()));
    object.insert("signedAt"_L1, decimal(signature.signedAt));
    if (!signature.envelope.isZero())
        object.insert("envelope"_L1, signature.envelope.toString());
    if (signature.reviewed) {
        object.insert("reviewedBlock"_L1, QString::number(signature.reviewed->number.value()));
        object.insert("reviewedBlockHash"_L1, signature.reviewed->hash.toString());
    }
    if (signature.link)
        insertLink(object, *signature.link);
    return canonicalJson(object);
}

Result<CollectedSignature> signatureFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxSignatureFileBytes);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, signatureKind);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    const ChainId chainId(reader.number64("chainId"_L1));
    const Address safe = reader.address("safe"_L1);
    const Hash32 hash = reader.hash("safeTxHash"_L1);
    const Address claimed = reader.address("owner"_L1);
    const Bytes blob = reader.bytes("signature"_L1);
    const Timestamp signedAt = reader.time("signedAt"_L1);
    const Hash32 envelope = reader.has("envelope"_L1) ? reader.hash("envelope"_L1) : Hash32();
    std::optional<ReviewedBlock> reviewed;
    if (reader.has("reviewedBlock"_L1))
        reviewed = ReviewedBlock{BlockNumber(reader.number64("reviewedBlock"_L1)), reader.hash("reviewedBlockHash"_L1)};
    std::optional<ChainLink> link;
    if (reader.has("sequence"_L1))
        link = reader.link();
    reader.finish();
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    const auto parts = decodeSafeSignatures(blob, 1);
    if (!parts)
        return fail(ErrorKind::Invalid, u"its signature is not valid: %1"_s.arg(parts.error().message));
    if (parts->front().contractData().size() > maxContractSignatureBytes)
        return fail(ErrorKind::Exhausted, u"its contract signature is too long"_s);
    auto signature = CollectedSignature::make(chainId, safe, hash, parts->front(), signedAt);
    if (!signature)
        return fail(ErrorKind::Invalid, u"its signature is not valid: %1"_s.arg(signature.error().message));
    if (signature->owner != claimed)
        return fail(ErrorKind::Invalid,
            u"its signature is by %1, not by %2 whom it names"_s.arg(signature->owner.toString(), claimed.toString()));
    signature->envelope = envelope;
    signature->reviewed = reviewed;
    signature->link = link;
    return ifCanonical(*std::move(signature), file, signatureToJson);
}

} // namespace countersign
