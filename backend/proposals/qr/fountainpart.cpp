#include "backend/proposals/qr/fountainpart.h"

#include "backend/proposals/qr/cbor.h"
#include "backend/types/strings.h"

#include <limits>

namespace countersign {

namespace {
constexpr quint64 members = 5;
} // namespace

bool FountainPart::isSibling(const FountainPart &other) const
{
    return count == other.count && messageSize == other.messageSize && checksum == other.checksum
        && data.size() == other.data.size();
}

Bytes toCbor(const FountainPart &part)
{
    Bytes bytes;
    bytes.reserve(part.data.size() + 24);
    appendCborHead(bytes, CborKind::Array, members);
    for (const quint32 value : {part.number, part.count, part.messageSize, part.checksum})
        appendCborHead(bytes, CborKind::Unsigned, value);
    appendCborHead(bytes, CborKind::ByteString, static_cast<quint64>(part.data.size()));
    return bytes + part.data;
}

Result<FountainPart> fountainPartFromCbor(QByteArrayView bytes)
{
    CborReader reader(bytes);
    const auto size = reader.readArray();
    if (!size)
        return std::unexpected(size.error());
    if (*size != members)
        return fail(ErrorKind::Invalid, u"A part has %1 members, this has %2."_s.arg(members).arg(*size));
    FountainPart part;
    for (quint32 *member : {&part.number, &part.count, &part.messageSize, &part.checksum}) {
        const auto value = reader.readUnsigned();
        if (!value)
            return std::unexpected(value.error());
        if (*value > std::numeric_limits<quint32>::max())
            return fail(ErrorKind::Invalid, u"A part has the number %1, which is larger than 32 bits."_s.arg(*value));
        *member = static_cast<quint32>(*value);
    }
    const auto data = reader.readByteString(UrLimits::fragment);
    if (!data)
        return std::unexpected(data.error());
    if (const auto end = reader.end(); !end)
        return std::unexpected(end.error());
    if (part.number == 0 || part.count == 0 || part.messageSize == 0 || data->isEmpty())
        return fail(ErrorKind::Invalid, u"A part has a zero where none can be."_s);
    if (part.messageSize > UrLimits::wrapped)
        return fail(ErrorKind::Exhausted,
            u"The message has %1 bytes, at most %2 are taken."_s.arg(part.messageSize).arg(UrLimits::wrapped));
    if (part.count > UrLimits::parts)
        return fail(ErrorKind::Exhausted,
            u"The message has %1 parts, at most %2 are taken."_s.arg(part.count).arg(UrLimits::parts));
    const auto room = static_cast<quint64>(data->size()) * part.count;
    if (room < part.messageSize || room - static_cast<quint64>(data->size()) >= part.messageSize)
        return fail(ErrorKind::Invalid,
            u"%1 fragments of %2 bytes are no message of %3 bytes."_s.arg(part.count)
                .arg(data->size())
                .arg(part.messageSize));
    part.data = data->toByteArray();
    return part;
}

} // namespace countersign
