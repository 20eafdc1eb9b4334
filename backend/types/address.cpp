#include "backend/types/address.h"

#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <algorithm>
#include <cstring>

namespace countersign {

Result<Address> Address::parse(QStringView text)
{
    const auto bytes = bytesFromHex(text);
    if (!bytes)
        return std::unexpected(bytes.error());
    auto address = fromBytes(*bytes);
    if (!address)
        return address;
    const QStringView digits = text.sliced(2);
    const bool hasLower = std::ranges::any_of(digits, [](QChar c) { return c >= u'a' && c <= u'f'; });
    const bool hasUpper = std::ranges::any_of(digits, [](QChar c) { return c >= u'A' && c <= u'F'; });
    if (hasLower && hasUpper && address->toString() != text) {
        return fail(ErrorKind::Invalid, u"The upper and lower case of this address do not match its checksum (EIP-55): a character is wrong."_s,
                    u"given %1, with its checksum %2"_s.arg(text, address->toString()));
    }
    return address;
}

Result<Address> Address::fromBytes(QByteArrayView bytes)
{
    if (bytes.size() != size)
        return fail(ErrorKind::Invalid, u"An address has 40 hexadecimal digits after 0x, this has %1."_s.arg(bytes.size() * 2));
    Address address;
    std::memcpy(address.m_bytes.data(), bytes.data(), size);
    return address;
}

QString Address::toString() const
{
    QString text = toLower();
    const Hash32 hash = keccak256(QStringView(text).sliced(2).toLatin1());
    for (qsizetype i = 0; i < 40; ++i) {
        const quint8 byte = hash.array()[static_cast<size_t>(i / 2)];
        const int nibble = i % 2 == 0 ? byte >> 4 : byte & 15;
        if (nibble >= 8)
            text[i + 2] = text[i + 2].toUpper();
    }
    return text;
}

QString Address::toLower() const
{
    return toHex(view());
}

bool Address::isZero() const
{
    return std::ranges::all_of(m_bytes, [](quint8 byte) { return byte == 0; });
}

} // namespace countersign
