#pragma once

#include <QByteArrayView>
#include <QtGlobal>

#include <cstring>

namespace countersign {

/// Walks the fields of one protobuf message in its encoded form (protobuf.dev/programming-guides/encoding), without
/// copying. Never reads outside its bytes; after anything malformed next() is false and ok() is false. Groups (wire
/// types 3 and 4) are malformed: proto3 has none.
class ProtoWire final {
public:
    explicit ProtoWire(QByteArrayView message)
        : m_at(reinterpret_cast<const uchar *>(message.data()))
        , m_end(m_at + message.size())
    {
    }

    /// Goes to the next field; false at the end of the message or at a defect.
    bool next()
    {
        if (m_at == m_end)
            return false;
        quint64 tag = 0;
        if (!varint(tag) || tag > 0xffffffffU || (tag >> 3) == 0)
            return defect();
        m_field = static_cast<quint32>(tag >> 3);
        m_type = static_cast<quint32>(tag & 7);
        m_bytes = {};
        switch (m_type) {
        case 0:
            return varint(m_number) || defect();
        case 1:
            return fixed(8) || defect();
        case 2: {
            quint64 size = 0;
            if (!varint(size) || size > static_cast<quint64>(m_end - m_at))
                return defect();
            m_bytes = QByteArrayView(m_at, static_cast<qsizetype>(size));
            m_at += size;
            return true;
        }
        case 5:
            return fixed(4) || defect();
        default:
            return defect();
        }
    }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] quint32 field() const { return m_field; }
    [[nodiscard]] bool isNumber() const { return m_type == 0; }
    [[nodiscard]] bool isFixed64() const { return m_type == 1; }
    [[nodiscard]] bool isBytes() const { return m_type == 2; }
    [[nodiscard]] quint64 number() const { return m_number; } ///< of a varint or fixed field
    [[nodiscard]] qint64 signedNumber() const { return static_cast<qint64>(m_number); }
    [[nodiscard]] qint64 zigzag() const
    {
        return static_cast<qint64>(m_number >> 1) ^ -static_cast<qint64>(m_number & 1);
    }
    [[nodiscard]] QByteArrayView bytes() const { return m_bytes; } ///< of a length-delimited field

private:
    bool varint(quint64 &value)
    {
        if (m_at != m_end && *m_at < 0x80) {
            value = *m_at++;
            return true;
        }
        value = 0;
        for (int shift = 0; shift < 70 && m_at != m_end; shift += 7) {
            const quint64 byte = *m_at++;
            value |= shift < 64 ? (byte & 0x7f) << shift : 0;
            if (byte < 0x80)
                return shift < 63 || byte <= 1;
        }
        return false;
    }

    bool fixed(qsizetype size)
    {
        if (m_end - m_at < size)
            return false;
        m_number = 0;
        for (qsizetype i = 0; i < size; ++i)
            m_number |= static_cast<quint64>(m_at[i]) << (8 * i);
        m_at += size;
        return true;
    }

    bool defect()
    {
        m_ok = false;
        m_at = m_end;
        return false;
    }

    const uchar *m_at;
    const uchar *m_end;
    QByteArrayView m_bytes;
    quint64 m_number = 0;
    quint32 m_field = 0;
    quint32 m_type = 0;
    bool m_ok = true;
};

} // namespace countersign
