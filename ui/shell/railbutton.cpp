#include "ui/shell/railbutton.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QEvent>
#include <QPainter>

namespace countersign {

RailButton::RailButton(const QString &id, const QString &title, QLatin1StringView icon, QWidget *parent)
    : QAbstractButton(parent)
    , m_id(id)
    , m_icon(icon)
{
    setText(title);
    setCheckable(true);
    setAccessibleName(title);
    setObjectName(u"rail."_s + id);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
}

void RailButton::setCount(int count)
{
    if (count == m_count)
        return;
    m_count = count;
    setAccessibleDescription(count > 0 ? tr("%n waiting for you", nullptr, count) : QString());
    update();
}

bool RailButton::event(QEvent *event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave || event->type() == QEvent::Enter
        || event->type() == QEvent::Leave)
        update();
    return QAbstractButton::event(event);
}

void RailButton::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool current = isChecked();
    const QRectF plate = QRectF(rect()).adjusted(6, 1, -7, -1);
    if (current || underMouse() || hasFocus()) {
        painter.setPen(hasFocus() ? QPen(tokenColor(Token::Accent, palette()), 1.5) : QPen(Qt::NoPen));
        painter.setBrush(tokenColor(current ? Token::Selection : Token::Raised, palette()));
        painter.drawRoundedRect(plate, 6, 6);
    }
    if (current) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokenColor(Token::Accent, palette()));
        painter.drawRoundedRect(QRectF(0, 14, 3, height() - 28), 1.5, 1.5);
    }
    const QColor ink = tokenColor(current ? Token::SelectionText : Token::Muted, palette());
    const QRectF icon(width() / 2.0 - 11, 9, 22, 22);
    paintIcon(painter, icon, m_icon, ink);
    painter.setFont(uiFont(TextSize::Small, current ? QFont::Medium : QFont::Normal));
    painter.setPen(ink);
    painter.drawText(QRect(0, 35, width() - 1, 20), Qt::AlignCenter, text());
    if (m_count > 0) {
        painter.setFont(uiFont(TextSize::Caption, QFont::Bold));
        const QString count = m_count > 99 ? u"99+"_s : QString::number(m_count);
        const qreal badge = std::max(16.0, painter.fontMetrics().horizontalAdvance(count) + 9.0);
        const QRectF spot(icon.right() - 4, icon.top() - 5, badge, 16);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokenColor(Token::Accent, palette()));
        painter.drawRoundedRect(spot, 8, 8);
        painter.setPen(tokenColor(Token::AccentText, palette()));
        painter.drawText(spot, Qt::AlignCenter, count);
    }
}

} // namespace countersign
