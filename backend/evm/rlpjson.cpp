#include "backend/evm/rlpjson.h"

#include "backend/evm/jsonscalar.h"
#include "backend/evm/rlpreader.h"
#include "backend/evm/rlpwriter.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

Error tooDeep()
{
    return {.kind = ErrorKind::Exhausted,
        .message = u"Lists are nested deeper than "_s + QString::number(maxRlpJsonDepth) + u'.',
        .detail = u"rlp.depth"_s};
}

std::optional<Error> write(RlpWriter &writer, const JsonView &item, int depth)
{
    if (!item.isArray()) {
        const auto bytes = bytesFromJson(item);
        if (!bytes)
            return bytes.error();
        writer.bytes(*bytes);
        return std::nullopt;
    }
    if (depth >= maxRlpJsonDepth)
        return tooDeep();
    writer.beginList();
    for (const JsonView child : item) {
        if (auto error = write(writer, child, depth + 1))
            return error;
    }
    writer.endList();
    return std::nullopt;
}

class Printer final {
public:
    std::optional<Error> print(RlpReader &reader, int depth)
    {
        if (++m_items > maxRlpJsonItems)
            return Error{
                .kind = ErrorKind::Exhausted, .message = u"The data has too many items."_s, .detail = u"rlp.items"_s};
        const auto item = reader.next();
        if (!item)
            return item.error();
        if (!item->isList) {
            m_json += '"';
            appendHex(m_json, item->content);
            m_json += '"';
            return std::nullopt;
        }
        if (depth >= maxRlpJsonDepth)
            return tooDeep();
        m_json += '[';
        for (RlpReader children(item->content, item->offset); !children.atEnd();) {
            if (auto error = print(children, depth + 1))
                return error;
            m_json += children.atEnd() ? "" : ",";
        }
        m_json += ']';
        return std::nullopt;
    }

    QByteArray take() { return std::move(m_json); }

private:
    QByteArray m_json;
    qsizetype m_items = 0;
};

} // namespace

Result<Bytes> rlpFromJson(const JsonView &item)
{
    RlpWriter writer;
    if (auto error = write(writer, item, 0))
        return std::unexpected(*std::move(error));
    return writer.take();
}

Result<QByteArray> rlpToJson(QByteArrayView data)
{
    RlpReader reader(data);
    Printer printer;
    if (auto error = printer.print(reader, 0))
        return std::unexpected(*std::move(error));
    if (!reader.atEnd()) {
        const QString place = QString::number(reader.position());
        return fail(ErrorKind::Invalid, u"Bytes follow after the item (byte "_s + place + u")."_s,
            u"rlp.trailing at byte "_s + place);
    }
    return printer.take();
}

} // namespace countersign
