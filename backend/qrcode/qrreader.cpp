#include "backend/qrcode/qrreader.h"

#include "backend/types/strings.h"

#include <ZXing/ReadBarcode.h>

#include <exception>

namespace countersign {

namespace {

constexpr int mostSymbols = 16;

Result<void> check(const GreyImageView &image)
{
    if (image.width < 1 || image.height < 1 || image.stride < image.width)
        return fail(
            ErrorKind::Invalid, u"An image of %1 by %2 pixels cannot be read."_s.arg(image.width).arg(image.height));
    if (image.width > GreyImageView::largestSide || image.height > GreyImageView::largestSide
        || image.stride > 4 * GreyImageView::largestSide)
        return fail(ErrorKind::Exhausted,
            u"The image has %1 by %2 pixels, at most %3 by %3 are read."_s.arg(image.width)
                .arg(image.height)
                .arg(GreyImageView::largestSide));
    if (image.pixels.size() < image.stride * (image.height - 1) + image.width)
        return fail(ErrorKind::Invalid, u"The image has fewer pixels than it says."_s);
    return {};
}

} // namespace

Result<QList<Bytes>> readQrSymbols(const GreyImageView &image)
{
    if (const auto checked = check(image); !checked)
        return std::unexpected(checked.error());
    const ZXing::ImageView view(reinterpret_cast<const uint8_t *>(image.pixels.data()), image.width, image.height,
        ZXing::ImageFormat::Lum, static_cast<int>(image.stride));
    const auto hints = ZXing::DecodeHints().setFormats(ZXing::BarcodeFormat::QRCode).setMaxNumberOfSymbols(mostSymbols);
    QList<Bytes> texts;
    try {
        for (const ZXing::Result &result : ZXing::ReadBarcodes(view, hints)) {
            if (!result.isValid())
                continue;
            const ZXing::ByteArray &bytes = result.bytes();
            texts.append(Bytes(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())));
        }
    } catch (const std::exception &error) {
        return fail(ErrorKind::Internal, u"The image could not be searched."_s, QString::fromLocal8Bit(error.what()));
    }
    return texts;
}

} // namespace countersign
