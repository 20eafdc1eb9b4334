#include "ui/charts/chartdecor.h"

#include "backend/types/strings.h"
#include "ui/charts/labelcache.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/theme/tokens.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr int timeLabelWidth = 56;
constexpr int timeLabelRoom = 90;
constexpr int labelHeight = 18;
constexpr int areaAlpha = 26;
constexpr int rangeAlpha = 34;
constexpr int hatchAlpha = 60;
constexpr int tagHeight = 18;

QColor withAlpha(QColor color, int alpha)
{
    color.setAlpha(alpha);
    return color;
}

/// A tag in the upper left of the plot; says where the next one goes.
int paintTag(QPainter &painter, const QPalette &palette, const QRect &plot, int left, const QString &text, Tone tone)
{
    const QFont font = uiFont(TextSize::Caption, QFont::Medium);
    const QFontMetrics metrics(font);
    const int width = std::min(metrics.horizontalAdvance(text) + 24, plot.right() - left);
    if (width < 30)
        return left;
    const QRect rect(left, plot.top() + 4, width, tagHeight);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokenColor(toneFill(tone), palette));
    painter.drawRoundedRect(rect, 3, 3);
    const QColor ink = tokenColor(toneToken(tone), palette);
    paintMark(painter, QRectF(rect.left() + 5, rect.top() + 5, 8, 8), tone, ink);
    painter.setPen(ink);
    painter.setFont(font);
    painter.drawText(rect.adjusted(17, 0, -4, 0), Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(text, Qt::ElideRight, width - 20));
    return rect.right() + 6;
}

}

void paintValueAxis(QPainter &painter, const QPalette &palette, const PlotMap &map, const QRect &plot, const QRect &labels,
    const AxisStyle &style, bool grid, LabelCache &cache)
{
    const bool right = labels.left() > plot.left();
    const QColor line = tokenColor(Token::ChartGrid, palette);
    const QColor ink = tokenColor(Token::Muted, palette);
    int lastLabel = std::numeric_limits<int>::max();
    for (const AxisTick &tick : map.axis.ticks) {
        const int y = plot.top() + static_cast<int>((1.0 - map.axis.share(tick.value)) * plot.height());
        if (grid) {
            painter.setPen(line);
            painter.drawLine(plot.left(), y, plot.right(), y);
        }
        if (lastLabel - y < labelHeight * 2 / 3)
            continue;
        lastLabel = y;
        painter.setPen(ink);
        const QRect rect(right ? plot.right() + 7 : labels.left(), y - labelHeight / 2,
            right ? labels.right() - plot.right() - 6 : plot.left() - labels.left() - 6, labelHeight);
        cache.draw(painter, rect, right ? Qt::AlignLeft : Qt::AlignRight, tick.label);
    }
    if (style.label.isEmpty())
        return;
    painter.save();
    painter.setPen(ink);
    const QFont font = uiFont(TextSize::Caption);
    painter.setFont(font);
    const QFontMetrics metrics(font);
    const int x = right ? labels.right() - labelHeight / 2 + 1 : labels.left() + labelHeight / 2 - 2;
    painter.translate(x, plot.center().y());
    painter.rotate(right ? 90 : -90);
    painter.drawText(QRect(-plot.height() / 2, -labelHeight / 2, plot.height(), labelHeight), Qt::AlignCenter,
        metrics.elidedText(style.label, Qt::ElideRight, plot.height()));
    painter.restore();
}

void paintTimeAxis(QPainter &painter, const QPalette &palette, const TimeSpan &span, const QRect &plot, int width,
    LabelCache &cache)
{
    painter.setPen(tokenColor(Token::Muted, palette));
    for (const AxisTick &tick : timeTicks(span.from, span.to, std::max(1, plot.width() / timeLabelRoom))) {
        const int x = plot.left() + static_cast<int>((tick.value - double(span.from)) / span.length() * plot.width());
        const QRect label(
            std::min(x - timeLabelWidth / 2, width - timeLabelWidth), plot.bottom() + 3, timeLabelWidth, timeAxisHeight - 4);
        cache.draw(painter, label, Qt::AlignHCenter, tick.label);
        painter.drawLine(x, plot.bottom(), x, plot.bottom() + 3);
    }
}

void paintThresholds(QPainter &painter, const ThresholdStyle &style, const PlotMap &map, const QRect &plot)
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (qsizetype i = 0; i < style.steps.size(); ++i) {
        const ThresholdStep &step = style.steps[i];
        const bool fromBelow = std::isinf(step.value);
        const double share = fromBelow ? 0 : map.axis.share(step.value);
        const double end = i + 1 < style.steps.size() ? map.axis.share(style.steps[i + 1].value) : 1;
        const double low = std::clamp(share, 0.0, 1.0);
        const double high = std::clamp(end, 0.0, 1.0);
        if (style.areas && high > low) {
            const double top = plot.top() + (1 - high) * plot.height();
            painter.fillRect(QRectF(plot.left(), top, plot.width(), (high - low) * plot.height()), withAlpha(step.color, areaAlpha));
        }
        if (style.lines && !fromBelow && share >= 0 && share <= 1) {
            painter.setPen(QPen(step.color, 1.5, style.dashed ? Qt::DashLine : Qt::SolidLine));
            const double y = std::floor(plot.top() + (1 - share) * (plot.height() - 1)) + 0.5;
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
        }
    }
}

void paintAnnotations(QPainter &painter, const QPalette &palette, const QVector<ChartAnnotation> &annotations,
    const PlotMap &map, const QRect &plot)
{
    painter.save();
    painter.setClipRect(plot.adjusted(-annotationMark, 0, annotationMark, annotationMark + 2));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const ChartAnnotation &annotation : annotations) {
        if (annotation.to < map.span.from || annotation.from > map.span.to)
            continue;
        const QColor color = annotation.color.isValid() ? annotation.color : tokenColor(Token::Info, palette);
        const double from = std::floor(map.x(annotation.from)) + 0.5;
        const double to = std::floor(map.x(annotation.to)) + 0.5;
        if (annotation.to > annotation.from)
            painter.fillRect(QRectF(QPointF(from, plot.top()), QPointF(to, plot.bottom() + 1)), withAlpha(color, rangeAlpha));
        painter.setPen(QPen(color, 1, Qt::DashLine));
        painter.drawLine(QPointF(from, plot.top()), QPointF(from, plot.bottom()));
        if (annotation.to > annotation.from)
            painter.drawLine(QPointF(to, plot.top()), QPointF(to, plot.bottom()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        const double half = annotationMark / 2.0;
        const double foot = plot.bottom() + 1;
        painter.drawPolygon(QPolygonF{{from, foot - 1}, {from + half, foot + annotationMark - 1}, {from - half, foot + annotationMark - 1}});
        if (annotation.to > annotation.from)
            painter.drawRect(QRectF(QPointF(from, foot), QPointF(std::min(to, double(plot.right())), foot + 2)));
    }
    painter.restore();
}

void paintFocusRing(QPainter &painter, const QPalette &palette, const QRect &rect)
{
    constexpr double width = 1.5;
    constexpr double radius = 3;
    constexpr int quarter = 90 * 16;
    const QRectF ring = QRectF(rect).adjusted(1, 1, -1, -1);
    const double half = width / 2;
    const QColor color = tokenColor(Token::Accent, palette);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF inner = ring.adjusted(radius, radius, -radius, -radius);
    painter.fillRect(QRectF(inner.left(), ring.top() - half, inner.width(), width), color);
    painter.fillRect(QRectF(inner.left(), ring.bottom() - half, inner.width(), width), color);
    painter.fillRect(QRectF(ring.left() - half, inner.top(), width, inner.height()), color);
    painter.fillRect(QRectF(ring.right() - half, inner.top(), width, inner.height()), color);
    painter.setPen(QPen(color, width, Qt::SolidLine, Qt::FlatCap));
    const QSizeF corner(2 * radius, 2 * radius);
    painter.drawArc(QRectF(ring.topLeft(), corner), quarter, quarter);
    painter.drawArc(QRectF(QPointF(ring.right() - 2 * radius, ring.top()), corner), 0, quarter);
    painter.drawArc(QRectF(QPointF(ring.left(), ring.bottom() - 2 * radius), corner), 2 * quarter, quarter);
    painter.drawArc(QRectF(QPointF(ring.right() - 2 * radius, ring.bottom() - 2 * radius), corner), 3 * quarter, quarter);
    painter.restore();
}

void paintHatch(QPainter &painter, const QPalette &palette, const QRect &rect)
{
    painter.fillRect(rect, QBrush(withAlpha(tokenColor(Token::Muted, palette), hatchAlpha), Qt::BDiagPattern));
}

void paintChartState(QPainter &painter, const QPalette &palette, const ChartScene &scene, const QRect &plot)
{
    painter.save();
    int left = plot.left() + 4;
    if (!scene.stale.isEmpty()) {
        paintHatch(painter, palette, plot);
        left = paintTag(painter, palette, plot, left, scene.stale, Tone::Warn);
    }
    if (!scene.frozen.isEmpty())
        left = paintTag(painter, palette, plot, left, scene.frozen, Tone::Info);
    const bool anyGhost = std::ranges::any_of(scene.lines, [](const ChartLine &line) { return !line.ghost.isEmpty(); });
    if (scene.ghost) {
        paintTag(painter, palette, plot, left,
            anyGhost ? QCoreApplication::translate("Chart", "dotted: one week earlier")
                     : QCoreApplication::translate("Chart", "one week earlier: no samples yet"),
            Tone::Neutral);
    }
    painter.restore();
}

}
