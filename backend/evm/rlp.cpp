#include "backend/evm/rlp.h"

#include "backend/evm/rlpreader.h"
#include "backend/evm/rlpwriter.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

void write(const RlpItem &item, RlpWriter &writer)
{
    if (!item.isList())
        return writer.bytes(item.bytes());
    writer.beginList();
    for (const RlpItem &child : item.items())
        write(child, writer);
    writer.endList();
}

class Decoder final {
public:
    explicit Decoder(const RlpLimits &limits)
        : m_limits(limits)
    {
    }

    // The next item of `reader`. Recursion ends at the limit on depth.
    Result<RlpItem> item(RlpReader &reader, int depth)
    {
        if (++m_items > m_limits.maxItems)
            return fail(ErrorKind::Exhausted, u"The data has too many items"_s, u"rlp.items"_s);
        const auto read = reader.next();
        if (!read)
            return std::unexpected(read.error());
        if (!read->isList)
            return RlpItem(read->content.toByteArray());
        if (depth >= m_limits.maxDepth)
            return fail(ErrorKind::Exhausted, u"Lists are nested too deep"_s, u"rlp.depth"_s);
        RlpItem::List items;
        RlpReader children(read->content, read->offset);
        while (!children.atEnd()) {
            auto child = item(children, depth + 1);
            if (!child)
                return child;
            items.push_back(*std::move(child));
        }
        return RlpItem(std::move(items));
    }

private:
    RlpLimits m_limits;
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
    RlpWriter writer;
    write(item, writer);
    return writer.take();
}

Result<RlpItem> rlpDecodeStrict(QByteArrayView data, const RlpLimits &limits)
{
    if (data.size() > limits.maxBytes)
        return fail(ErrorKind::Exhausted, u"The data is larger than this program reads"_s, u"rlp.limit"_s);
    RlpReader reader(data);
    auto item = Decoder(limits).item(reader, 0);
    if (item && !reader.atEnd()) {
        const QString place = QString::number(reader.position());
        return fail(ErrorKind::Invalid, u"Bytes follow after the item (byte "_s + place + u")."_s,
            u"rlp.trailing at byte "_s + place);
    }
    return item;
}

} // namespace countersign
