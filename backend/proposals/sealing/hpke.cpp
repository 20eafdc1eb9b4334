#include "backend/proposals/sealing/hpke.h"

#include "backend/proposals/sealing/aead.h"
#include "backend/types/strings.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

namespace countersign {

namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;

constexpr QByteArrayView version("HPKE-v1");
constexpr QByteArrayView kemSuite("KEM\x00\x20", 5); // DHKEM(X25519, HKDF-SHA256) is 0x0020
constexpr QByteArrayView hpkeSuite("HPKE\x00\x20\x00\x01\x00\x03", 10); // with HKDF-SHA256 0x0001, ChaCha20-Poly1305 0x0003

const unsigned char *raw(QByteArrayView bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

std::unexpected<Error> broken()
{
    return fail(ErrorKind::Internal, u"X25519 or HMAC is not to be had from the cryptographic library"_s);
}

Result<void> hmac(QByteArrayView key, const Bytes &text, char *out)
{
    unsigned int size = 0;
    if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(text), static_cast<size_t>(text.size()),
            reinterpret_cast<unsigned char *>(out), &size)
        || size != x25519Bytes)
        return broken();
    return {};
}

// LabeledExtract of RFC 9180, 4. An empty salt is as many zeros as the hash has bytes, which HMAC makes of it itself.
Result<void> labelledExtract(
    QByteArrayView suite, QByteArrayView salt, QByteArrayView label, QByteArrayView secret, WipedKey &out)
{
    Bytes text;
    text.reserve(version.size() + suite.size() + label.size() + secret.size());
    text.append(version).append(suite).append(label).append(secret);
    static constexpr std::array<char, 32> zeros{};
    auto made = hmac(salt.isEmpty() ? QByteArrayView(zeros.data(), 32) : salt, text, out.data());
    wipe(text);
    return made;
}

// LabeledExpand for at most one block of the hash, which is all that is needed here.
Result<void> labelledExpand(QByteArrayView suite, QByteArrayView key, QByteArrayView label, QByteArrayView info,
    qsizetype length, WipedKey &out)
{
    Bytes text;
    text.append('\0').append(static_cast<char>(length));
    text.append(version).append(suite).append(label).append(info).append('\1');
    return hmac(key, text, out.data());
}

Result<void> diffieHellman(QByteArrayView privateKey, const Hash32 &publicKey, WipedKey &shared)
{
    const Key mine(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, raw(privateKey), x25519Bytes), EVP_PKEY_free);
    const Key theirs(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, raw(publicKey.view()), x25519Bytes), EVP_PKEY_free);
    const KeyContext context(mine ? EVP_PKEY_CTX_new(mine.get(), nullptr) : nullptr, EVP_PKEY_CTX_free);
    if (!theirs || !context || EVP_PKEY_derive_init(context.get()) != 1
        || EVP_PKEY_derive_set_peer(context.get(), theirs.get()) != 1)
        return broken();
    size_t size = x25519Bytes;
    const bool derived
        = EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char *>(shared.data()), &size) == 1
        && size == x25519Bytes;
    // The library refuses a point of low order; that is not taken on trust (RFC 9180, 7.1.4).
    static constexpr std::array<char, 32> zeros{};
    if (!derived || CRYPTO_memcmp(shared.view().data(), zeros.data(), zeros.size()) == 0)
        return fail(ErrorKind::Rejected, u"The public key is no point that a secret can be agreed with"_s);
    return {};
}

// ExtractAndExpand of the KEM over what both sides have agreed.
Result<void> agree(QByteArrayView privateKey, const Hash32 &other, const Hash32 &enc, const Hash32 &recipient,
    WipedKey &shared)
{
    if (privateKey.size() != x25519Bytes)
        return fail(ErrorKind::Invalid, u"A private key has 32 bytes"_s);
    WipedKey exchanged;
    if (auto made = diffieHellman(privateKey, other, exchanged); !made)
        return made;
    WipedKey extracted;
    if (auto made = labelledExtract(kemSuite, {}, "eae_prk", exchanged.view(), extracted); !made)
        return made;
    return labelledExpand(
        kemSuite, extracted.view(), "shared_secret", enc.bytes() + recipient.bytes(), x25519Bytes, shared);
}

} // namespace

void wipe(Bytes &bytes)
{
    OPENSSL_cleanse(bytes.data(), static_cast<size_t>(bytes.size()));
}

WipedKey::~WipedKey()
{
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
}

Result<void> drawRandom(char *bytes, qsizetype size)
{
    if (RAND_priv_bytes(reinterpret_cast<unsigned char *>(bytes), static_cast<int>(size)) != 1)
        return fail(ErrorKind::Internal, u"The machine gives no random numbers"_s);
    return {};
}

Result<Hash32> publicKeyOf(QByteArrayView privateKey)
{
    if (privateKey.size() != x25519Bytes)
        return fail(ErrorKind::Invalid, u"A private key has 32 bytes"_s);
    const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, raw(privateKey), x25519Bytes), EVP_PKEY_free);
    std::array<char, x25519Bytes> bytes{};
    size_t size = bytes.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char *>(bytes.data()), &size) != 1
        || size != bytes.size())
        return broken();
    return Hash32::fromBytes(QByteArrayView(bytes.data(), x25519Bytes));
}

Result<void> hpkeSchedule(QByteArrayView sharedSecret, QByteArrayView info, HpkeSchedule &schedule)
{
    WipedKey pskIdHash;
    WipedKey infoHash;
    WipedKey secret;
    WipedKey nonce;
    auto made = labelledExtract(hpkeSuite, {}, "psk_id_hash", {}, pskIdHash);
    if (made)
        made = labelledExtract(hpkeSuite, {}, "info_hash", info, infoHash);
    Bytes context(1, '\0'); // mode_base
    context.append(pskIdHash.view()).append(infoHash.view());
    if (made)
        made = labelledExtract(hpkeSuite, sharedSecret, "secret", {}, secret);
    if (made)
        made = labelledExpand(hpkeSuite, secret.view(), "key", context, aeadKeyBytes, schedule.key);
    if (made)
        made = labelledExpand(hpkeSuite, secret.view(), "base_nonce", context, aeadNonceBytes, nonce);
    std::copy_n(nonce.view().begin(), aeadNonceBytes, schedule.baseNonce.begin());
    return made;
}

Result<HpkeMessage> hpkeSealWith(QByteArrayView ephemeral, const Hash32 &recipient, QByteArrayView info,
    QByteArrayView aad, QByteArrayView plain)
{
    const auto enc = publicKeyOf(ephemeral);
    if (!enc)
        return std::unexpected(enc.error());
    WipedKey shared;
    HpkeSchedule schedule;
    auto made = agree(ephemeral, recipient, *enc, recipient, shared);
    if (made)
        made = hpkeSchedule(shared.view(), info, schedule);
    if (!made)
        return std::unexpected(made.error());
    auto ciphertext = aeadSeal(
        schedule.key.view(), QByteArrayView(schedule.baseNonce.data(), aeadNonceBytes), aad, plain);
    if (!ciphertext)
        return std::unexpected(ciphertext.error());
    return HpkeMessage{*enc, *std::move(ciphertext)};
}

Result<HpkeMessage> hpkeSeal(const Hash32 &recipient, QByteArrayView info, QByteArrayView aad, QByteArrayView plain)
{
    WipedKey ephemeral;
    if (const auto drawn = drawRandom(ephemeral.data(), x25519Bytes); !drawn)
        return std::unexpected(drawn.error());
    return hpkeSealWith(ephemeral.view(), recipient, info, aad, plain);
}

Result<Bytes> hpkeOpen(QByteArrayView privateKey, const HpkeMessage &message, QByteArrayView info, QByteArrayView aad)
{
    const auto mine = publicKeyOf(privateKey);
    if (!mine)
        return std::unexpected(mine.error());
    WipedKey shared;
    HpkeSchedule schedule;
    auto made = agree(privateKey, message.enc, message.enc, *mine, shared);
    if (made)
        made = hpkeSchedule(shared.view(), info, schedule);
    if (!made)
        return std::unexpected(made.error());
    return aeadOpen(
        schedule.key.view(), QByteArrayView(schedule.baseNonce.data(), aeadNonceBytes), aad, message.ciphertext);
}

} // namespace countersign
