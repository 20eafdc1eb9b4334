#include "models/qr/qrframes.h"

namespace countersign {

Result<QrFrames> QrFrames::create(const Bytes &message, int fragment)
{
    auto encoder = UrEncoder::create(message, fragment);
    if (!encoder)
        return std::unexpected(encoder.error());
    return QrFrames(*std::move(encoder));
}

QrSymbol QrFrames::symbol(quint32 number) const
{
    // The limit on fragments leaves room in a symbol for every number, so this is always one.
    return QrSymbol::create(m_encoder.frame(number).toUpper()).value();
}

} // namespace countersign
