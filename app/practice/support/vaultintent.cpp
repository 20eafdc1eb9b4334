#include "app/practice/support/vaultintent.h"

#include "backend/evm/abifunction.h"
#include "backend/evm/eip712.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr qsizetype longestNumeric = 64;
constexpr int numericDecimals = 10;

Uint256 powerOfTen(int exponent)
{
    Uint256 power(1);
    for (int i = 0; i < exponent; ++i)
        power = power.checkedMul(Uint256(10)).value_or(Uint256::max());
    return power;
}

const Result<Eip712Schema> &intentSchema()
{
    static const Result<Eip712Schema> schema = Eip712Schema::create({{u"Intent"_s,
                                                                      {{u"intentId"_s, u"bytes32"_s},
                                                                       {u"partyId"_s, u"bytes32"_s},
                                                                       {u"adapterId"_s, u"bytes32"_s},
                                                                       {u"amount"_s, u"uint256"_s},
                                                                       {u"data"_s, u"bytes"_s},
                                                                       {u"nonce"_s, u"uint256"_s},
                                                                       {u"deadline"_s, u"uint256"_s}}}});
    return schema;
}

AbiValue::List fieldsOf(const VaultIntent &intent)
{
    return {AbiValue(intent.intentId), AbiValue(intent.partyId), AbiValue(intent.adapterId), AbiValue(intent.amount),
            AbiValue(intent.data),     AbiValue(intent.nonce),   AbiValue(intent.deadline)};
}

} // namespace

Result<Uint256> amountFromNumeric(QStringView numeric)
{
    const auto invalid = [&] { return fail(ErrorKind::Invalid, u"No amount of an asset: %1"_s.arg(numeric.left(longestNumeric))); };
    if (numeric.isEmpty() || numeric.size() > longestNumeric)
        return invalid();
    const qsizetype dot = numeric.indexOf(u'.');
    const QStringView whole = dot < 0 ? numeric : numeric.first(dot);
    QStringView fraction = dot < 0 ? QStringView() : numeric.sliced(dot + 1);
    while (fraction.endsWith(u'0'))
        fraction.chop(1);
    if (whole.isEmpty() || whole.startsWith("0x"_L1) || fraction.size() > assetDecimals)
        return invalid();
    const QString digits = whole.toString() + fraction.toString().leftJustified(assetDecimals, u'0');
    const Result<Uint256> amount = Uint256::parse(digits);
    return amount ? amount : invalid();
}

QString numericFromAmount(const Uint256 &amount)
{
    const auto [whole, rest] = amount.divmod(powerOfTen(assetDecimals)).value_or(std::pair<Uint256, Uint256>());
    const QString fraction = rest.toDecimal().rightJustified(assetDecimals, u'0') + QString(numericDecimals - assetDecimals, u'0');
    return whole.toDecimal() + u'.' + fraction;
}

Result<Hash32> intentDigest(const VaultIntent &intent, ChainId chain, const Address &vault)
{
    if (!intentSchema())
        return std::unexpected(intentSchema().error());
    const Eip712Domain domain{.name = u"CantonDeFiVault"_s,
                              .version = u"1"_s,
                              .chainId = Uint256(chain.value()),
                              .verifyingContract = vault};
    const Result<Hash32> hash = intentSchema()->hashStruct(u"Intent", fieldsOf(intent));
    if (!hash)
        return hash;
    return eip712Digest(domain.separator(), *hash);
}

Result<Bytes> executeIntentCall(const VaultIntent &intent, const Bytes &signature)
{
    static const Result<AbiFunction> function
        = AbiFunction::parse(u"executeIntent((bytes32,bytes32,bytes32,uint256,bytes,uint256,uint256),bytes)");
    if (!function)
        return std::unexpected(function.error());
    return function->encodeCall({AbiValue(fieldsOf(intent)), AbiValue(signature)});
}

} // namespace countersign
