#include "backend/relayer/exposition.h"
#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool isNameByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '.';
}

// A length, then field 1 with a name that fits into it: no text begins so.
bool looksLikeProtobuf(QByteArrayView body)
{
    quint64 size = 0;
    qsizetype at = 0;
    for (bool goesOn = true; goesOn; ++at) {
        if (at >= body.size() || at > 4)
            return false;
        const auto byte = static_cast<quint64>(static_cast<uchar>(body[at]));
        size |= (byte & 0x7f) << (7 * at);
        goesOn = byte >= 0x80;
    }
    if (at + 2 > body.size() || body[at] != 0x0a)
        return false;
    const auto name = static_cast<qsizetype>(static_cast<uchar>(body[at + 1]));
    if (name == 0 || name > 127 || static_cast<quint64>(name) + 2 > size || at + 2 + name > body.size())
        return false;
    return std::ranges::all_of(body.sliced(at + 2, name), isNameByte);
}

ExpositionFormat formatOf(QByteArrayView body)
{
    if (looksLikeProtobuf(body))
        return ExpositionFormat::Protobuf;
    const QByteArrayView text = body.trimmed();
    return text.endsWith("# EOF") ? ExpositionFormat::OpenMetrics : ExpositionFormat::Text;
}

QString nameOf(ExpositionFormat format)
{
    switch (format) {
    case ExpositionFormat::Text:
        return u"the text format"_s;
    case ExpositionFormat::OpenMetrics:
        return u"OpenMetrics"_s;
    case ExpositionFormat::Protobuf:
        break;
    }
    return u"protobuf"_s;
}

} // namespace

SniffedExposition sniffExposition(const QByteArray &contentType, QByteArrayView body)
{
    const QByteArray type = contentType.toLower().simplified();
    const QByteArray media = type.split(';').first().trimmed();
    if (media == "application/vnd.google.protobuf" && type.contains("encoding=delimited"))
        return {ExpositionFormat::Protobuf, {}};
    if (media == "application/openmetrics-text")
        return {ExpositionFormat::OpenMetrics, {}};
    if (media == "text/plain")
        return {ExpositionFormat::Text, {}};
    const ExpositionFormat found = formatOf(body);
    const QString said = media.isEmpty() ? u"no content type"_s
                                         : u"the content type “%1”"_s.arg(QString::fromLatin1(media.first(qMin<qsizetype>(64, media.size()))));
    return {found, u"It answers with %1; it was read as %2. Prometheus 3 refuses that"_s.arg(said, nameOf(found))};
}

Result<Exposition> parseExpositionAs(ExpositionFormat format, QByteArrayView body, const ExpositionLimits &limits)
{
    if (format == ExpositionFormat::Protobuf)
        return parseExpositionProto(body, limits);
    return parseExposition(body, format == ExpositionFormat::OpenMetrics, limits);
}

} // namespace countersign
