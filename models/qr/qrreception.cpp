#include "models/qr/qrreception.h"

#include "backend/qrcode/qrreader.h"

namespace countersign {

Result<QrSeen> QrReception::addImage(const GreyImageView &image)
{
    const auto texts = readQrSymbols(image);
    if (!texts)
        return std::unexpected(texts.error());
    QrSeen seen;
    for (const Bytes &text : *texts) {
        if (const auto added = add(text, seen); !added)
            return std::unexpected(added.error());
    }
    return seen;
}

Result<QrSeen> QrReception::addText(QByteArrayView text)
{
    QrSeen seen;
    for (qsizetype at = 0; at < text.size();) {
        qsizetype end = text.indexOf('\n', at);
        if (end < 0)
            end = text.size();
        if (const QByteArrayView line = text.sliced(at, end - at).trimmed(); !line.isEmpty()) {
            if (const auto added = add(line, seen); !added)
                return std::unexpected(added.error());
        }
        at = end + 1;
    }
    return seen;
}

Result<void> QrReception::add(QByteArrayView frame, QrSeen &seen)
{
    const bool wasUnderWay = m_decoder.needed() > 0;
    const auto outcome = m_decoder.feed(frame);
    if (!outcome) {
        if (wasUnderWay && m_decoder.needed() == 0)
            return std::unexpected(outcome.error());
        ++seen.strange;
        seen.reason = outcome.error().message;
    } else if (*outcome == UrDecoder::Outcome::Foreign) {
        ++seen.foreign;
    } else {
        ++seen.taken;
    }
    return {};
}

} // namespace countersign
