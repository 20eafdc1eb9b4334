#include "backend/safe/safehash.h"

#include "backend/evm/signature.h"
#include "backend/types/keccak.h"

#include <array>
#include <cstring>

namespace countersign {

namespace {

// EIP-712 encodings of known shape, written word by word: no schema is walked, nothing is allocated.
template<size_t Words>
class WordWriter final {
public:
    explicit WordWriter(const Hash32 &typeHash) { add(typeHash); }

    void add(const Hash32 &hash) { put(hash.view(), 0); }
    void add(const Address &address) { put(address.view(), 12); }
    void add(const Uint256 &number) { put(number.toBigEndian(), 0); }
    Hash32 hash() const
    {
        Q_ASSERT(m_at == m_bytes.size());
        return keccak256(m_bytes);
    }

private:
    void put(QByteArrayView bytes, size_t padding)
    {
        std::memcpy(m_bytes.data() + m_at + padding, bytes.data(), static_cast<size_t>(bytes.size()));
        m_at += 32;
    }

    std::array<char, Words * 32> m_bytes{};
    size_t m_at = 0;
};

// safe-smart-account, Safe.sol. Before 1.0.0 the sixth field had another name; up to 1.2.0 the domain had no chain.
const Hash32 &safeTxType()
{
    static const Hash32 type = keccak256("SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,"
                                         "uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)");
    return type;
}

const Hash32 &oldSafeTxType()
{
    static const Hash32 type = keccak256("SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 dataGas,"
                                         "uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)");
    return type;
}

Hash32 hashTransaction(const Hash32 &type, const SafeTransaction &t)
{
    WordWriter<11> words(type);
    words.add(t.to);
    words.add(t.value);
    words.add(keccak256(t.data));
    words.add(Uint256(static_cast<quint64>(t.operation)));
    words.add(t.safeTxGas);
    words.add(t.baseGas);
    words.add(t.gasPrice);
    words.add(t.gasToken);
    words.add(t.refundReceiver);
    words.add(t.nonce);
    return words.hash();
}

std::array<char, 66> preimageOf(const Hash32 &domainHash, const Hash32 &messageHash)
{
    std::array<char, 66> bytes{'\x19', '\x01'};
    std::memcpy(bytes.data() + 2, domainHash.view().data(), 32);
    std::memcpy(bytes.data() + 34, messageHash.view().data(), 32);
    return bytes;
}

SafeHashes hashesOf(const Hash32 &domainHash, const Hash32 &messageHash)
{
    return {.domainHash = domainHash, .messageHash = messageHash, .safeTxHash = safeTxHash(domainHash, messageHash)};
}

} // namespace

SafeHashes safeHashes(SafeVersion version, ChainId chain, const Address &safe, const SafeTransaction &transaction)
{
    return hashesOf(safeDomainHash(version, chain, safe), hashTransaction(version.saysDataGas() ? oldSafeTxType() : safeTxType(), transaction));
}

Bytes safePreimage(const SafeHashes &hashes)
{
    return QByteArrayView(preimageOf(hashes.domainHash, hashes.messageHash)).toByteArray();
}

Hash32 safeDomainHash(ChainId chain, const Address &safe)
{
    static const Hash32 type = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    WordWriter<3> words(type);
    words.add(Uint256(chain.value()));
    words.add(safe);
    return words.hash();
}

Hash32 safeLegacyDomainHash(const Address &safe)
{
    static const Hash32 type = keccak256("EIP712Domain(address verifyingContract)");
    WordWriter<2> words(type);
    words.add(safe);
    return words.hash();
}

Hash32 safeDomainHash(SafeVersion version, ChainId chain, const Address &safe)
{
    return version.bindsChain() ? safeDomainHash(chain, safe) : safeLegacyDomainHash(safe);
}

Hash32 safeMessageHash(const SafeTransaction &transaction)
{
    return hashTransaction(safeTxType(), transaction);
}

Hash32 safeMessageHashBefore100(const SafeTransaction &transaction)
{
    return hashTransaction(oldSafeTxType(), transaction);
}

Hash32 safeTxHash(const Hash32 &domainHash, const Hash32 &messageHash)
{
    return keccak256(preimageOf(domainHash, messageHash));
}

Hash32 safeTxHash(ChainId chain, const Address &safe, const SafeTransaction &transaction)
{
    return safeTxHash(safeDomainHash(chain, safe), safeMessageHash(transaction));
}

Hash32 safeOffchainMessageHash(QByteArrayView message)
{
    static const Hash32 type = keccak256("SafeMessage(bytes message)");
    WordWriter<2> words(type);
    words.add(keccak256(message));
    return words.hash();
}

SafeHashes safeMessageHashes(SafeVersion version, ChainId chain, const Address &safe, QByteArrayView message)
{
    return hashesOf(safeDomainHash(version, chain, safe), safeOffchainMessageHash(message));
}

SafeHashes safePersonalMessageHashes(SafeVersion version, ChainId chain, const Address &safe, QByteArrayView message)
{
    return safeMessageHashes(version, chain, safe, personalMessageDigest(message).view());
}

SafeHashes safeTypedDataHashes(SafeVersion version, ChainId chain, const Address &safe, const Hash32 &digest)
{
    return safeMessageHashes(version, chain, safe, digest.view());
}

Hash32 safeEthSignHash(const Hash32 &hash)
{
    return personalMessageDigest(hash.view());
}

} // namespace countersign
