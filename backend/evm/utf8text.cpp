#include "backend/evm/utf8text.h"

#include <QStringDecoder>
#include <QUtf8StringView>

namespace countersign {

std::optional<QString> exactUtf8(QByteArrayView utf8)
{
    if (!QUtf8StringView(utf8.data(), utf8.size()).isValidUtf8())
        return std::nullopt;
    return nearestUtf8(utf8);
}

QString nearestUtf8(QByteArrayView utf8)
{
    if (!utf8.startsWith("\xEF\xBB\xBF"))
        return QString::fromUtf8(utf8);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    return decoder.decode(utf8);
}

} // namespace countersign
