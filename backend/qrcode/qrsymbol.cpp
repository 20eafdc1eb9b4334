#include "backend/qrcode/qrsymbol.h"

#include "backend/types/strings.h"

#include <ZXing/BitMatrix.h>
#include <ZXing/MultiFormatWriter.h>

#include <algorithm>
#include <exception>

namespace countersign {

namespace {

constexpr int levelM = 4; // of the library's scale from 0 to 8
constexpr qsizetype longest = 3391; // alphanumeric characters of version 40 with level M

} // namespace

Result<QrSymbol> QrSymbol::create(QByteArrayView text)
{
    if (text.isEmpty() || !std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }))
        return fail(ErrorKind::Invalid, u"A symbol holds printable ASCII."_s);
    const auto tooLong = fail(ErrorKind::Exhausted, u"%1 characters are too many for a QR symbol."_s.arg(text.size()));
    if (text.size() > longest)
        return tooLong;
    try {
        const ZXing::BitMatrix matrix = ZXing::MultiFormatWriter(ZXing::BarcodeFormat::QRCode)
                                            .setEccLevel(levelM)
                                            .setMargin(0)
                                            .encode(std::string(text.begin(), text.end()), 0, 0);
        QrSymbol symbol;
        symbol.m_size = matrix.width();
        symbol.m_dark.resize(static_cast<size_t>(symbol.m_size) * static_cast<size_t>(symbol.m_size));
        for (int row = 0; row < symbol.m_size; ++row) {
            for (int column = 0; column < symbol.m_size; ++column)
                symbol
                    .m_dark[static_cast<size_t>(row) * static_cast<size_t>(symbol.m_size) + static_cast<size_t>(column)]
                    = matrix.get(column, row);
        }
        return symbol;
    } catch (const std::exception &) {
        return tooLong; // the one thing that the library refuses of such a text
    }
}

bool QrSymbol::isDark(int column, int row) const
{
    if (column < 0 || row < 0 || column >= m_size || row >= m_size)
        return false;
    return m_dark[static_cast<size_t>(row) * static_cast<size_t>(m_size) + static_cast<size_t>(column)];
}

} // namespace countersign
