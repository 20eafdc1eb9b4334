#include "backend/types/hash32.h"

#include "backend/types/strings.h"

#include <algorithm>
#include <cstring>

namespace countersign {

Result<Hash32> Hash32::parse(QStringView text)
{
    const auto bytes = bytesFromHex(text);
    if (!bytes)
        return std::unexpected(bytes.error());
    return fromBytes(*bytes);
}

Result<Hash32> Hash32::fromBytes(QByteArrayView bytes)
{
    if (bytes.size() != size)
        return fail(ErrorKind::Invalid, u"A 32-byte value has 64 hexadecimal digits after 0x, this has %1."_s.arg(bytes.size() * 2));
    return fromDigest(bytes);
}

Hash32 Hash32::fromDigest(QByteArrayView digest)
{
    Q_ASSERT(digest.size() == size);
    Hash32 hash;
    std::memcpy(hash.m_bytes.data(), digest.data(), size);
    return hash;
}

QString Hash32::toString() const
{
    return toHex(view());
}

bool Hash32::isZero() const
{
    return std::ranges::all_of(m_bytes, [](quint8 byte) { return byte == 0; });
}

} // namespace countersign
