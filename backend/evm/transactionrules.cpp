#include "backend/evm/transactionrules.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <limits>

namespace countersign {

namespace {

constexpr quint64 baseGas = 21'000;
constexpr quint64 creationGas = 32'000; // EIP-2
constexpr quint64 initCodeWordGas = 2; // EIP-3860
constexpr quint64 zeroByteGas = 4; // EIP-2028, as the next
constexpr quint64 otherByteGas = 16;
constexpr quint64 tokensOfByte = 4; // EIP-7623, as the next: a zero byte is one token
constexpr quint64 tokenFloorGas = 10;
constexpr quint64 accessedAddressGas = 2'400; // EIP-2930, as the next
constexpr quint64 accessedKeyGas = 1'900;
constexpr quint64 authorizationGas = 25'000; // EIP-7702's PER_EMPTY_ACCOUNT_COST
constexpr quint8 kzgVersion = 0x01; // EIP-4844's VERSIONED_HASH_VERSION_KZG
// EIP-2294: the largest whose v fits 64 bits.
constexpr quint64 largestLegacyChainId = std::numeric_limits<quint64>::max() / 2 - 36;

class Problems final {
public:
    void add(QLatin1StringView code, QString message)
    {
        m_all.push_back(Error{.kind = ErrorKind::Invalid, .message = std::move(message), .detail = u"tx."_s + code});
    }
    std::vector<Error> take() { return std::move(m_all); }

private:
    std::vector<Error> m_all;
};

void checkChainId(const EvmTransaction &t, Problems &problems)
{
    if (t.type != TransactionType::Legacy) {
        if (!t.chainId)
            problems.add("chainId.missing"_L1,
                u"A transaction of type "_s + QString::number(static_cast<int>(t.type)) + u" needs a chain id."_s);
        return;
    }
    if (t.chainId == ChainId(0))
        problems.add("chainId.zero"_L1,
            u"EIP-155 knows no chain with the id 0; without a chain id the transaction is valid on every chain."_s);
    if (t.chainId && t.chainId->value() > largestLegacyChainId)
        problems.add("chainId.range"_L1, u"The chain id is larger than EIP-155's v can carry (EIP-2294)."_s);
}

void checkFees(const EvmTransaction &t, Problems &problems)
{
    if (!t.gasLimit.toU64())
        problems.add("gasLimit.range"_L1, u"The gas limit does not fit 64 bits."_s);
    if (!t.gasLimit.checkedMul(t.feeCap()))
        problems.add(
            "fee.overflow"_L1, u"The gas limit times the price does not fit 256 bits: no balance can pay for it."_s);
    if (t.hasFeeMarket() && t.maxPriorityFeePerGas > t.maxFeePerGas)
        problems.add(
            "fee.priority"_L1, u"The priority fee is larger than the most that a unit of gas may cost (EIP-1559)."_s);
}

void checkTarget(const EvmTransaction &t, Problems &problems)
{
    if (t.to)
        return;
    if (t.type == TransactionType::Blob || t.type == TransactionType::SetCode) {
        problems.add("to.missing"_L1,
            u"A transaction of type "_s + QString::number(static_cast<int>(t.type))
                + u" cannot create a contract: it needs a recipient."_s);
    } else if (t.data.size() > maxInitCodeBytes) {
        problems.add("initcode.size"_L1,
            u"The init code has "_s + QString::number(t.data.size()) + u" bytes, more than the "_s
                + QString::number(maxInitCodeBytes) + u" of EIP-3860."_s);
    }
}

void checkLists(const EvmTransaction &t, Problems &problems)
{
    if (t.type == TransactionType::Blob) {
        if (t.blobVersionedHashes.empty())
            problems.add("blobs.none"_L1, u"A blob transaction needs at least one blob (EIP-4844)."_s);
        if (std::ranges::any_of(
                t.blobVersionedHashes, [](const Hash32 &hash) { return hash.array().front() != kzgVersion; }))
            problems.add("blobs.version"_L1, u"A blob's versioned hash does not begin with 0x01 (EIP-4844)."_s);
    }
    if (t.type == TransactionType::SetCode && t.authorizationList.empty())
        problems.add(
            "authorizations.none"_L1, u"A set-code transaction needs at least one authorization (EIP-7702)."_s);
}

} // namespace

IntrinsicGas intrinsicGas(const EvmTransaction &t)
{
    const auto size = static_cast<quint64>(t.data.size());
    const auto zeros = static_cast<quint64>(std::ranges::count(t.data, '\0'));
    IntrinsicGas gas;
    gas.execution = baseGas + zeros * zeroByteGas + (size - zeros) * otherByteGas;
    if (!t.to)
        gas.execution += creationGas + (size + 31) / 32 * initCodeWordGas;
    for (const AccessListEntry &entry : t.accessList)
        gas.execution += accessedAddressGas + entry.storageKeys.size() * accessedKeyGas;
    gas.execution += t.authorizationList.size() * authorizationGas;
    gas.floor = baseGas + (zeros + (size - zeros) * tokensOfByte) * tokenFloorGas;
    return gas;
}

std::vector<Error> transactionProblems(const EvmTransaction &t, bool withGas)
{
    Problems problems;
    checkChainId(t, problems);
    if (t.nonce.value() == std::numeric_limits<quint64>::max())
        problems.add("nonce.max"_L1, u"No account ever has the nonce 2^64-1 (EIP-2681)."_s);
    checkFees(t, problems);
    checkTarget(t, problems);
    checkLists(t, problems);
    if (withGas) {
        if (const quint64 least = intrinsicGas(t).minimum(); t.gasLimit < Uint256(least))
            problems.add("gas.intrinsic"_L1,
                u"The gas limit is below the "_s + QString::number(least)
                    + u" that the transaction costs before it runs."_s);
    }
    return problems.take();
}

} // namespace countersign
