#include "backend/types/bytes.h"

#include "backend/types/strings.h"

namespace countersign {

namespace {

int digitOf(QChar c)
{
    const char16_t u = c.unicode();
    if (u >= u'0' && u <= u'9')
        return u - u'0';
    if (u >= u'a' && u <= u'f')
        return u - u'a' + 10;
    if (u >= u'A' && u <= u'F')
        return u - u'A' + 10;
    return -1;
}

} // namespace

QString toHex(QByteArrayView bytes)
{
    static constexpr char16_t digits[] = u"0123456789abcdef";
    QString text(2 + bytes.size() * 2, Qt::Uninitialized);
    QChar *out = text.data();
    *out++ = u'0';
    *out++ = u'x';
    for (const char byte : bytes) {
        const auto value = static_cast<quint8>(byte);
        *out++ = digits[value >> 4];
        *out++ = digits[value & 15];
    }
    return text;
}

Result<Bytes> bytesFromHex(QStringView text)
{
    if (!text.startsWith(u"0x"))
        return fail(ErrorKind::Invalid, u"Hexadecimal data must start with 0x."_s);
    const QStringView digits = text.sliced(2);
    if (digits.size() % 2 != 0)
        return fail(ErrorKind::Invalid, u"Hexadecimal data needs two digits a byte, this has %1 digits."_s.arg(digits.size()));
    Bytes bytes(digits.size() / 2, Qt::Uninitialized);
    char *out = bytes.data();
    for (qsizetype i = 0; i < digits.size(); i += 2) {
        const int high = digitOf(digits[i]);
        const int low = digitOf(digits[i + 1]);
        if (high < 0 || low < 0)
            return fail(ErrorKind::Invalid, u"Character %1 is no hexadecimal digit."_s.arg(i + (high < 0 ? 3 : 4)));
        *out++ = static_cast<char>(high << 4 | low);
    }
    return bytes;
}

} // namespace countersign
