#include "ui/pages/intents/lanestrip.h"

#include "backend/types/strings.h"
#include "models/intents/intentlanesmodel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/widgets/format.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace countersign {

namespace {

constexpr int exitGap = 14;
constexpr int point = 7; ///< how far a lane of the road reaches into the next one

} // namespace

LaneStrip::LaneStrip(const QAbstractItemModel &lanes, QWidget *parent)
    : QWidget(parent)
    , m_lanes(lanes)
{
    setAccessibleName(tr("Lanes by phase"));
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const auto repaint = [this] { update(); };
    connect(&lanes, &QAbstractItemModel::dataChanged, this, repaint);
    connect(&lanes, &QAbstractItemModel::modelReset, this, repaint);
}

void LaneStrip::setCurrentFilter(const QString &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    update();
}

QSize LaneStrip::sizeHint() const
{
    return {1000, 66};
}

QSize LaneStrip::minimumSizeHint() const
{
    return {640, 66};
}

QRect LaneStrip::laneRect(int lane) const
{
    const int count = std::max(1, m_lanes.rowCount());
    const double width = (this->width() - exitGap - 2) / double(count);
    const bool exit = m_lanes.index(lane, 0).data(IntentLanesModel::SideExitRole).toBool();
    const int left = int(lane * width) + (exit ? exitGap : 0);
    return {left, 1, int((lane + 1) * width) + (exit ? exitGap : 0) - left, height() - 2};
}

int LaneStrip::laneAt(const QPoint &spot) const
{
    for (int lane = 0; lane < m_lanes.rowCount(); ++lane) {
        if (laneRect(lane).contains(spot))
            return lane;
    }
    return -1;
}

QString LaneStrip::describe(int lane) const
{
    const QModelIndex index = m_lanes.index(lane, 0);
    QString text = u"%1: %2"_s.arg(index.data().toString(), index.data(IntentLanesModel::CountRole).toString());
    if (const uint stuck = index.data(IntentLanesModel::StuckRole).toUInt(); stuck > 0)
        text += u", "_s + tr("%n stuck", nullptr, int(stuck));
    return text;
}

void LaneStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int lane = 0; lane < m_lanes.rowCount(); ++lane)
        paintLane(painter, lane);
}

void LaneStrip::paintLane(QPainter &painter, int lane) const
{
    const QModelIndex index = m_lanes.index(lane, 0);
    const bool exit = index.data(IntentLanesModel::SideExitRole).toBool();
    const uint count = index.data(IntentLanesModel::CountRole).toUInt();
    const uint stuck = index.data(IntentLanesModel::StuckRole).toUInt();
    const auto tone = static_cast<Tone>(index.data(IntentLanesModel::ToneRole).toInt());
    const bool chosen = !m_filter.isEmpty() && m_filter == index.data(IntentLanesModel::FilterRole).toString();
    const QRect rect = laneRect(lane);

    // Lanes of the road point at the next one; side exits are plain boxes.
    QPainterPath shape;
    const QRectF box = QRectF(rect).adjusted(1.5, 0.5, -1.5, -0.5);
    if (exit) {
        shape.addRoundedRect(box, 4, 4);
    } else {
        const qreal middle = box.center().y();
        shape.moveTo(box.topLeft());
        shape.lineTo(box.right() - point + 3, box.top());
        shape.lineTo(box.right() + 3, middle);
        shape.lineTo(box.right() - point + 3, box.bottom());
        shape.lineTo(box.bottomLeft());
        if (lane > 0)
            shape.lineTo(box.left() + point, middle);
        shape.closeSubpath();
    }
    const bool loud = count > 0 && (tone == Tone::Bad || tone == Tone::Warn);
    // What is over and done keeps its mark, but only what is stuck now is filled.
    QColor fill = stuck > 0 ? tokenColor(Token::WarnFill, palette()) : tokenColor(Token::Panel, palette());
    if (chosen)
        fill = tokenColor(Token::Selection, palette());
    else if (lane == m_hovered)
        fill = tokenColor(Token::Raised, palette());
    const bool focused = hasFocus() && lane == m_current;
    painter.setPen(QPen(tokenColor(focused || chosen ? Token::Accent : Token::Border, palette()), focused ? 2 : 1));
    painter.setBrush(fill);
    painter.drawPath(shape);

    const QRect inside = rect.adjusted(exit ? 12 : 18, 6, -8, -6);
    const QColor muted = tokenColor(chosen ? Token::SelectionText : Token::Muted, palette());
    painter.setFont(uiFont(TextSize::Small));
    const QFontMetrics small(painter.font());
    int left = inside.left();
    if (loud) {
        paintMark(painter, QRectF(left, inside.top() + 4, 9, 9), tone, tokenColor(toneToken(tone), palette()));
        left += 14;
    }
    painter.setPen(loud && !chosen ? tokenColor(toneToken(tone), palette()) : muted);
    painter.drawText(QRect(left, inside.top(), inside.right() - left, 17), Qt::AlignLeft | Qt::AlignVCenter,
        small.elidedText(index.data().toString(), Qt::ElideRight, inside.right() - left));

    painter.setFont(uiFont(TextSize::Title, QFont::Medium));
    const QString figure = QLocale().toString(count);
    painter.setPen(count == 0 ? muted : tokenColor(chosen ? Token::SelectionText : Token::Text, palette()));
    const QRect line(inside.left(), inside.top() + 19, inside.width(), 24);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, figure);
    const int used = painter.fontMetrics().horizontalAdvance(figure) + 8;
    painter.setFont(uiFont(TextSize::Small));
    QString beside;
    if (stuck > 0) {
        beside = tr("%n stuck", nullptr, int(stuck));
        painter.setPen(tokenColor(chosen ? Token::SelectionText : Token::Warn, palette()));
    } else if (const QVariant oldest = index.data(IntentLanesModel::OldestAgeRole); oldest.isValid() && count > 0) {
        beside = ageText(std::chrono::microseconds(oldest.toLongLong()));
        painter.setPen(muted);
    }
    painter.drawText(line.adjusted(used, 3, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
        small.elidedText(beside, Qt::ElideRight, line.width() - used));
}

void LaneStrip::mouseMoveEvent(QMouseEvent *event)
{
    const int lane = laneAt(event->position().toPoint());
    if (lane == m_hovered)
        return;
    m_hovered = lane;
    setToolTip(lane >= 0 ? describe(lane) : QString());
    setCursor(lane >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    update();
}

void LaneStrip::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

void LaneStrip::mouseReleaseEvent(QMouseEvent *event)
{
    const int lane = laneAt(event->position().toPoint());
    if (lane < 0 || event->button() != Qt::LeftButton)
        return;
    m_current = lane;
    const QString filter = m_lanes.index(lane, 0).data(IntentLanesModel::FilterRole).toString();
    emit filterRequested(filter == m_filter ? QString() : filter);
}

void LaneStrip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        m_current
            = std::clamp(m_current + (event->key() == Qt::Key_Left ? -1 : 1), 0, std::max(0, m_lanes.rowCount() - 1));
        setAccessibleDescription(describe(m_current));
        update();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space: {
        const QString filter = m_lanes.index(m_current, 0).data(IntentLanesModel::FilterRole).toString();
        emit filterRequested(filter == m_filter ? QString() : filter);
        return;
    }
    default:
        QWidget::keyPressEvent(event);
    }
}

void LaneStrip::focusInEvent(QFocusEvent *event)
{
    setAccessibleDescription(describe(m_current));
    QWidget::focusInEvent(event);
    update();
}

} // namespace countersign
