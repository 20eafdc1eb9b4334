#include "backend/proposals/sealedenvelope.h"

#include "backend/proposals/memberreader.h"
#include "backend/proposals/sealing/aead.h"
#include "backend/proposals/sealing/hpke.h"
#include "backend/types/strings.h"

#include <QJsonArray>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <utility>

namespace countersign {

namespace {

constexpr auto envelopeKind = "countersign.sealed"_L1;
constexpr qsizetype maxHolds = 64;
constexpr qsizetype wrappedBytes = x25519Bytes + aeadTagBytes;

template <class T> void appendNumber(Bytes &bytes, T number)
{
    std::array<char, sizeof(T)> raw{};
    qToBigEndian(number, raw.data());
    bytes.append(raw.data(), raw.size());
}

// The key of a content is never used again, so that its nonce need not differ.
QByteArrayView contentNonce()
{
    static constexpr std::array<char, aeadNonceBytes> zeros{};
    return {zeros.data(), aeadNonceBytes};
}

Bytes headerOf(const SealedEnvelope &envelope)
{
    Bytes header("countersign sealed envelope 1");
    appendNumber(header, quint64{envelope.chainId.value()});
    header.append(envelope.safe.view());
    const Bytes holds = envelope.holds.toUtf8();
    appendNumber(header, static_cast<quint16>(holds.size()));
    header.append(holds);
    appendNumber(header, static_cast<quint16>(envelope.recipients.size()));
    for (const EnvelopeRecipient &recipient : envelope.recipients)
        header.append(recipient.member.view()).append(recipient.key.view());
    return header;
}

Result<void> checkHeader(const SealedEnvelope &envelope)
{
    if (envelope.recipients.size() > maxEnvelopeRecipients)
        return fail(ErrorKind::Exhausted, u"it is encrypted to more than %1 members"_s.arg(maxEnvelopeRecipients));
    if (envelope.recipients.isEmpty())
        return fail(ErrorKind::Invalid, u"it is encrypted to nobody"_s);
    for (qsizetype i = 1; i < envelope.recipients.size(); ++i) {
        if (!(envelope.recipients[i - 1].member < envelope.recipients[i].member))
            return fail(ErrorKind::Invalid, u"its recipients are not each once, by address"_s);
    }
    const bool isNamed = !envelope.holds.isEmpty() && envelope.holds.size() <= maxHolds
        && std::ranges::all_of(envelope.holds, [](QChar c) { return (c >= u'a' && c <= u'z') || c == u'.'; });
    if (!isNamed)
        return fail(ErrorKind::Invalid, u"it does not say what it holds"_s);
    return {};
}

} // namespace

const EnvelopeRecipient *SealedEnvelope::find(const Hash32 &key) const
{
    const auto found = std::ranges::find(recipients, key, &EnvelopeRecipient::key);
    return found == recipients.end() ? nullptr : &*found;
}

bool isSealedEnvelope(QByteArrayView file)
{
    if (file.size() > maxEnvelopeBytes || !file.startsWith('{'))
        return false;
    const auto text = exchangeText(file, maxEnvelopeBytes);
    const auto named = text ? text->root().find("kind") : std::nullopt;
    return named && named->toString() == envelopeKind;
}

Error encryptedPackage()
{
    return {ErrorKind::Invalid, u"It is encrypted to members of a Safe: only the console of one of them opens it"_s, {}};
}

Bytes envelopeToJson(const SealedEnvelope &envelope)
{
    QJsonObject object = frameOf(envelopeKind);
    object.insert("chainId"_L1, QString::number(envelope.chainId.value()));
    object.insert("safe"_L1, envelope.safe.toString());
    object.insert("holds"_L1, envelope.holds);
    QJsonArray recipients;
    for (const EnvelopeRecipient &recipient : envelope.recipients)
        recipients.append(QJsonObject{{u"member"_s, recipient.member.toString()}, {u"key"_s, recipient.key.toString()},
            {u"enc"_s, recipient.enc.toString()}, {u"wrapped"_s, toHex(recipient.wrapped)}});
    object.insert("recipients"_L1, recipients);
    object.insert("content"_L1, QString::fromLatin1(envelope.content.toBase64()));
    return canonicalJson(object);
}

Result<SealedEnvelope> envelopeFromJson(QByteArrayView file)
{
    const auto text = exchangeText(file, maxEnvelopeBytes);
    if (!text)
        return std::unexpected(text.error());
    MemberReader reader(text->root(), {});
    readFrame(reader, envelopeKind);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    SealedEnvelope envelope;
    envelope.chainId = ChainId(reader.number64("chainId"_L1));
    envelope.safe = reader.address("safe"_L1);
    envelope.holds = reader.text("holds"_L1);
    for (const JsonView value : reader.list("recipients"_L1, maxEnvelopeRecipients)) {
        MemberReader part(value, u"recipients."_s);
        EnvelopeRecipient recipient{part.address("member"_L1), part.hash("key"_L1), part.hash("enc"_L1), {}};
        recipient.wrapped = part.bytes("wrapped"_L1);
        if (recipient.wrapped.size() != wrappedBytes)
            part.note(u"recipients.wrapped has not %1 bytes"_s.arg(wrappedBytes));
        reader.finish(part);
        envelope.recipients.append(recipient);
    }
    const auto content = QByteArray::fromBase64Encoding(
        reader.text("content"_L1).toLatin1(), QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    reader.finish();
    if (!content)
        reader.note(u"content is not base64"_s);
    if (reader.problem())
        return fail(ErrorKind::Invalid, *reader.problem());
    envelope.content = content.decoded;
    if (envelope.content.size() > maxEnvelopeContent + aeadTagBytes)
        return fail(ErrorKind::Exhausted, u"its content has more than %1 bytes"_s.arg(maxEnvelopeContent));
    if (const auto checked = checkHeader(envelope); !checked)
        return std::unexpected(checked.error());
    return ifCanonical(std::move(envelope), file, envelopeToJson);
}

Result<SealedEnvelope> sealEnvelope(
    ChainId chain, const Address &safe, const QString &holds, QByteArrayView content, const QList<MemberKey> &recipients)
{
    if (content.size() > maxEnvelopeContent)
        return fail(ErrorKind::Exhausted, u"It has more than %1 bytes"_s.arg(maxEnvelopeContent));
    SealedEnvelope envelope{chain, safe, holds, {}, {}};
    for (const MemberKey &recipient : recipients)
        envelope.recipients.append(EnvelopeRecipient{recipient.member, recipient.key, {}, {}});
    std::ranges::sort(envelope.recipients, {}, &EnvelopeRecipient::member);
    if (const auto checked = checkHeader(envelope); !checked)
        return std::unexpected(checked.error());
    const Bytes header = headerOf(envelope);
    WipedKey key;
    if (const auto drawn = drawRandom(key.data(), aeadKeyBytes); !drawn)
        return std::unexpected(drawn.error());
    for (EnvelopeRecipient &recipient : envelope.recipients) {
        const auto wrapped = hpkeSeal(recipient.key, header, recipient.member.view(), key.view());
        if (!wrapped)
            return fail(wrapped.error().kind,
                u"It cannot be encrypted to %1: %2"_s.arg(recipient.member.toString(), wrapped.error().message));
        recipient.enc = wrapped->enc;
        recipient.wrapped = wrapped->ciphertext;
    }
    auto sealed = aeadSeal(key.view(), contentNonce(), header, content);
    if (!sealed)
        return std::unexpected(sealed.error());
    envelope.content = *std::move(sealed);
    return envelope;
}

Result<Bytes> openEnvelope(const SealedEnvelope &envelope, QByteArrayView privateKey)
{
    const auto mine = publicKeyOf(privateKey);
    if (!mine)
        return std::unexpected(mine.error());
    const EnvelopeRecipient *recipient = envelope.find(*mine);
    if (!recipient)
        return fail(ErrorKind::NotFound, u"It is encrypted to others"_s);
    const Bytes header = headerOf(envelope);
    auto key = hpkeOpen(privateKey, {recipient->enc, recipient->wrapped}, header, recipient->member.view());
    if (!key)
        return std::unexpected(key.error());
    auto content = aeadOpen(*key, contentNonce(), header, envelope.content);
    wipe(*key);
    return content;
}

} // namespace countersign
