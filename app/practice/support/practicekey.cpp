#include "app/practice/support/practicekey.h"

#include "app/practice/network/datafolder.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <QFile>
#include <QRandomGenerator>

#include <memory>

namespace countersign {

namespace {

using Context = std::unique_ptr<secp256k1_context, decltype(&secp256k1_context_destroy)>;

const secp256k1_context *signingContext()
{
    static const Context context(secp256k1_context_create(SECP256K1_CONTEXT_SIGN), &secp256k1_context_destroy);
    return context.get();
}

} // namespace

PracticeKey PracticeKey::generate()
{
    while (true) {
        std::array<quint32, 8> words{};
        QRandomGenerator::system()->fillRange(words.data(), words.size());
        Secret secret{};
        std::memcpy(secret.data(), words.data(), secret.size());
        if (const Result<PracticeKey> key = fromSecret(secret)) // fails for 0 and the curve's order only
            return *key;
    }
}

Result<PracticeKey> PracticeKey::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, u"The key file %1 cannot be read"_s.arg(path), file.errorString());
    if (file.permissions() & (QFile::ReadGroup | QFile::ReadOther))
        return fail(ErrorKind::Denied, u"The key file %1 can be read by others; make it mode 0600"_s.arg(path));
    const Result<Bytes> bytes = bytesFromHex(QString::fromLatin1(file.read(128)).trimmed());
    if (!bytes || bytes->size() != 32)
        return fail(ErrorKind::Invalid, u"The key file %1 does not hold 32 bytes of hex"_s.arg(path));
    Secret secret{};
    std::memcpy(secret.data(), bytes->constData(), secret.size());
    return fromSecret(secret);
}

Result<void> PracticeKey::save(const QString &path) const
{
    const QByteArrayView secret(m_secret.data(), static_cast<qsizetype>(m_secret.size()));
    return writePrivateFile(path, toHex(secret).toLatin1() + '\n');
}

PracticeKey::~PracticeKey()
{
    explicit_bzero(m_secret.data(), m_secret.size());
}

EvmSignature PracticeKey::sign(const Hash32 &digest) const
{
    secp256k1_ecdsa_recoverable_signature signature;
    const auto *message = reinterpret_cast<const unsigned char *>(digest.view().data());
    secp256k1_ecdsa_sign_recoverable(signingContext(), &signature, message, m_secret.data(), nullptr, nullptr);
    std::array<unsigned char, 64> compact{};
    int recoveryId = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(signingContext(), compact.data(), &recoveryId, &signature);
    EvmSignature result;
    result.r = Hash32::fromDigest(QByteArrayView(compact.data(), 32));
    result.s = Hash32::fromDigest(QByteArrayView(compact.data() + 32, 32));
    result.yParity = static_cast<quint8>(recoveryId);
    return result;
}

Result<PracticeKey> PracticeKey::fromSecret(const Secret &secret)
{
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_create(signingContext(), &point, secret.data()) != 1)
        return fail(ErrorKind::Invalid, u"The bytes are no secp256k1 key"_s);
    std::array<unsigned char, 65> encoded{};
    size_t length = encoded.size();
    secp256k1_ec_pubkey_serialize(signingContext(), encoded.data(), &length, &point, SECP256K1_EC_UNCOMPRESSED);
    const Hash32 hash = keccak256(QByteArrayView(encoded.data() + 1, 64));
    PracticeKey key;
    key.m_secret = secret;
    key.m_address = Address::fromBytes(hash.view().last(Address::size)).value();
    return key;
}

} // namespace countersign
