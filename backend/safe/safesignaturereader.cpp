#include "backend/safe/safesignaturereader.h"

#include "backend/safe/safecalls.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype partSize = 65;

struct Slice {
    qsizetype begin = 0;
    qsizetype end = 0;
};

// Who signs must be a contract's and an approver's address as the contract reads it: the last 20 bytes of r, whatever
// stands before them.
Address addressInWord(QByteArrayView word)
{
    return *Address::fromBytes(word.last(Address::size));
}

bool allZero(QByteArrayView bytes)
{
    return std::ranges::all_of(bytes, [](char c) { return c == '\0'; });
}

const Address &sentinel()
{
    static const Address one = addressInWord(Uint256(1).toBigEndian());
    return one;
}

class Reader final {
public:
    Reader(QByteArrayView blob, const SafeSignatureQuestion &question)
        : m_blob(blob)
        , m_question(question)
        , m_staticSize(question.threshold * partSize)
    {
    }

    SafeSignatureReading read()
    {
        const qsizetype there = std::min(m_question.threshold, m_blob.size() / partSize);
        if (there < m_question.threshold)
            refuse("GS020"_L1, "tooFew"_L1, -1, m_blob.size(),
                   QString::number(there) + u" of "_s + QString::number(m_question.threshold) + u" signatures are there."_s);
        m_reading.entries.reserve(static_cast<size_t>(there));
        m_reading.wellOrdered = there > 0;
        for (qsizetype i = 0; i < there; ++i)
            readPart(i);
        noteUnread(there);
        return std::move(m_reading);
    }

private:
    void refuse(QLatin1StringView code, QLatin1StringView reason, qsizetype entry, qsizetype position, const QString &message)
    {
        m_reading.errors.push_back({.code = code, .reason = reason, .entry = entry, .position = position, .message = message});
    }

    void note(QLatin1StringView reason, qsizetype entry, qsizetype position, const QString &message)
    {
        m_reading.notes.push_back({.code = {}, .reason = reason, .entry = entry, .position = position, .message = message});
    }

    void readPart(qsizetype index)
    {
        const qsizetype at = index * partSize;
        const QByteArrayView part = m_blob.sliced(at, partSize);
        SafeSignatureEntry entry;
        entry.v = static_cast<quint8>(part.back());
        if (entry.v == 0 || entry.v == 1)
            readClaimed(entry, part, index);
        else
            readEcdsa(entry, part, index);
        judgeSigner(entry, index);
        m_reading.entries.push_back(std::move(entry));
    }

    void readClaimed(SafeSignatureEntry &entry, QByteArrayView part, qsizetype index)
    {
        const qsizetype at = index * partSize;
        m_reading.needsChain = true;
        entry.owner = addressInWord(part.first(32));
        if (!allZero(part.first(12)))
            note("dirtyAddress"_L1, index, at, u"The bytes above a signer's address are not zero; the contract does not look at them."_s);
        if (entry.v == 1) {
            entry.type = SafeSignatureType::Approved;
            if (!allZero(part.sliced(32, 32)))
                note("unusedBytes"_L1, index, at + 32, u"The unused part of an approval is not zero; the contract does not look at it."_s);
            return;
        }
        entry.type = SafeSignatureType::Contract;
        if (m_question.version.checksPreimage() && m_question.preimage && keccak256(*m_question.preimage) != m_question.safeTxHash)
            refuse("GS027"_L1, "preimage"_L1, index, at, u"The pre-image does not hash to the safeTxHash."_s);
        readTail(entry, part.sliced(32, 32), index);
    }

    void readTail(SafeSignatureEntry &entry, QByteArrayView pointer, qsizetype index)
    {
        const qsizetype at = index * partSize + 32;
        const auto offset = smallNumber(pointer);
        if (offset && *offset < m_staticSize)
            return refuse("GS021"_L1, "intoParts"_L1, index, at, u"A contract's signature points into the other signatures."_s);
        // Near 2^256 the contract's checked addition overflows, and it reverts without saying the code.
        if (!offset || *offset > m_blob.size() - 32)
            return refuse("GS022"_L1, overflows(pointer, 32) ? "overflow"_L1 : "beyondData"_L1, index, at,
                          u"A contract's signature points beyond the data."_s);
        const QByteArrayView size = m_blob.sliced(*offset, 32);
        const auto length = smallNumber(size);
        if (!length || *length > m_blob.size() - *offset - 32)
            return refuse("GS023"_L1, overflows(size, *offset + 32) ? "overflow"_L1 : "longerThanData"_L1, index, *offset,
                          u"A contract's signature is longer than the data."_s);
        entry.contractData = m_blob.sliced(*offset + 32, *length).toByteArray();
        m_tails.push_back({.begin = *offset, .end = *offset + 32 + *length});
    }

    void readEcdsa(SafeSignatureEntry &entry, QByteArrayView part, qsizetype index)
    {
        const qsizetype at = index * partSize;
        // Above 30 the contract takes four off and recovers over the personal message; the rest it recovers as it is.
        const bool ethSign = entry.v > 30 && m_question.version.readsEthSign();
        const int v = ethSign ? entry.v - 4 : entry.v;
        if (v != 27 && v != 28) {
            refuse("GS026"_L1, "unsupported"_L1, index, at + 64,
                   u"A signature of type %1 is unsupported by this version of the Safe: nobody is recovered from it."_s.arg(entry.v));
            return;
        }
        entry.type = ethSign ? SafeSignatureType::EthSign : SafeSignatureType::Ecdsa;
        const EvmSignature signature{.r = Hash32::fromDigest(part.first(32)), .s = Hash32::fromDigest(part.sliced(32, 32)), .yParity = v == 28};
        const auto signer = recoverAddress(ethSign ? safeEthSignHash(m_question.safeTxHash) : m_question.safeTxHash, signature);
        if (!signer) {
            refuse("GS026"_L1, "unrecoverable"_L1, index, at, u"No key can have made this signature."_s);
            return;
        }
        entry.owner = *signer;
        entry.highS = !signature.isLowS();
        if (entry.highS)
            note("highS"_L1, index, at + 32, u"The signature is in its high form; the contract accepts it, other tools may not."_s);
    }

    void judgeSigner(const SafeSignatureEntry &entry, qsizetype index)
    {
        const qsizetype at = index * partSize;
        if (!entry.owner) {
            m_reading.wellOrdered = false;
            return; // said already
        }
        if (entry.owner->isZero() || *entry.owner == sentinel()) {
            refuse("GS026"_L1, entry.owner->isZero() ? "zeroSigner"_L1 : "sentinelSigner"_L1, index, at,
                   entry.owner->toString() + u" cannot be an owner."_s);
        } else if (m_last && *entry.owner == *m_last) {
            refuse("GS026"_L1, "twice"_L1, index, at, entry.owner->toString() + u" has signed twice."_s);
        } else if (m_last && *entry.owner < *m_last) {
            refuse("GS026"_L1, "order"_L1, index, at,
                   u"The signatures are not sorted by signer: "_s + entry.owner->toString() + u" stands too late."_s);
        } else if (m_question.owners && std::ranges::find(*m_question.owners, *entry.owner) == m_question.owners->end()) {
            refuse("GS026"_L1, "notAnOwner"_L1, index, at, entry.owner->toString() + u" is no owner of this Safe."_s);
        }
        m_reading.wellOrdered = m_reading.wellOrdered && !entry.owner->isZero() && (!m_last || *entry.owner > *m_last);
        m_last = entry.owner;
    }

    // Bytes that no part and no tail covers, and tails that share bytes: the contract sees neither.
    void noteUnread(qsizetype there)
    {
        std::ranges::sort(m_tails, {}, &Slice::begin);
        qsizetype covered = there * partSize;
        for (const Slice &tail : m_tails) {
            if (tail.begin > covered)
                note("gap"_L1, -1, covered, QString::number(tail.begin - covered) + u" bytes between the signatures are read by nobody."_s);
            if (tail.begin < covered)
                note("shared"_L1, -1, tail.begin, u"Two contract signatures share bytes."_s);
            covered = std::max(covered, tail.end);
        }
        if (covered < m_blob.size())
            note("trailing"_L1, -1, covered,
                 QString::number(m_blob.size() - covered) + u" bytes follow that the contract ignores."_s);
    }

    static bool overflows(QByteArrayView word, qsizetype added)
    {
        return !Uint256::fromBigEndian(word)->checkedAdd(Uint256(static_cast<quint64>(added)));
    }

    static std::optional<qsizetype> smallNumber(QByteArrayView word)
    {
        const auto number = Uint256::fromBigEndian(word)->toU64();
        if (!number || *number > static_cast<quint64>(maxSafeSignatureBytes))
            return std::nullopt;
        return static_cast<qsizetype>(*number);
    }

    QByteArrayView m_blob;
    const SafeSignatureQuestion &m_question;
    qsizetype m_staticSize;
    std::optional<Address> m_last;
    std::vector<Slice> m_tails;
    SafeSignatureReading m_reading;
};

} // namespace

QLatin1StringView safeSignatureTypeName(SafeSignatureType type)
{
    switch (type) {
    case SafeSignatureType::Ecdsa:
        return "ecdsa"_L1;
    case SafeSignatureType::EthSign:
        return "ethSign"_L1;
    case SafeSignatureType::Contract:
        return "contract"_L1;
    case SafeSignatureType::Approved:
        return "approved"_L1;
    case SafeSignatureType::Unsupported:
        break;
    }
    return "unsupported"_L1;
}

Result<SafeSignatureReading> readSafeSignatures(QByteArrayView blob, const SafeSignatureQuestion &question)
{
    if (blob.size() > maxSafeSignatureBytes)
        return fail(ErrorKind::Exhausted, u"The signatures are larger than the %1 bytes that this program reads."_s.arg(maxSafeSignatureBytes),
                    u"safe.signature.limit"_s);
    if (question.threshold < 1)
        return fail(ErrorKind::Invalid, u"The threshold must be at least one."_s, u"GS001"_s);
    // No Safe can have more owners than a blob of this size has parts; the product with the part size must not overflow.
    if (question.threshold > maxSafeSignatureBytes)
        return fail(ErrorKind::Exhausted, u"The threshold is larger than this program reads."_s, u"safe.signature.limit"_s);
    return Reader(blob, question).read();
}

Bytes encodeContractSignatureCheck(SafeVersion version, const SafeHashes &hashes, const Bytes &contractData)
{
    if (version.asksContractsByHash())
        return *safeAbi().function(u"isValidSignature(bytes32,bytes)")->encodeCall({AbiValue(hashes.safeTxHash), contractData});
    return *safeAbi().function(u"isValidSignature(bytes,bytes)")->encodeCall({safePreimage(hashes), contractData});
}

Bytes contractSignatureMagic(SafeVersion version)
{
    Bytes word = safeAbi().function(version.asksContractsByHash() ? u"isValidSignature(bytes32,bytes)" : u"isValidSignature(bytes,bytes)")
                     ->selector()
                     .bytes();
    word.append(28, '\0');
    return word;
}

} // namespace countersign
