#include "backend/proposals/qr/cbor.h"

#include "backend/types/strings.h"

#include <QtEndian>

#include <array>

namespace countersign {

namespace {

constexpr quint64 immediate = 24; // smaller values stand in the first byte

QLatin1StringView nameOf(int kind)
{
    static constexpr std::array names{"an unsigned integer"_L1, "a negative integer"_L1, "a byte string"_L1,
        "a text"_L1, "an array"_L1, "a map"_L1, "a tag"_L1, "a simple value"_L1};
    return names[static_cast<size_t>(kind)];
}

} // namespace

void appendCborHead(Bytes &bytes, CborKind kind, quint64 value)
{
    const auto high = static_cast<unsigned>(kind) << 5;
    if (value < immediate) {
        bytes.append(static_cast<char>(high | value));
        return;
    }
    unsigned power = 0; // the value takes 2^power bytes
    while (power < 3 && value >> (8U << power) != 0)
        ++power;
    bytes.append(static_cast<char>(high | (immediate + power)));
    std::array<char, 8> digits;
    qToBigEndian(value, digits.data());
    bytes.append(QByteArrayView(digits.data(), 8).last(qsizetype(1) << power));
}

Result<quint64> CborReader::readHead(CborKind kind)
{
    if (m_rest.isEmpty())
        return fail(ErrorKind::Invalid, u"CBOR ends where %1 is expected."_s.arg(nameOf(static_cast<int>(kind))));
    const auto first = static_cast<quint8>(m_rest.front());
    if (first >> 5 != static_cast<int>(kind))
        return fail(ErrorKind::Invalid,
            u"CBOR has %1 where %2 is expected."_s.arg(nameOf(first >> 5), nameOf(static_cast<int>(kind))));
    const quint64 low = first & 31;
    m_rest = m_rest.sliced(1);
    if (low < immediate)
        return low;
    if (low > immediate + 3)
        return fail(ErrorKind::Invalid, u"CBOR has a length that is not given, or one of a reserved form."_s);
    const auto power = static_cast<unsigned>(low - immediate);
    const qsizetype size = qsizetype(1) << power;
    if (m_rest.size() < size)
        return fail(ErrorKind::Invalid, u"CBOR ends within %1."_s.arg(nameOf(static_cast<int>(kind))));
    quint64 value = 0;
    for (const char byte : m_rest.first(size))
        value = value << 8 | static_cast<quint8>(byte);
    m_rest = m_rest.sliced(size);
    if (power == 0 ? value < immediate : value >> (8U << (power - 1)) == 0)
        return fail(ErrorKind::Invalid, u"CBOR has a number that is longer than it needs to be."_s);
    return value;
}

Result<QByteArrayView> CborReader::readByteString(qsizetype most)
{
    const auto size = readHead(CborKind::ByteString);
    if (!size)
        return std::unexpected(size.error());
    if (*size > static_cast<quint64>(most))
        return fail(
            ErrorKind::Exhausted, u"CBOR has a byte string of %1 bytes, at most %2 are taken."_s.arg(*size).arg(most));
    if (*size > static_cast<quint64>(m_rest.size()))
        return fail(ErrorKind::Invalid, u"CBOR ends within a byte string."_s);
    const QByteArrayView bytes = m_rest.first(static_cast<qsizetype>(*size));
    m_rest = m_rest.sliced(bytes.size());
    return bytes;
}

Result<void> CborReader::end() const
{
    if (!m_rest.isEmpty())
        return fail(ErrorKind::Invalid, u"CBOR has %1 bytes too many."_s.arg(m_rest.size()));
    return {};
}

} // namespace countersign
