#include "backend/safe/safehash.h"

#include "backend/evm/eip712.h"
#include "backend/evm/signature.h"
#include "backend/types/keccak.h"

namespace countersign {

namespace {

// safe-smart-account, Safe.sol; before 1.0.0 the sixth field had another name.
std::vector<Eip712Field> fieldsOfSafeTx(const QString &sixth)
{
    return {{u"to"_s, u"address"_s},
            {u"value"_s, u"uint256"_s},
            {u"data"_s, u"bytes"_s},
            {u"operation"_s, u"uint8"_s},
            {u"safeTxGas"_s, u"uint256"_s},
            {sixth, u"uint256"_s},
            {u"gasPrice"_s, u"uint256"_s},
            {u"gasToken"_s, u"address"_s},
            {u"refundReceiver"_s, u"address"_s},
            {u"nonce"_s, u"uint256"_s}};
}

const Eip712Schema &schema()
{
    static const Eip712Schema safe =
        *Eip712Schema::create({{u"SafeTx"_s, fieldsOfSafeTx(u"baseGas"_s)}, {u"SafeMessage"_s, {{u"message"_s, u"bytes"_s}}}});
    return safe;
}

const Eip712Schema &oldSchema()
{
    static const Eip712Schema safe = *Eip712Schema::create({{u"SafeTx"_s, fieldsOfSafeTx(u"dataGas"_s)}});
    return safe;
}

AbiValue::List valuesOf(const SafeTransaction &t)
{
    return {t.to,      t.value,    t.data,     Uint256(static_cast<quint64>(t.operation)), t.safeTxGas, t.baseGas, t.gasPrice,
            t.gasToken, t.refundReceiver, t.nonce};
}

} // namespace

Hash32 safeDomainHash(ChainId chain, const Address &safe)
{
    return Eip712Domain{.chainId = Uint256(chain.value()), .verifyingContract = safe}.separator();
}

Hash32 safeLegacyDomainHash(const Address &safe)
{
    return Eip712Domain{.verifyingContract = safe}.separator();
}

Hash32 safeMessageHash(const SafeTransaction &transaction)
{
    return *schema().hashStruct(u"SafeTx", valuesOf(transaction));
}

Hash32 safeMessageHashBefore100(const SafeTransaction &transaction)
{
    return *oldSchema().hashStruct(u"SafeTx", valuesOf(transaction));
}

Hash32 safeTxHash(const Hash32 &domainHash, const Hash32 &messageHash)
{
    return eip712Digest(domainHash, messageHash);
}

Hash32 safeTxHash(ChainId chain, const Address &safe, const SafeTransaction &transaction)
{
    return eip712Digest(safeDomainHash(chain, safe), safeMessageHash(transaction));
}

Hash32 safeOffchainMessageHash(QByteArrayView message)
{
    return *schema().hashStruct(u"SafeMessage", AbiValue::list({AbiValue(message.toByteArray())}));
}

Hash32 safeEthSignHash(const Hash32 &hash)
{
    return personalMessageDigest(hash.view());
}

} // namespace countersign
