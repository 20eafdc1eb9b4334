#include "backend/proposals/sealing/memberkeyring.h"

#include "backend/proposals/sealing/hpke.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

constexpr char digits[] = "0123456789abcdef";

// As text, because a keychain is shown and moved by programs that expect text. Never in memory that is not wiped.
SecretBuffer written(QByteArrayView key)
{
    SecretBuffer text;
    for (const char byte : key) {
        text.append(digits[static_cast<quint8>(byte) >> 4]);
        text.append(digits[static_cast<quint8>(byte) & 15]);
    }
    return text;
}

int digitOf(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

SecretBuffer readKey(QByteArrayView text)
{
    SecretBuffer key;
    for (qsizetype i = 0; i + 1 < text.size(); i += 2) {
        const int high = digitOf(text[i]);
        const int low = digitOf(text[i + 1]);
        if (high < 0 || low < 0)
            return {};
        key.append(static_cast<char>(high * 16 + low));
    }
    return key;
}

std::unexpected<Error> noKeychain()
{
    return fail(ErrorKind::Unavailable, u"This machine has no keychain that could keep an encryption key"_s);
}

} // namespace

QString MemberKeyring::nameOf(const Hash32 &publicKey)
{
    return u"countersign encryption key %1"_s.arg(publicKey.toString());
}

QCoro::Task<Result<Hash32>> MemberKeyring::create()
{
    SecretStore *store = m_store;
    if (!store)
        co_return noKeychain();
    Result<Hash32> publicKey = noKeychain();
    SecretBuffer text;
    {
        WipedKey key;
        if (const auto drawn = drawRandom(key.data(), x25519Bytes); !drawn)
            co_return std::unexpected(drawn.error());
        publicKey = publicKeyOf(key.view());
        text = written(key.view());
    }
    if (!publicKey)
        co_return std::unexpected(publicKey.error());
    const Hash32 made = *publicKey;
    const auto kept = co_await store->write(nameOf(made), std::move(text));
    if (!kept)
        co_return std::unexpected(kept.error());
    MemberKeyring again(store);
    const auto read = co_await again.find(made);
    if (!read)
        co_return fail(read.error().kind,
            u"The keychain took the key, but does not give it back: %1"_s.arg(read.error().message), read.error().detail);
    co_return made;
}

QCoro::Task<Result<SecretBuffer>> MemberKeyring::find(Hash32 publicKey)
{
    SecretStore *store = m_store;
    if (!store)
        co_return noKeychain();
    const auto text = co_await store->read(nameOf(publicKey));
    if (!text)
        co_return std::unexpected(text.error());
    SecretBuffer key = readKey(text->view());
    const auto found = publicKeyOf(key.view());
    if (!found || *found != publicKey)
        co_return fail(ErrorKind::Corrupt, u"What the keychain holds as the encryption key is another one"_s);
    co_return key;
}

QCoro::Task<Result<void>> MemberKeyring::forget(Hash32 publicKey)
{
    SecretStore *store = m_store;
    if (!store)
        co_return noKeychain();
    co_return co_await store->remove(nameOf(publicKey));
}

} // namespace countersign
