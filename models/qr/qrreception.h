#pragma once

#include "backend/proposals/qr/urdecoder.h"
#include "backend/qrcode/greyimage.h"
#include "backend/types/devicetext.h"

#include <QStringList>

namespace countersign {

/// What one picture or text brought.
struct QrSeen {
    int taken = 0; ///< frames of the message, also such that were known
    int foreign = 0; ///< frames of another message
    int strange = 0; ///< symbols or lines that are no frame
    QString reason; ///< why the last strange one is none

    friend bool operator==(const QrSeen &, const QrSeen &) = default;
};

/// A message that comes from pictures of symbols, or from lines of text. Nothing of it can be had before it is
/// complete.
class QrReception final {
public:
    /// Everything seen is zero when there is no symbol in it. Errors: of readQrSymbols(); Corrupt when the frames
    /// contradict each other, and then all are forgotten.
    [[nodiscard]] Result<QrSeen> addImage(const GreyImageView &image);
    /// One frame a line.
    [[nodiscard]] Result<QrSeen> addText(QByteArrayView text);
    void reset() { m_decoder.reset(); }

    bool isComplete() const { return m_decoder.isComplete(); }
    const std::optional<Bytes> &message() const { return m_decoder.message(); }
    /// keccak-256 of the message, to be compared with the sender's; empty before it is complete.
    QStringList hashGroups() const { return isComplete() ? deviceGroups(m_decoder.hash()) : QStringList(); }
    quint32 received() const { return m_decoder.received(); } ///< parts
    quint32 needed() const { return m_decoder.needed(); } ///< 0 before the first frame

private:
    Result<void> add(QByteArrayView frame, QrSeen &seen);

    UrDecoder m_decoder;
};

} // namespace countersign
