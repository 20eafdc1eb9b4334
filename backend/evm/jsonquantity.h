#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/uint256.h"

#include <QJsonObject>
#include <QJsonValue>

namespace countersign {

// Ethereum JSON-RPC's two spellings of bytes ("Hex value encoding" of the execution APIs), read strictly.
// Errors Invalid; nothing is guessed from a number, an empty string or a missing prefix.

/// "0x0", "0x41": lower or upper digits, no leading zero, at most 256 bits.
Result<Uint256> quantityFromJson(const QJsonValue &value);
Result<quint64> quantity64FromJson(const QJsonValue &value);
/// "0x" and an even number of digits.
Result<Bytes> dataFromJson(const QJsonValue &value);
/// Data of exactly 32 bytes.
Result<Hash32> hashFromJson(const QJsonValue &value);
/// Data of exactly 20 bytes; the case is not judged, because nodes differ in it.
Result<Address> addressFromJson(const QJsonValue &value);

/// A storage word: padded to 32 bytes by most nodes, a short quantity from some.
Result<Hash32> storageWordFromJson(const QJsonValue &value);

QString quantityToJson(const Uint256 &value);

/// Reads member `name` of `object` with `read`; an error gets the member's name in front.
template<class Read>
auto memberFromJson(const QJsonObject &object, QLatin1StringView name, Read read) -> decltype(read(QJsonValue()))
{
    auto value = read(object.value(name));
    if (!value)
        return fail(value.error().kind, QString(name) + QStringLiteral(": ") + value.error().message, value.error().detail);
    return value;
}

} // namespace countersign
