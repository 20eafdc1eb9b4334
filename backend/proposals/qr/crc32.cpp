#include "backend/proposals/qr/crc32.h"

#include <array>

namespace countersign {

namespace {

constexpr std::array<quint32, 256> table = [] {
    std::array<quint32, 256> values{};
    for (quint32 i = 0; i < 256; ++i) {
        quint32 value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
        values[i] = value;
    }
    return values;
}();

} // namespace

quint32 crc32(QByteArrayView data)
{
    quint32 value = 0xFFFFFFFFU;
    for (const char byte : data)
        value = table[(value ^ static_cast<quint8>(byte)) & 0xFF] ^ (value >> 8);
    return ~value;
}

} // namespace countersign
