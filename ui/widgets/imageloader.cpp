#include "ui/widgets/imageloader.h"

#include "backend/types/strings.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QImageReader>
#include <QPainter>

namespace countersign {

namespace {

constexpr int largestSide = 4096;
constexpr qint64 largestFile = 64 * 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("ImageLoader", text);
}

} // namespace

QImage toGreyImage(const QImage &image)
{
    QImage flat = image;
    if (flat.width() > largestSide || flat.height() > largestSide)
        flat = flat.scaled(largestSide, largestSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    if (flat.hasAlphaChannel()) {
        QImage ground(flat.size(), QImage::Format_RGB32);
        ground.fill(Qt::white);
        QPainter(&ground).drawImage(0, 0, flat.copy());
        flat = ground;
    }
    return flat.convertToFormat(QImage::Format_Grayscale8);
}

Result<QImage> loadGreyImage(const QString &path)
{
    const QFileInfo file(path);
    if (!file.isFile())
        return fail(ErrorKind::NotFound, tr("%1 is no file.").arg(file.fileName()));
    if (file.size() > largestFile)
        return fail(ErrorKind::Exhausted, tr("%1 is too large.").arg(file.fileName()));
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    static const QList<QByteArray> formats{"png", "jpeg", "jpg", "bmp", "pbm", "pgm", "ppm"};
    if (!formats.contains(reader.format()))
        return fail(ErrorKind::Invalid, tr("%1 is no picture that is read here.").arg(file.fileName()));
    if (const QSize size = reader.size(); size.width() > largestSide || size.height() > largestSide)
        reader.setScaledSize(size.scaled(largestSide, largestSide, Qt::KeepAspectRatio));
    const QImage image = reader.read();
    if (image.isNull())
        return fail(ErrorKind::Invalid, tr("%1 cannot be read.").arg(file.fileName()), reader.errorString());
    return toGreyImage(image);
}

} // namespace countersign
