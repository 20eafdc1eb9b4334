#include "backend/safe/safesignature.h"

#include "backend/safe/safehash.h"
#include "backend/types/strings.h"
#include "backend/types/uint256.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype partSize = 65;

std::unexpected<Error> bad(const QString &what, QLatin1StringView code, qsizetype position)
{
    return fail(ErrorKind::Invalid, what + u" (byte "_s + QString::number(position) + u")."_s,
                code + u" at byte "_s + QString::number(position));
}

bool allZero(QByteArrayView bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

Result<Address> addressOfWord(QByteArrayView word, qsizetype position)
{
    if (!allZero(word.first(12)))
        return bad(u"The bytes above a signer's address are not zero"_s, "safe.signature.address"_L1, position);
    return Address::fromBytes(word.last(Address::size));
}

std::optional<qsizetype> smallNumber(QByteArrayView word)
{
    const auto number = Uint256::fromBigEndian(word)->toU64();
    if (!number || *number > static_cast<quint64>(maxSafeSignatureBytes))
        return std::nullopt;
    return static_cast<qsizetype>(*number);
}

} // namespace

SafeSignature SafeSignature::ecdsa(const EvmSignature &signature)
{
    SafeSignature result;
    result.m_kind = SafeSignatureKind::Ecdsa;
    result.m_signature = signature;
    return result;
}

SafeSignature SafeSignature::ethSign(const EvmSignature &signature)
{
    SafeSignature result = ecdsa(signature);
    result.m_kind = SafeSignatureKind::EthSign;
    return result;
}

SafeSignature SafeSignature::contract(const Address &owner, Bytes data)
{
    SafeSignature result;
    result.m_kind = SafeSignatureKind::Contract;
    result.m_owner = owner;
    result.m_data = std::move(data);
    return result;
}

SafeSignature SafeSignature::approved(const Address &owner)
{
    SafeSignature result;
    result.m_kind = SafeSignatureKind::Approved;
    result.m_owner = owner;
    return result;
}

Result<SafeSignature> SafeSignature::fromBytes(QByteArrayView bytes)
{
    if (bytes.size() != partSize)
        return bad(u"A signature has 65 bytes"_s, "safe.signature.size"_L1, bytes.size());
    const auto v = static_cast<quint8>(bytes.back());
    const EvmSignature signature{.r = Hash32::fromDigest(bytes.first(32)), .s = Hash32::fromDigest(bytes.sliced(32, 32))};
    switch (v) {
    case 27:
    case 28:
        return ecdsa({.r = signature.r, .s = signature.s, .yParity = v == 28});
    case 31:
    case 32:
        return ethSign({.r = signature.r, .s = signature.s, .yParity = v == 32});
    case 1: {
        const auto owner = addressOfWord(bytes.first(32), 0);
        if (!owner)
            return std::unexpected(owner.error());
        if (!signature.s.isZero()) // the contract does not look at it: bytes that mean nothing are refused here
            return bad(u"The unused part of an approval is not zero"_s, "safe.signature.approved"_L1, 32);
        return approved(*owner);
    }
    case 0:
        return bad(u"A contract's signature needs its data"_s, "safe.signature.contract"_L1, 64);
    default:
        return bad(u"This version of the Safe knows no signature of type "_s + QString::number(v), "safe.signature.v"_L1, 64);
    }
}

Result<Address> SafeSignature::signer(const Hash32 &safeTxHash) const
{
    switch (m_kind) {
    case SafeSignatureKind::Ecdsa:
        return recoverAddress(safeTxHash, m_signature);
    case SafeSignatureKind::EthSign:
        return recoverAddress(safeEthSignHash(safeTxHash), m_signature);
    case SafeSignatureKind::Contract:
    case SafeSignatureKind::Approved:
        break;
    }
    return m_owner;
}

Bytes SafeSignature::staticPart(qsizetype tailOffset) const
{
    if (m_kind == SafeSignatureKind::Ecdsa || m_kind == SafeSignatureKind::EthSign) {
        Bytes part = m_signature.toBytes65();
        if (m_kind == SafeSignatureKind::EthSign)
            part[64] = static_cast<char>(part[64] + 4);
        return part;
    }
    Bytes part(12, '\0');
    part += m_owner.view();
    part += Uint256(static_cast<quint64>(tailOffset)).toBigEndian();
    part += m_kind == SafeSignatureKind::Contract ? '\0' : '\1';
    return part;
}

Result<Bytes> encodeSafeSignatures(std::vector<SafeSignature> signatures, const Hash32 &safeTxHash)
{
    struct Signed {
        Address signer;
        SafeSignature signature;
    };
    std::vector<Signed> list;
    for (SafeSignature &signature : signatures) {
        const auto signer = signature.signer(safeTxHash);
        if (!signer)
            return std::unexpected(signer.error());
        list.push_back({.signer = *signer, .signature = std::move(signature)});
    }
    std::ranges::sort(list, {}, &Signed::signer);
    if (const auto twice = std::ranges::adjacent_find(list, {}, &Signed::signer); twice != list.end())
        return fail(ErrorKind::Conflict, twice->signer.toString() + u" has signed twice."_s, u"safe.signature.twice"_s);

    Bytes parts;
    Bytes tails;
    const qsizetype tailsStart = static_cast<qsizetype>(list.size()) * partSize;
    for (const Signed &entry : list) {
        const bool isContract = entry.signature.kind() == SafeSignatureKind::Contract;
        parts += entry.signature.staticPart(isContract ? tailsStart + tails.size() : 0);
        if (isContract) {
            tails += Uint256(static_cast<quint64>(entry.signature.contractData().size())).toBigEndian();
            tails += entry.signature.contractData();
        }
    }
    return parts + tails;
}

Result<std::vector<SafeSignature>> decodeSafeSignatures(QByteArrayView blob, qsizetype count)
{
    if (blob.size() > maxSafeSignatureBytes)
        return fail(ErrorKind::Exhausted, u"The signatures are larger than this program reads"_s, u"safe.signature.limit"_s);
    if (count < 0 || count > blob.size() / partSize)
        return bad(u"The signatures end too early"_s, "safe.signature.truncated"_L1, blob.size());
    std::vector<SafeSignature> signatures;
    qsizetype tail = count * partSize;
    for (qsizetype i = 0; i < count; ++i) {
        const qsizetype at = i * partSize;
        const QByteArrayView part = blob.sliced(at, partSize);
        if (part.back() != '\0') {
            auto signature = SafeSignature::fromBytes(part);
            if (!signature)
                return bad(signature.error().message.section(u" (byte"_s, 0, 0), "safe.signature.part"_L1, at);
            signatures.push_back(*std::move(signature));
            continue;
        }
        const auto owner = addressOfWord(part.first(32), at);
        if (!owner)
            return std::unexpected(owner.error());
        // Data lies behind in the order of the parts, so that every byte has one reader and one place.
        if (smallNumber(part.sliced(32, 32)) != tail)
            return bad(u"A contract's signature points elsewhere than behind the one before"_s, "safe.signature.offset"_L1, at + 32);
        if (blob.size() - tail < 32)
            return bad(u"The signatures end too early"_s, "safe.signature.truncated"_L1, blob.size());
        const auto length = smallNumber(blob.sliced(tail, 32));
        if (!length || *length > blob.size() - tail - 32)
            return bad(u"A contract's signature is longer than the data"_s, "safe.signature.length"_L1, tail);
        signatures.push_back(SafeSignature::contract(*owner, blob.sliced(tail + 32, *length).toByteArray()));
        tail += 32 + *length;
    }
    if (tail != blob.size())
        return bad(u"Bytes follow after the signatures"_s, "safe.signature.trailing"_L1, tail);
    return signatures;
}

Result<std::vector<SafeSignature>> decodeSafeSignatures(QByteArrayView blob)
{
    // Parts stand in a row up to the first contract signature's data, or to the end.
    for (qsizetype at = 0; at + partSize <= blob.size(); at += partSize) {
        const QByteArrayView part = blob.sliced(at, partSize);
        if (part.back() != '\0')
            continue;
        const auto tail = smallNumber(part.sliced(32, 32));
        if (!tail || *tail % partSize != 0)
            return bad(u"A contract's signature points into another part"_s, "safe.signature.offset"_L1, at + 32);
        return decodeSafeSignatures(blob, *tail / partSize);
    }
    return decodeSafeSignatures(blob, blob.size() / partSize);
}

SafeSignatureCheck checkSafeSignatures(std::span<const SafeSignature> signatures, const Hash32 &safeTxHash,
                                       std::span<const Address> owners, qsizetype threshold)
{
    SafeSignatureCheck check;
    const auto faultOf = [&check](SafeSignatureFault fault, const QString &message) {
        check.fault = fault;
        check.message = message;
        return check;
    };
    if (threshold < 1 || static_cast<qsizetype>(signatures.size()) < threshold)
        return faultOf(SafeSignatureFault::TooFew, QString::number(signatures.size()) + u" of "_s + QString::number(threshold)
                                                       + u" signatures are there."_s);
    for (const SafeSignature &signature : signatures.first(static_cast<size_t>(threshold))) {
        const auto signer = signature.signer(safeTxHash);
        if (!signer)
            return faultOf(SafeSignatureFault::Unrecoverable, signer.error().message);
        if (!check.signers.empty() && *signer <= check.signers.back())
            return faultOf(SafeSignatureFault::OutOfOrder, *signer == check.signers.back()
                                                               ? signer->toString() + u" has signed twice."_s
                                                               : u"The signatures are not sorted by signer."_s);
        if (std::ranges::find(owners, *signer) == owners.end())
            return faultOf(SafeSignatureFault::NotAnOwner, signer->toString() + u" is no owner of this Safe."_s);
        check.signers.push_back(*signer);
        check.needsChain = check.needsChain || signature.kind() == SafeSignatureKind::Contract
            || signature.kind() == SafeSignatureKind::Approved;
    }
    return check;
}

} // namespace countersign
