#include "backend/evm/rlpreader.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr qsizetype longestShort = 55; // above, the length has bytes of its own

std::unexpected<Error> bad(const QString &what, QLatin1StringView code, qsizetype position)
{
    return fail(ErrorKind::Invalid, what + u" (byte "_s + QString::number(position) + u")."_s,
        code + u" at byte "_s + QString::number(position));
}

} // namespace

Result<RlpReader::Item> RlpReader::next()
{
    const qsizetype start = m_at;
    if (atEnd())
        return bad(u"The data ends before an item"_s, "rlp.truncated"_L1, position());
    const auto prefix = static_cast<quint8>(m_data[m_at++]);
    if (prefix < 0x80) {
        const QByteArrayView byte = m_data.sliced(start, 1);
        return Item{.whole = byte, .content = byte, .offset = m_offset + start, .isList = false};
    }
    const bool isList = prefix >= 0xc0;
    qsizetype length = prefix - (isList ? 0xc0 : 0x80);
    if (length > longestShort) {
        const auto read = longLength(length - longestShort);
        if (!read)
            return std::unexpected(read.error());
        length = *read;
    }
    if (length > m_data.size() - m_at)
        return bad(u"An item is longer than what holds it"_s, "rlp.truncated"_L1, m_offset + start);
    const QByteArrayView content = m_data.sliced(m_at, length);
    if (!isList && length == 1 && static_cast<quint8>(content.front()) < 0x80)
        return bad(u"A single small byte has a prefix"_s, "rlp.byte"_L1, m_offset + start);
    const Item item{.whole = m_data.sliced(start, m_at - start + length),
        .content = content,
        .offset = m_offset + m_at,
        .isList = isList};
    m_at += length;
    return item;
}

Result<qsizetype> RlpReader::count() const
{
    RlpReader ahead = *this;
    qsizetype items = 0;
    for (; !ahead.atEnd(); ++items) {
        if (const auto item = ahead.next(); !item)
            return std::unexpected(item.error());
    }
    return items;
}

Result<qsizetype> RlpReader::longLength(qsizetype bytes)
{
    const qsizetype start = m_at;
    if (bytes > m_data.size() - m_at)
        return bad(u"The data ends inside a length"_s, "rlp.truncated"_L1, m_offset + start);
    if (m_data[m_at] == '\0')
        return bad(u"A length has a leading zero"_s, "rlp.length.zero"_L1, m_offset + start);
    quint64 length = 0; // at most eight bytes
    for (qsizetype i = 0; i < bytes; ++i)
        length = length << 8 | static_cast<quint8>(m_data[m_at++]);
    if (length <= longestShort)
        return bad(u"A short length is in the long form"_s, "rlp.length.long"_L1, m_offset + start);
    if (length > static_cast<quint64>(m_data.size() - m_at))
        return bad(u"An item is longer than what holds it"_s, "rlp.truncated"_L1, m_offset + start);
    return static_cast<qsizetype>(length);
}

} // namespace countersign
