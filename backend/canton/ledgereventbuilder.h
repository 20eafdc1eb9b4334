#pragma once

#include "backend/canton/ledgerevent.h"

#include <QByteArrayView>

#include <memory>
#include <utility>
#include <vector>

namespace countersign {

/// Puts a LedgerEvent together, one segment after the other: update id, contract id, then the values in the order of
/// the shape's labels. Used again and again by one decoder, so that its own buffers are allocated once.
class LedgerEventBuilder final {
public:
    void begin()
    {
        m_text.resize(0);
        m_ends.clear();
    }
    void append(QByteArrayView text)
    {
        m_text.append(text);
        m_ends.push_back(static_cast<quint32>(m_text.size()));
    }
    /// Whether every segment by itself is UTF-8: the whole is, and no segment begins inside a character.
    [[nodiscard]] bool isText() const
    {
        if (!m_text.isValidUtf8())
            return false;
        for (const quint32 end : m_ends) {
            if (end < static_cast<quint32>(m_text.size()) && (static_cast<uchar>(m_text[end]) & 0xc0) == 0x80)
                return false;
        }
        return true;
    }
    [[nodiscard]] LedgerEvent finish(
        LedgerEvent::Kind kind, Offset offset, Timestamp recordTime, std::shared_ptr<const LedgerShape> shape);

private:
    QByteArray m_text;
    std::vector<quint32> m_ends;
};

} // namespace countersign
