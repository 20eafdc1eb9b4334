#include "ui/theme/icons.h"

#include "backend/types/strings.h"
#include "ui/theme/tokens.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <cmath>

// The set lives in a static library: without this the linker drops it. Must stand outside of any namespace.
static void registerIcons()
{
    Q_INIT_RESOURCE(countersign);
}

namespace countersign {

namespace {

QByteArray svgSource(const QString &name)
{
    static const bool registered = (registerIcons(), true);
    Q_UNUSED(registered)
    QFile file(u":/icons/"_s + name + u".svg"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap rendered(const QString &name, const QSize &deviceSize, const QColor &color)
{
    const QString key
        = u"cs:%1:%2x%3:%4"_s.arg(name).arg(deviceSize.width()).arg(deviceSize.height()).arg(color.rgba());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    QByteArray source = svgSource(name);
    source.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(source);
    pixmap = QPixmap(deviceSize);
    pixmap.fill(Qt::transparent);
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        renderer.render(&painter);
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

/// Keeps only a name; every pixmap is made for the palette of the moment.
class SvgIconEngine final : public QIconEngine {
public:
    explicit SvgIconEngine(QString name)
        : m_name(std::move(name))
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        painter->drawPixmap(rect, scaledPixmap(rect.size() * ratio, mode, state, ratio));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const QPalette palette = QGuiApplication::palette();
        QColor color = palette.color(QPalette::Text);
        if (mode == QIcon::Disabled)
            color = tokenColor(Token::BorderStrong, palette);
        else if (mode == QIcon::Selected)
            color = palette.color(QPalette::HighlightedText);
        return rendered(m_name, size, color);
    }

    QIconEngine *clone() const override { return new SvgIconEngine(m_name); }
    QString key() const override { return u"countersign-svg"_s; }
    bool isNull() override { return false; }

private:
    QString m_name;
};

}

QIcon themeIcon(QLatin1StringView name)
{
    return QIcon(new SvgIconEngine(QString(name)));
}

void paintIcon(QPainter &painter, const QRectF &rect, QLatin1StringView name, const QColor &color)
{
    const qreal ratio = painter.device()->devicePixelRatioF();
    const QSize device(
        static_cast<int>(std::ceil(rect.width() * ratio)), static_cast<int>(std::ceil(rect.height() * ratio)));
    QPixmap pixmap = rendered(QString(name), device, color);
    pixmap.setDevicePixelRatio(ratio);
    painter.drawPixmap(rect.topLeft(), pixmap);
}

}
