#include "backend/evm/signature.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <array>

namespace countersign {

namespace {

// Verification needs no tables of its own and no blinding, so the library's static context serves every thread.
const secp256k1_context *context()
{
    return secp256k1_context_static;
}

const unsigned char *raw(QByteArrayView bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

std::array<unsigned char, 64> compactOf(const EvmSignature &signature)
{
    std::array<unsigned char, 64> compact{};
    std::copy_n(signature.r.array().begin(), 32, compact.begin());
    std::copy_n(signature.s.array().begin(), 32, compact.begin() + 32);
    return compact;
}

std::unexpected<Error> bad(const QString &what)
{
    return fail(ErrorKind::Invalid, what, u"signature"_s);
}

Result<secp256k1_pubkey> recover(const Hash32 &digest, const EvmSignature &signature)
{
    const auto compact = compactOf(signature);
    secp256k1_ecdsa_recoverable_signature parsed;
    if (!secp256k1_ecdsa_recoverable_signature_parse_compact(
            context(), &parsed, compact.data(), signature.yParity ? 1 : 0))
        return bad(u"The signature's numbers are out of range"_s);
    secp256k1_pubkey key;
    if (!secp256k1_ecdsa_recover(context(), &key, &parsed, digest.array().data()))
        return bad(u"No key can have made this signature"_s);
    return key;
}

std::array<char, 65> uncompressed(const secp256k1_pubkey &key)
{
    std::array<char, 65> point{};
    size_t size = point.size();
    secp256k1_ec_pubkey_serialize(
        context(), reinterpret_cast<unsigned char *>(point.data()), &size, &key, SECP256K1_EC_UNCOMPRESSED);
    return point;
}

Address addressOf(const secp256k1_pubkey &key)
{
    const auto point = uncompressed(key);
    const Hash32 hash = keccak256(QByteArrayView(point).sliced(1));
    return *Address::fromBytes(hash.view().last(Address::size));
}

Result<secp256k1_pubkey> parseKey(QByteArrayView publicKey)
{
    secp256k1_pubkey key;
    if (!secp256k1_ec_pubkey_parse(context(), &key, raw(publicKey), static_cast<size_t>(publicKey.size())))
        return bad(u"The public key is no point on secp256k1"_s);
    return key;
}

// n/2 of secp256k1, rounded down (EIP-2).
constexpr std::array<quint8, 32> halfOrder
    = {0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x5d, 0x57, 0x6e,
        0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0};

// n itself (SEC 2, 2.4.1).
constexpr std::array<quint8, 32> order = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};

std::optional<Error> numberProblem(const Hash32 &number, QLatin1StringView subject, QLatin1StringView name)
{
    if (number.isZero())
        return Error{.kind = ErrorKind::Invalid,
            .message = u"The signature's "_s + name + u" is zero."_s,
            .detail = subject + u'.' + name + u".zero"_s};
    if (number.array() >= order)
        return Error{.kind = ErrorKind::Invalid,
            .message = u"The signature's "_s + name + u" is not below the order of secp256k1."_s,
            .detail = subject + u'.' + name + u".range"_s};
    return std::nullopt;
}

} // namespace

Result<EvmSignature> EvmSignature::fromBytes65(QByteArrayView bytes)
{
    if (bytes.size() != 65)
        return bad(u"A signature has 65 bytes, not "_s + QString::number(bytes.size()));
    const auto v = static_cast<quint8>(bytes.back());
    if (v != 0 && v != 1 && v != 27 && v != 28)
        return bad(u"The signature's last byte is "_s + QString::number(v) + u", not 0, 1, 27 or 28"_s);
    return EvmSignature{.r = Hash32::fromDigest(bytes.first(32)),
        .s = Hash32::fromDigest(bytes.sliced(32, 32)),
        .yParity = v == 1 || v == 28};
}

Result<EvmSignature> EvmSignature::fromCompact(QByteArrayView bytes)
{
    if (bytes.size() != 64)
        return bad(u"A compact signature has 64 bytes, not "_s + QString::number(bytes.size()));
    std::array<char, 32> s{};
    std::copy_n(bytes.data() + 32, 32, s.begin());
    const bool yParity = (static_cast<quint8>(s.front()) & 0x80) != 0;
    s.front() = static_cast<char>(static_cast<quint8>(s.front()) & 0x7f);
    return EvmSignature{.r = Hash32::fromDigest(bytes.first(32)), .s = Hash32::fromDigest(s), .yParity = yParity};
}

Result<EvmSignature> EvmSignature::fromBytes(QByteArrayView bytes)
{
    if (bytes.size() != 64 && bytes.size() != 65)
        return bad(u"A signature has 65 bytes, or 64 in its compact form, not "_s + QString::number(bytes.size()));
    return bytes.size() == 64 ? fromCompact(bytes) : fromBytes65(bytes);
}

Bytes EvmSignature::toBytes65() const
{
    Bytes bytes = r.bytes();
    bytes += s.view();
    bytes += static_cast<char>(yParity ? 28 : 27);
    return bytes;
}

Result<Bytes> EvmSignature::toCompact() const
{
    if ((s.array().front() & 0x80) != 0)
        return bad(u"The signature's s is in the high form, which has no room for the parity (EIP-2098)"_s);
    Bytes bytes = r.bytes();
    bytes += s.view();
    if (yParity)
        bytes[32] = static_cast<char>(static_cast<quint8>(bytes[32]) | 0x80);
    return bytes;
}

bool EvmSignature::isLowS() const
{
    return s.array() <= halfOrder;
}

EvmSignature EvmSignature::normalised() const
{
    const auto compact = compactOf(*this);
    secp256k1_ecdsa_signature parsed;
    if (isLowS() || !secp256k1_ecdsa_signature_parse_compact(context(), &parsed, compact.data()))
        return *this;
    secp256k1_ecdsa_signature_normalize(context(), &parsed, &parsed);
    std::array<unsigned char, 64> low{};
    secp256k1_ecdsa_signature_serialize_compact(context(), low.data(), &parsed);
    return {.r = r, .s = Hash32::fromDigest(QByteArrayView(low).last(32)), .yParity = !yParity};
}

std::optional<Error> signatureProblem(const EvmSignature &signature, QLatin1StringView subject)
{
    if (auto problem = numberProblem(signature.r, subject, "r"_L1))
        return problem;
    return numberProblem(signature.s, subject, "s"_L1);
}

Result<Address> recoverAddress(const Hash32 &digest, const EvmSignature &signature)
{
    const auto key = recover(digest, signature);
    if (!key)
        return std::unexpected(key.error());
    return addressOf(*key);
}

Result<Bytes> recoverPublicKey(const Hash32 &digest, const EvmSignature &signature)
{
    const auto key = recover(digest, signature);
    if (!key)
        return std::unexpected(key.error());
    return QByteArrayView(uncompressed(*key)).toByteArray();
}

Result<bool> verifySignature(const Hash32 &digest, const EvmSignature &signature, QByteArrayView publicKey)
{
    const auto key = parseKey(publicKey);
    if (!key)
        return std::unexpected(key.error());
    const auto compact = compactOf(signature);
    secp256k1_ecdsa_signature parsed;
    if (!secp256k1_ecdsa_signature_parse_compact(context(), &parsed, compact.data()))
        return false;
    // The library verifies the low form only; both forms are signatures of the same key.
    secp256k1_ecdsa_signature_normalize(context(), &parsed, &parsed);
    return secp256k1_ecdsa_verify(context(), &parsed, digest.array().data(), &*key) == 1;
}

Result<Address> addressOfPublicKey(QByteArrayView publicKey)
{
    const auto key = parseKey(publicKey);
    if (!key)
        return std::unexpected(key.error());
    return addressOf(*key);
}

Result<EvmSignature> completeSignature(const Hash32 &digest, QByteArrayView compact, const Address &expected)
{
    if (compact.size() != 64)
        return fail(ErrorKind::Rejected,
            u"The device returned "_s + QString::number(compact.size()) + u" bytes as a signature, not 64."_s,
            u"signature.size"_s);
    const EvmSignature even{.r = Hash32::fromDigest(compact.first(32)), .s = Hash32::fromDigest(compact.last(32))};
    EvmSignature candidate = even.normalised();
    // Two more ids exist for r above the group's order; their chance is 2^-127, and no chain accepts them.
    for (const bool parity : {false, true}) {
        candidate.yParity = parity;
        if (const auto signer = recoverAddress(digest, candidate); signer && *signer == expected)
            return candidate;
    }
    return fail(ErrorKind::Rejected,
        u"The device's signature is not by the key "_s + expected.toString()
            + u" over what was to be signed. Treat this as an incident: do not sign again before it is explained."_s,
        u"signature.mismatch digest="_s + digest.toString());
}

Hash32 personalMessageDigest(QByteArrayView message)
{
    Bytes data = "\x19"
                 "Ethereum Signed Message:\n"_ba;
    data += QByteArray::number(message.size());
    data += message;
    return keccak256(data);
}

Hash32 intendedValidatorDigest(const Address &validator, QByteArrayView data)
{
    Bytes preimage("\x19\x00", 2);
    preimage += validator.view();
    preimage += data;
    return keccak256(preimage);
}

} // namespace countersign
