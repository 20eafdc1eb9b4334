#include "ui/charts/itemchart.h"

#include "backend/types/strings.h"
#include "ui/charts/chartdecor.h"
#include "ui/charts/chartpalette.h"
#include "ui/charts/chartscene.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QFontMetrics>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace countersign {

namespace {
constexpr int mostSpoken = 12;
constexpr int signAlpha = 90;
constexpr int keyHeight = 20;
constexpr int keySide = 10;
constexpr int keyGap = 16;
constexpr double mostKeys = 0.4; ///< of the height
}

ItemChart::ItemChart(QWidget *parent)
    : QWidget(parent)
    , m_emptyText(tr("No data"))
{
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setBackgroundRole(QPalette::Base);
}

void ItemChart::setTitle(const QString &title)
{
    setAccessibleName(title);
}

void ItemChart::setEmptyText(const QString &text)
{
    m_emptyText = text;
    update();
}

void ItemChart::setStale(const QString &text)
{
    m_stale = text;
    update();
}

void ItemChart::setGroup(ChartGroup *group)
{
    if (m_group)
        disconnect(m_group, nullptr, this, nullptr);
    m_group = group;
    if (m_group) {
        connect(m_group, &ChartGroup::crosshairMoved, this, qOverload<>(&QWidget::update));
        connect(m_group, &ChartGroup::zoomed, this, qOverload<>(&QWidget::update));
        connect(m_group, &ChartGroup::unzoomed, this, qOverload<>(&QWidget::update));
    }
    update();
}

void ItemChart::dataChanged()
{
    if (m_current >= itemCount())
        m_current = -1;
    setAccessibleDescription(accessibleSummary());
    updateGeometry();
    update();
}

QString ItemChart::accessibleSummary() const
{
    QStringList parts{accessibleName()};
    if (!m_stale.isEmpty())
        parts.append(m_stale);
    const int count = itemCount();
    if (count == 0)
        parts.append(m_emptyText);
    for (int i = 0; i < std::min(count, mostSpoken); ++i)
        parts.append(itemText(i));
    if (count > mostSpoken)
        parts.append(tr("%n more", nullptr, count - mostSpoken));
    parts.removeAll(QString());
    return parts.join(u"; "_s);
}

void ItemChart::setCurrent(int item)
{
    if (item == m_current)
        return;
    m_current = item;
    if (item >= 0 && hasFocus()) {
        setAccessibleDescription(itemText(item));
        QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&changed);
    }
    update();
}

int ItemChart::neighbour(int item, int key) const
{
    const int step = key == Qt::Key_Left || key == Qt::Key_Up ? -1 : 1;
    return item < 0 ? (step > 0 ? 0 : itemCount() - 1) : std::clamp(item + step, 0, itemCount() - 1);
}

bool ItemChart::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int item = itemAt(help->pos());
        if (item < 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), itemText(item), this, itemRect(item).toAlignedRect());
        return true;
    }
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void ItemChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(backgroundRole()));
    painter.setRenderHint(QPainter::Antialiasing);
    if (itemCount() == 0) {
        painter.setPen(tokenColor(Token::Muted, palette()));
        painter.setFont(uiFont(TextSize::Small));
        painter.drawText(area(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    } else {
        painter.save();
        paintItems(painter);
        painter.restore();
    }
    paintState(painter);
}

void ItemChart::paintState(QPainter &painter)
{
    const QColor accent = tokenColor(Token::Accent, palette());
    painter.setRenderHint(QPainter::Antialiasing);
    if (const auto map = timeMap(); map && m_group && m_group->crosshair()) {
        const double x = std::floor(map->x(*m_group->crosshair())) + 0.5;
        if (x >= map->plot.left() && x <= map->plot.right()) {
            painter.setPen(QPen(tokenColor(Token::Text, palette()), 1, Qt::DashLine));
            painter.drawLine(QPointF(x, map->plot.top()), QPointF(x, map->plot.bottom()));
        }
    }
    if (!m_stale.isEmpty() && itemCount() > 0) {
        ChartScene scene;
        scene.stale = m_stale;
        paintChartState(painter, palette(), scene, rect());
    }
    if (!hasFocus())
        return;
    paintFocusRing(painter, palette(), rect());
    painter.setBrush(Qt::NoBrush);
    if (m_current >= 0 && m_current < itemCount()) {
        painter.setPen(QPen(accent, 2));
        painter.drawRoundedRect(itemRect(m_current).adjusted(-1, -1, 1, 1), 3, 3);
    }
}

void ItemChart::mouseMoveEvent(QMouseEvent *event)
{
    const auto map = timeMap();
    if (map && m_group && map->plot.contains(event->position()))
        m_group->setCrosshair(map->timeAt(event->position().x()));
    QWidget::mouseMoveEvent(event);
}

void ItemChart::leaveEvent(QEvent *event)
{
    if (m_group && timeMap())
        m_group->setCrosshair({});
    QWidget::leaveEvent(event);
}

void ItemChart::mouseReleaseEvent(QMouseEvent *event)
{
    const int item = itemAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || item < 0) {
        QWidget::mouseReleaseEvent(event);
        return;
    }
    setCurrent(item);
    emit activated(item);
}

void ItemChart::keyPressEvent(QKeyEvent *event)
{
    const int count = itemCount();
    const int key = event->key();
    if (count > 0 && (key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Up || key == Qt::Key_Down)) {
        setCurrent(neighbour(m_current, key));
    } else if (count > 0 && (key == Qt::Key_Home || key == Qt::Key_End)) {
        setCurrent(key == Qt::Key_Home ? 0 : count - 1);
    } else if (m_current >= 0 && event->matches(QKeySequence::Copy)) {
        QApplication::clipboard()->setText(itemValue(m_current));
    } else if (m_current >= 0 && (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space)) {
        emit activated(m_current);
    } else if (m_current >= 0 && key == Qt::Key_Escape) {
        setCurrent(-1);
    } else {
        QWidget::keyPressEvent(event);
        return;
    }
    event->accept();
}

void ItemChart::focusInEvent(QFocusEvent *event)
{
    setAccessibleDescription(m_current < 0 ? accessibleSummary() : itemText(m_current));
    QWidget::focusInEvent(event);
    update();
}

QVector<QRect> gridCells(const QRect &room, int count, double aspect, int gap)
{
    QVector<QRect> cells;
    if (count < 1)
        return cells;
    int columns = 1;
    double best = -1;
    for (int tried = 1; tried <= count; ++tried) {
        const int rows = (count + tried - 1) / tried;
        const double width = double(room.width() - (tried - 1) * gap) / tried;
        const double height = double(room.height() - (rows - 1) * gap) / rows;
        const double size = std::min(width, height * aspect);
        if (size > best) {
            best = size;
            columns = tried;
        }
    }
    const int rows = (count + columns - 1) / columns;
    for (int i = 0; i < count; ++i) {
        const int row = i / columns;
        const int inRow = row + 1 == rows ? count - row * columns : columns; // the last row fills its line
        const int column = i % columns;
        const int left = room.left() + column * (room.width() + gap) / inRow;
        const int right = room.left() + (column + 1) * (room.width() + gap) / inRow - gap;
        const int top = room.top() + row * (room.height() + gap) / rows;
        const int bottom = room.top() + (row + 1) * (room.height() + gap) / rows - gap;
        cells.append(QRect(QPoint(left, top), QPoint(right - 1, bottom - 1)));
    }
    return cells;
}

QFont fittingFont(const QString &text, const QSizeF &room, int least, int most)
{
    QFont font = uiFont(TextSize::Figure, QFont::Medium);
    font.setPixelSize(std::max(least, most));
    const QFontMetricsF metrics(font);
    const double width = std::max(1.0, metrics.horizontalAdvance(text));
    const double share = std::min(room.width() / width, room.height() / metrics.height());
    font.setPixelSize(std::clamp(static_cast<int>(font.pixelSize() * std::min(1.0, share)), least, std::max(least, most)));
    return font;
}

void paintSign(QPainter &painter, const QRectF &rect, const QColor &ground, int index)
{
    constexpr std::array textures{Qt::NoBrush, Qt::BDiagPattern, Qt::Dense6Pattern, Qt::HorPattern, Qt::FDiagPattern, Qt::VerPattern, Qt::DiagCrossPattern};
    QColor ink = textOn(ground);
    ink.setAlpha(signAlpha);
    painter.fillRect(rect, QBrush(ink, textures[static_cast<std::size_t>(index) % textures.size()]));
}

QRect paintKeys(QPainter &painter, const QPalette &palette, const QRect &room, const QVector<KeyEntry> &keys)
{
    const QFont font = uiFont(TextSize::Small);
    const QFontMetrics metrics(font);
    QVector<QRect> cells;
    int x = 0;
    int y = 0;
    for (const KeyEntry &key : keys) {
        const int width = std::min(room.width(), keySide + 6 + metrics.horizontalAdvance(key.name) + 2);
        if (x > 0 && x + width > room.width()) {
            x = 0;
            y += keyHeight;
        }
        cells.append(QRect(x, y, width, keyHeight));
        x += width + keyGap;
    }
    const int most = std::max(1, static_cast<int>(room.height() * mostKeys) / keyHeight) * keyHeight;
    const int height = keys.isEmpty() ? 0 : std::min(y + keyHeight, most);
    painter.save();
    painter.setFont(font);
    painter.setPen(tokenColor(Token::Text, palette));
    for (qsizetype i = 0; i < keys.size() && cells[i].top() < height; ++i) {
        const QRect cell = cells[i].translated(room.left(), room.bottom() + 1 - height);
        const QRect box(cell.left(), cell.center().y() - keySide / 2 + 1, keySide, keySide);
        painter.fillRect(box, QBrush(keys[i].color, keys[i].brush));
        paintSign(painter, box, keys[i].color, keys[i].sign);
        painter.drawText(cell.adjusted(keySide + 6, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
            metrics.elidedText(keys[i].name, Qt::ElideMiddle, cell.width() - keySide - 6));
    }
    painter.restore();
    return room.adjusted(0, 0, 0, keys.isEmpty() ? 0 : -height - 6);
}

}
