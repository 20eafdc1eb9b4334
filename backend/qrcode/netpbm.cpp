#include "backend/qrcode/netpbm.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

namespace {

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

GreyImage fromGrey(QByteArrayView raster, int width, int height, int most)
{
    GreyImage image{raster.toByteArray(), width, height};
    if (most < 255) {
        for (char &pixel : image.pixels)
            pixel = static_cast<char>(std::min<int>(static_cast<quint8>(pixel), most) * 255 / most);
    }
    return image;
}

GreyImage fromBits(QByteArrayView raster, int width, int height)
{
    GreyImage image{Bytes(qsizetype(width) * height, Qt::Uninitialized), width, height};
    const qsizetype stride = (width + 7) / 8;
    char *out = image.pixels.data();
    for (int row = 0; row < height; ++row) {
        const QByteArrayView bits = raster.sliced(row * stride, stride);
        for (int column = 0; column < width; ++column)
            *out++ = (static_cast<quint8>(bits[column / 8]) >> (7 - column % 8) & 1) != 0 ? '\0' : '\xff';
    }
    return image;
}

} // namespace

Result<GreyImage> NetpbmReader::next()
{
    auto image = read();
    if (!image)
        m_rest = {};
    return image;
}

/// Decimal, behind white space and comments.
Result<int> NetpbmReader::readNumber()
{
    constexpr int most = 65'536;
    qsizetype at = 0;
    while (at < m_rest.size() && (isSpace(m_rest[at]) || m_rest[at] == '#')) {
        if (m_rest[at] == '#') {
            while (at < m_rest.size() && m_rest[at] != '\n' && m_rest[at] != '\r')
                ++at;
        } else {
            ++at;
        }
    }
    const qsizetype begin = at;
    int value = 0;
    for (; at < m_rest.size() && m_rest[at] >= '0' && m_rest[at] <= '9'; ++at) {
        value = value * 10 + (m_rest[at] - '0');
        if (value > most)
            return fail(ErrorKind::Exhausted, u"The image has a number larger than %1 in its head."_s.arg(most));
    }
    if (begin == 0 || at == begin)
        return fail(ErrorKind::Invalid, u"The head of the image is not complete."_s);
    m_rest = m_rest.sliced(at);
    return value;
}

Result<GreyImage> NetpbmReader::read()
{
    const bool isGrey = m_rest.startsWith("P5");
    if (!isGrey && !m_rest.startsWith("P4"))
        return fail(ErrorKind::Invalid, u"This is no binary PGM or PBM image: it begins with neither P5 nor P4."_s);
    m_rest = m_rest.sliced(2);
    const auto width = readNumber();
    if (!width)
        return std::unexpected(width.error());
    const auto height = readNumber();
    if (!height)
        return std::unexpected(height.error());
    const auto most = isGrey ? readNumber() : Result<int>(1);
    if (!most)
        return std::unexpected(most.error());
    if (*width < 1 || *height < 1 || *most < 1)
        return fail(ErrorKind::Invalid, u"The image has a zero in its head."_s);
    if (*width > GreyImageView::largestSide || *height > GreyImageView::largestSide)
        return fail(ErrorKind::Exhausted,
            u"The image has %1 by %2 pixels, at most %3 by %3 are read."_s.arg(*width).arg(*height).arg(
                GreyImageView::largestSide));
    if (*most > 255)
        return fail(ErrorKind::Invalid, u"The image has two bytes a pixel, one is read."_s);
    if (m_rest.isEmpty() || !isSpace(m_rest.front()))
        return fail(ErrorKind::Invalid, u"The head of the image does not end."_s);
    const qsizetype size = (isGrey ? qsizetype(*width) : (*width + 7) / 8) * *height;
    m_rest = m_rest.sliced(1);
    if (m_rest.size() < size)
        return fail(
            ErrorKind::Invalid, u"The image ends too early: %1 of %2 bytes are there."_s.arg(m_rest.size()).arg(size));
    const QByteArrayView raster = m_rest.first(size);
    m_rest = m_rest.sliced(size);
    return isGrey ? fromGrey(raster, *width, *height, *most) : fromBits(raster, *width, *height);
}

Bytes toPbm(const QrSymbol &symbol, int scale)
{
    const int side = (symbol.size() + 2 * QrSymbol::quietZone) * scale;
    const qsizetype stride = (side + 7) / 8;
    Bytes image = "P4\n" + Bytes::number(side) + ' ' + Bytes::number(side) + '\n';
    image.reserve(image.size() + stride * side);
    for (int y = 0; y < side; ++y) {
        if (y % scale != 0) {
            image.append(image.last(stride));
            continue;
        }
        Bytes row(stride, '\0');
        for (int x = 0; x < side; ++x) {
            if (symbol.isDark(x / scale - QrSymbol::quietZone, y / scale - QrSymbol::quietZone))
                row[x / 8] = static_cast<char>(row[x / 8] | 128 >> (x % 8));
        }
        image.append(row);
    }
    return image;
}

} // namespace countersign
