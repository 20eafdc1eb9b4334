#include "backend/evm/rlp.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

// 0x80 or 0xc0 with the length: in the prefix itself up to 55, in the bytes behind it above.
void appendPrefix(Bytes &out, quint8 base, qsizetype length)
{
    if (length <= 55) {
        out.append(static_cast<char>(base + length));
        return;
    }
    const Bytes size = Uint256(static_cast<quint64>(length)).toMinimalBigEndian();
    out.append(static_cast<char>(base + 55 + size.size()));
    out.append(size);
}

void encodeInto(const RlpItem &item, Bytes &out)
{
    if (item.isList()) {
        Bytes payload;
        for (const RlpItem &child : item.items())
            encodeInto(child, payload);
        appendPrefix(out, 0xc0, payload.size());
        out.append(payload);
        return;
    }
    const Bytes &bytes = item.bytes();
    if (bytes.size() != 1 || static_cast<quint8>(bytes.front()) >= 0x80)
        appendPrefix(out, 0x80, bytes.size());
    out.append(bytes);
}

std::unexpected<Error> bad(const QString &what, QLatin1StringView code, qsizetype position)
{
    return fail(ErrorKind::Invalid, what + u" (byte "_s + QString::number(position) + u")."_s,
                code + u" at byte "_s + QString::number(position));
}

class Decoder final {
public:
    Decoder(QByteArrayView data, const RlpLimits &limits)
        : m_data(data)
        , m_limits(limits)
    {
    }

    // The item at m_at, which must end at or before `end`.
    Result<RlpItem> item(qsizetype end, int depth)
    {
        const qsizetype start = m_at;
        if (m_at >= end)
            return bad(u"The data ends before an item"_s, "rlp.truncated"_L1, m_at);
        if (++m_items > m_limits.maxItems)
            return fail(ErrorKind::Exhausted, u"The data has too many items"_s, u"rlp.items"_s);
        const auto prefix = static_cast<quint8>(m_data[m_at++]);
        if (prefix < 0x80)
            return RlpItem(m_data.sliced(start, 1).toByteArray());
        const bool isList = prefix >= 0xc0;
        const int tag = prefix - (isList ? 0xc0 : 0x80);
        const auto length = tag <= 55 ? Result<qsizetype>(tag) : longLength(tag - 55, end);
        if (!length)
            return std::unexpected(length.error());
        if (*length > end - m_at)
            return bad(u"An item is longer than what holds it"_s, "rlp.truncated"_L1, start);
        if (!isList) {
            const auto content = m_data.sliced(m_at, *length);
            if (content.size() == 1 && static_cast<quint8>(content.front()) < 0x80)
                return bad(u"A single small byte has a prefix"_s, "rlp.byte"_L1, start);
            m_at += *length;
            return RlpItem(content.toByteArray());
        }
        if (depth >= m_limits.maxDepth)
            return fail(ErrorKind::Exhausted, u"Lists are nested too deep"_s, u"rlp.depth"_s);
        const qsizetype listEnd = m_at + *length;
        RlpItem::List items;
        while (m_at < listEnd) {
            auto child = item(listEnd, depth + 1);
            if (!child)
                return child;
            items.push_back(*std::move(child));
        }
        return RlpItem(std::move(items));
    }

    qsizetype position() const { return m_at; }

private:
    Result<qsizetype> longLength(int bytes, qsizetype end)
    {
        const qsizetype start = m_at;
        if (bytes > end - m_at)
            return bad(u"The data ends inside a length"_s, "rlp.truncated"_L1, start);
        if (m_data[m_at] == '\0')
            return bad(u"A length has a leading zero"_s, "rlp.length.zero"_L1, start);
        quint64 length = 0;
        for (int i = 0; i < bytes; ++i)
            length = length << 8 | static_cast<quint8>(m_data[m_at++]);
        if (length <= 55)
            return bad(u"A short length is in the long form"_s, "rlp.length.long"_L1, start);
        if (length > static_cast<quint64>(end - m_at))
            return bad(u"An item is longer than what holds it"_s, "rlp.truncated"_L1, start);
        return static_cast<qsizetype>(length);
    }

    QByteArrayView m_data;
    RlpLimits m_limits;
    qsizetype m_at = 0;
    qsizetype m_items = 0;
};

} // namespace

RlpItem RlpItem::ofNumber(const Uint256 &number)
{
    return RlpItem(number.toMinimalBigEndian());
}

Result<Uint256> RlpItem::toNumber() const
{
    if (m_isList)
        return fail(ErrorKind::Invalid, u"A number was expected, a list found"_s, u"rlp.number"_s);
    if (!m_bytes.isEmpty() && m_bytes.front() == '\0')
        return fail(ErrorKind::Invalid, u"A number has a leading zero byte"_s, u"rlp.number"_s);
    return Uint256::fromBigEndian(m_bytes);
}

Bytes rlpEncode(const RlpItem &item)
{
    Bytes out;
    encodeInto(item, out);
    return out;
}

Result<RlpItem> rlpDecodeStrict(QByteArrayView data, const RlpLimits &limits)
{
    if (data.size() > limits.maxBytes)
        return fail(ErrorKind::Exhausted, u"The data is larger than this program reads"_s, u"rlp.limit"_s);
    Decoder decoder(data, limits);
    auto item = decoder.item(data.size(), 0);
    if (item && decoder.position() != data.size())
        return bad(u"Bytes follow after the item"_s, "rlp.trailing"_L1, decoder.position());
    return item;
}

} // namespace countersign
