#include "backend/proposals/sealing/aead.h"

#include "backend/types/strings.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <limits>
#include <memory>

namespace countersign {

namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char *raw(QByteArrayView bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

unsigned char *raw(Bytes &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

Result<void> checkSizes(QByteArrayView key, QByteArrayView nonce, QByteArrayView aad, QByteArrayView text)
{
    constexpr qsizetype most = std::numeric_limits<int>::max() - aeadTagBytes;
    if (key.size() != aeadKeyBytes || nonce.size() != aeadNonceBytes)
        return fail(ErrorKind::Invalid, u"A key of 32 and a nonce of 12 bytes are needed"_s);
    if (aad.size() > most || text.size() > most)
        return fail(ErrorKind::Exhausted, u"It is too long to be encrypted at once"_s);
    return {};
}

std::unexpected<Error> broken()
{
    return fail(ErrorKind::Internal, u"The cipher is not to be had from the cryptographic library"_s);
}

} // namespace

Result<Bytes> aeadSeal(QByteArrayView key, QByteArrayView nonce, QByteArrayView aad, QByteArrayView plain)
{
    if (const auto checked = checkSizes(key, nonce, aad, plain); !checked)
        return std::unexpected(checked.error());
    const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Bytes sealed(plain.size() + aeadTagBytes, Qt::Uninitialized);
    int written = 0;
    int last = 0;
    if (!context || EVP_EncryptInit_ex(context.get(), EVP_chacha20_poly1305(), nullptr, raw(key), raw(nonce)) != 1
        || (!aad.isEmpty()
            && EVP_EncryptUpdate(context.get(), nullptr, &written, raw(aad), static_cast<int>(aad.size())) != 1)
        || EVP_EncryptUpdate(context.get(), raw(sealed), &written, raw(plain), static_cast<int>(plain.size())) != 1
        || EVP_EncryptFinal_ex(context.get(), raw(sealed) + written, &last) != 1 || written + last != plain.size()
        || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(aeadTagBytes),
               sealed.data() + plain.size())
            != 1)
        return broken();
    return sealed;
}

Result<Bytes> aeadOpen(QByteArrayView key, QByteArrayView nonce, QByteArrayView aad, QByteArrayView sealed)
{
    if (const auto checked = checkSizes(key, nonce, aad, sealed); !checked)
        return std::unexpected(checked.error());
    if (sealed.size() < aeadTagBytes)
        return fail(ErrorKind::Corrupt, u"It is shorter than what was encrypted"_s);
    const QByteArrayView text = sealed.first(sealed.size() - aeadTagBytes);
    Bytes tag = sealed.last(aeadTagBytes).toByteArray();
    const Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    Bytes plain(text.size(), Qt::Uninitialized);
    int written = 0;
    int last = 0;
    if (!context || EVP_DecryptInit_ex(context.get(), EVP_chacha20_poly1305(), nullptr, raw(key), raw(nonce)) != 1
        || EVP_CIPHER_CTX_ctrl(
               context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(aeadTagBytes), tag.data())
            != 1
        || (!aad.isEmpty()
            && EVP_DecryptUpdate(context.get(), nullptr, &written, raw(aad), static_cast<int>(aad.size())) != 1)
        || EVP_DecryptUpdate(context.get(), raw(plain), &written, raw(text), static_cast<int>(text.size())) != 1)
        return broken();
    if (EVP_DecryptFinal_ex(context.get(), raw(plain) + written, &last) != 1) {
        OPENSSL_cleanse(plain.data(), static_cast<size_t>(plain.size()));
        return fail(ErrorKind::Corrupt, u"It was encrypted for another key, for another purpose, or was changed"_s);
    }
    return plain;
}

} // namespace countersign
