#include "backend/types/bytes.h"

#include "backend/types/strings.h"

#include <array>

namespace countersign {

namespace {

constexpr auto lowerDigits = "0123456789abcdef";

constexpr std::array<qint8, 256> digitValues = [] {
    std::array<qint8, 256> values{};
    values.fill(-1);
    for (qint8 i = 0; i < 10; ++i)
        values[static_cast<size_t>('0' + i)] = i;
    for (qint8 i = 0; i < 6; ++i) {
        values[static_cast<size_t>('a' + i)] = static_cast<qint8>(10 + i);
        values[static_cast<size_t>('A' + i)] = static_cast<qint8>(10 + i);
    }
    return values;
}();

int digitOf(char16_t c)
{
    return c < 256 ? digitValues[c] : -1;
}

int digitOf(char c)
{
    return digitValues[static_cast<quint8>(c)];
}

// Text is char or char16_t, one unit a digit in either.
template <class Unit> Result<Bytes> decodeHex(const Unit *text, qsizetype size)
{
    if (size < 2 || text[0] != '0' || text[1] != 'x')
        return fail(ErrorKind::Invalid, u"Hexadecimal data must start with 0x."_s);
    const Unit *digits = text + 2;
    const qsizetype count = size - 2;
    if (count % 2 != 0)
        return fail(ErrorKind::Invalid, u"Hexadecimal data needs two digits a byte, this has %1 digits."_s.arg(count));
    Bytes bytes(count / 2, Qt::Uninitialized);
    char *out = bytes.data();
    for (qsizetype i = 0; i < count; i += 2) {
        const int high = digitOf(digits[i]);
        const int low = digitOf(digits[i + 1]);
        if ((high | low) < 0)
            return fail(ErrorKind::Invalid, u"Character %1 is no hexadecimal digit."_s.arg(i + (high < 0 ? 3 : 4)));
        *out++ = static_cast<char>(high << 4 | low);
    }
    return bytes;
}

} // namespace

QString toHex(QByteArrayView bytes)
{
    QString text(2 + bytes.size() * 2, Qt::Uninitialized);
    QChar *out = text.data();
    *out++ = u'0';
    *out++ = u'x';
    for (const char byte : bytes) {
        const auto value = static_cast<quint8>(byte);
        *out++ = QLatin1Char(lowerDigits[value >> 4]);
        *out++ = QLatin1Char(lowerDigits[value & 15]);
    }
    return text;
}

Result<Bytes> bytesFromHex(QStringView text)
{
    return decodeHex(text.utf16(), text.size());
}

Result<Bytes> bytesFromHex(QUtf8StringView text)
{
    return decodeHex(reinterpret_cast<const char *>(text.data()), text.size());
}

void appendHex(QByteArray &text, QByteArrayView bytes)
{
    const qsizetype before = text.size();
    text.resize(before + 2 + bytes.size() * 2);
    char *out = text.data() + before;
    *out++ = '0';
    *out++ = 'x';
    for (const char byte : bytes) {
        const auto value = static_cast<quint8>(byte);
        *out++ = lowerDigits[value >> 4];
        *out++ = lowerDigits[value & 15];
    }
}

} // namespace countersign
