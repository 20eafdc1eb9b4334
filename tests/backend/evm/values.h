#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/strings.h"

// Shorthand of the tests for values that are right by construction.
namespace countersign::testing {

inline Bytes hex(QStringView digits)
{
    return bytesFromHex(digits.startsWith(u"0x") ? digits.toString() : u"0x%1"_s.arg(digits)).value();
}

inline Bytes word(QStringView digits)
{
    return hex(QString(digits.toString().rightJustified(64, u'0')));
}

inline Hash32 hash(QStringView text)
{
    return Hash32::parse(text).value();
}

inline Address address(QStringView text)
{
    return Address::parse(text).value();
}

} // namespace countersign::testing
