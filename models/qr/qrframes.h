#pragma once

#include "backend/proposals/qr/urencoder.h"
#include "backend/qrcode/qrsymbol.h"
#include "backend/types/devicetext.h"

#include <QStringList>

namespace countersign {

/// A message as an endless sequence of QR symbols, of which any that are enough give it back.
class QrFrames final {
public:
    /// Errors as UrEncoder::create().
    [[nodiscard]] static Result<QrFrames> create(const Bytes &message, int fragment = UrEncoder::defaultFragment);

    /// Frame \a number, from 1. The first partCount() are enough; with one part, all are the same.
    QrSymbol symbol(quint32 number) const;
    quint32 partCount() const { return m_encoder.partCount(); }
    qsizetype messageSize() const { return m_encoder.messageSize(); }
    QStringList hashGroups() const
    {
        return deviceGroups(m_encoder.hash());
    } ///< keccak-256 of the message, to be compared

private:
    explicit QrFrames(UrEncoder encoder)
        : m_encoder(std::move(encoder))
    {
    }

    UrEncoder m_encoder;
};

} // namespace countersign
