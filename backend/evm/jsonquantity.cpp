#include "backend/evm/jsonquantity.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

std::unexpected<Error> bad(const QString &what, const QJsonValue &value)
{
    const QString seen = value.isString() ? value.toString().left(80) : u"no text"_s;
    return fail(ErrorKind::Invalid, what, u"json: "_s + seen);
}

} // namespace

Result<Uint256> quantityFromJson(const QJsonValue &value)
{
    const QString text = value.toString();
    if (!value.isString() || !text.startsWith(u"0x"))
        return bad(u"a quantity is text with 0x"_s, value);
    const QStringView digits = QStringView(text).sliced(2);
    if (digits.isEmpty() || digits.size() > 64)
        return bad(u"a quantity has 1 to 64 digits"_s, value);
    if (digits.size() > 1 && digits.front() == u'0')
        return bad(u"a quantity has no leading zero"_s, value);
    auto number = Uint256::parse(text);
    if (!number)
        return bad(u"a quantity has hexadecimal digits only"_s, value);
    return number;
}

Result<quint64> quantity64FromJson(const QJsonValue &value)
{
    const auto number = quantityFromJson(value);
    if (!number)
        return std::unexpected(number.error());
    const auto small = number->toU64();
    if (!small)
        return bad(u"the quantity is larger than 64 bits"_s, value);
    return *small;
}

Result<Bytes> dataFromJson(const QJsonValue &value)
{
    if (!value.isString())
        return bad(u"bytes are text with 0x"_s, value);
    auto bytes = bytesFromHex(value.toString());
    if (!bytes)
        return bad(bytes.error().message, value);
    return bytes;
}

Result<Hash32> hashFromJson(const QJsonValue &value)
{
    const auto bytes = dataFromJson(value);
    if (!bytes)
        return std::unexpected(bytes.error());
    auto hash = Hash32::fromBytes(*bytes);
    if (!hash)
        return bad(u"a hash has 32 bytes"_s, value);
    return hash;
}

Result<Address> addressFromJson(const QJsonValue &value)
{
    const auto bytes = dataFromJson(value);
    if (!bytes)
        return std::unexpected(bytes.error());
    auto address = Address::fromBytes(*bytes);
    if (!address)
        return bad(u"an address has 20 bytes"_s, value);
    return address;
}

Result<Hash32> storageWordFromJson(const QJsonValue &value)
{
    const QString text = value.toString();
    const QStringView digits = QStringView(text).sliced(qMin(qsizetype(2), text.size()));
    const auto number = digits.isEmpty() ? Result<Uint256>(fail(ErrorKind::Invalid, u"an empty word"_s)) : Uint256::parse(text);
    if (!value.isString() || !text.startsWith(u"0x") || !number)
        return fail(ErrorKind::Invalid, u"no storage word"_s, u"json: "_s + text.left(80));
    return Hash32::fromDigest(number->toBigEndian());
}

QString quantityToJson(const Uint256 &value)
{
    return value.toHexQuantity();
}

} // namespace countersign
