#include "ui/charts/chartexport.h"

#include "backend/types/strings.h"
#include "ui/charts/chartpainter.h"

#include <QBuffer>
#include <QDateTime>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QSvgGenerator>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

void paintWhole(QPainter &painter, const ChartScene &scene, const TimeSpan &span, const QSize &size, qreal ratio,
    const QPalette &palette, bool paths)
{
    painter.fillRect(QRect(QPoint(), size), palette.color(QPalette::Base));
    ChartPainter chart;
    chart.layout(scene, QRect(QPoint(), size), span, ratio, palette);
    chart.paint(painter, scene, paths);
    chart.paintLegend(painter, scene, {}, -1);
}

/// The earliest time among the next samples of all series; absent after the last.
std::optional<qint64> nextTime(const ChartScene &scene, const std::vector<std::size_t> &at, qint64 to)
{
    std::optional<qint64> next;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const TimeSeries &series = scene.lines[i].series;
        if (at[i] < series.size() && series.time(at[i]) <= to)
            next = std::min(next.value_or(series.time(at[i])), series.time(at[i]));
    }
    return next;
}

QString exact(double value)
{
    return std::isnan(value) ? QString() : QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest);
}

}

QImage chartImage(const ChartScene &scene, const TimeSpan &span, const QSize &size, qreal ratio, const QPalette &palette)
{
    QImage image(size * ratio, QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    QPainter painter(&image);
    paintWhole(painter, scene, span, size, ratio, palette, false);
    return image;
}

QByteArray chartSvg(const ChartScene &scene, const TimeSpan &span, const QSize &size, const QPalette &palette)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(), size));
    generator.setTitle(scene.title);
    QPainter painter(&generator);
    paintWhole(painter, scene, span, size, 1, palette, true);
    painter.end();
    return bytes;
}

QString isoText(qint64 time)
{
    return QDateTime::fromMSecsSinceEpoch(time, QTimeZone::utc()).toString(u"yyyy-MM-ddTHH:mm:ss.zzz'Z'"_s);
}

QString csvField(const QString &text)
{
    QString field = text;
    if (!field.isEmpty() && u"=+-@\t"_s.contains(field[0]))
        field.prepend(u'\'');
    if (!field.contains(u',') && !field.contains(u'"') && !field.contains(u'\n') && !field.contains(u'\r'))
        return field;
    return u'"' + field.replace(u'"', u"\"\""_s) + u'"';
}

QByteArray chartCsv(const ChartScene &scene, const TimeSpan &span)
{
    QByteArray csv = "time";
    std::vector<std::size_t> at;
    for (const ChartLine &line : scene.lines) {
        csv += ',' + csvField(line.name).toUtf8();
        at.push_back(line.series.indexAt(span.from));
    }
    csv += "\r\n";
    while (const auto time = nextTime(scene, at, span.to)) {
        csv += isoText(*time).toLatin1();
        for (std::size_t i = 0; i < at.size(); ++i) {
            const TimeSeries &series = scene.lines[i].series;
            csv += ',';
            if (at[i] < series.size() && series.time(at[i]) == *time)
                csv += exact(series.value(at[i]++)).toLatin1();
        }
        csv += "\r\n";
    }
    return csv;
}

}
