#include "backend/proposals/sealedsignature.h"

#include "backend/proposals/sealing/hpke.h"
#include "backend/proposals/signaturejson.h"
#include "backend/proposals/statementjson.h"
#include "backend/types/strings.h"

#include <QtEndian>

#include <algorithm>
#include <map>
#include <utility>

namespace countersign {

namespace {

// Every part has a fixed length, so that no two contexts have one text.
Bytes infoOf(const ExchangeLane &author, const Hash32 &safeTxHash, const MemberKey &recipient)
{
    std::array<char, sizeof(quint64)> chain{};
    qToBigEndian(quint64{author.chainId.value()}, chain.data());
    Bytes info("countersign sealed signature 1");
    info.append(chain.data(), chain.size()).append(author.safe.view()).append(safeTxHash.view());
    info.append(author.author.view()).append(recipient.member.view()).append(recipient.key.view());
    return info;
}

std::unexpected<Error> notWhatItSays(const QString &why)
{
    return fail(ErrorKind::Invalid, u"What was sealed is not the signature that it was given as: %1"_s.arg(why));
}

} // namespace

Result<Bytes> sealSignature(const CollectedSignature &signature, const MemberKey &recipient)
{
    if (signature.isClaim())
        return fail(ErrorKind::Invalid, u"Only a signature that proves itself can be sealed"_s);
    if (signature.owner == recipient.member)
        return fail(ErrorKind::Invalid, u"A signature is not sealed for its own author"_s);
    CollectedSignature bare = signature;
    bare.link.reset();
    const auto message
        = hpkeSeal(recipient.key, infoOf(signature.lane(), signature.safeTxHash, recipient), {}, signatureToJson(bare));
    if (!message)
        return std::unexpected(message.error());
    return message->enc.bytes() + message->ciphertext;
}

Result<CollectedSignature> openSealedSignature(const Statement &statement, QByteArrayView privateKey)
{
    if (statement.kind != StatementKind::SealedSignature || !checkStatement(statement))
        return fail(ErrorKind::Invalid, u"It is no sealed signature"_s);
    const auto mine = publicKeyOf(privateKey);
    if (!mine)
        return std::unexpected(mine.error());
    if (*mine != statement.encryptionKey)
        return fail(ErrorKind::NotFound, u"It was sealed for another key"_s, statement.encryptionKey.toString());
    const auto enc = Hash32::fromBytes(QByteArrayView(statement.sealed).first(Hash32::size));
    if (!enc)
        return std::unexpected(enc.error());
    const MemberKey recipient{statement.recipient, statement.encryptionKey, {}};
    const auto content = hpkeOpen(privateKey, {*enc, statement.sealed.sliced(Hash32::size)},
        infoOf(statement.lane(), statement.safeTxHash, recipient), {});
    if (!content)
        return std::unexpected(content.error());
    auto signature = signatureFromJson(*content);
    if (!signature)
        return notWhatItSays(signature.error().message);
    if (signature->owner != statement.author)
        return notWhatItSays(u"it is by %1"_s.arg(signature->owner.toString()));
    if (signature->safeTxHash != statement.safeTxHash || signature->chainId != statement.chainId
        || signature->safe != statement.safe)
        return notWhatItSays(u"it is for another transaction"_s);
    if (signature->isClaim() || signature->link)
        return notWhatItSays(u"it does not prove itself"_s);
    return signature;
}

QList<Statement> sealedSignatures(const ExchangeItem &item)
{
    std::map<Address, const Statement *> latest;
    for (const Statement &statement : item.statements) {
        if (statement.kind != StatementKind::SealedSignature
            || std::ranges::find(item.signatures, statement.author, &CollectedSignature::owner) != item.signatures.end())
            continue;
        const Statement *&held = latest[statement.author];
        if (!held || held->link.sequence < statement.link.sequence)
            held = &statement;
    }
    QList<Statement> found;
    for (const auto &[author, statement] : latest)
        found.append(*statement);
    return found;
}

ExchangeItem withOpened(ExchangeItem item, const QList<CollectedSignature> &opened)
{
    for (const CollectedSignature &signature : opened) {
        if (signature.safeTxHash == item.id()
            && std::ranges::find(std::as_const(item.signatures), signature.owner, &CollectedSignature::owner)
                == item.signatures.cend())
            item.signatures.append(signature);
    }
    std::ranges::sort(item.signatures, {}, &CollectedSignature::owner);
    return item;
}

} // namespace countersign
