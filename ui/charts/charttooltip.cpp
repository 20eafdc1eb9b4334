#include "ui/charts/charttooltip.h"

#include "ui/charts/chartlegend.h"
#include "ui/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

namespace countersign {

namespace {
constexpr int rowHeight = 18;
constexpr int margin = 8;
constexpr int keyWidth = 18;
constexpr int gap = 16;
constexpr int widest = 360;
constexpr int away = 14; ///< from the pointer
}

ChartTooltip::ChartTooltip(QWidget *window)
    : QWidget(window)
{
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setFocusPolicy(Qt::NoFocus);
    hide();
}

void ChartTooltip::showAt(const QPoint &at, const QString &heading, const QVector<Row> &rows, const QString &note)
{
    m_heading = heading;
    m_note = note;
    m_rows = rows;
    const QFontMetrics metrics(uiFont(TextSize::Small, QFont::Medium));
    int names = 0;
    m_valueWidth = 0;
    for (const Row &row : rows) {
        names = std::max(names, metrics.horizontalAdvance(row.name));
        m_valueWidth = std::max(m_valueWidth, metrics.horizontalAdvance(row.value));
    }
    const QSize room = parentWidget()->size();
    const int lines = 1 + (note.isEmpty() ? 0 : 1);
    const int fit = std::max(1, (room.height() - 2 * margin) / rowHeight - lines);
    const auto count = static_cast<int>(rows.size());
    m_shown = count <= fit ? count : std::max(1, fit - 1);
    const int inner = std::max({names + keyWidth + gap + m_valueWidth, metrics.horizontalAdvance(heading), metrics.horizontalAdvance(note)});
    const int width = std::min({inner + 2 * margin, widest, room.width()});
    const int height = (lines + m_shown + (m_shown < count ? 1 : 0)) * rowHeight + margin + 4;
    const int left = at.x() + away + width <= room.width() ? at.x() + away : std::max(0, at.x() - away - width);
    const int top = std::clamp(at.y() + away, 0, std::max(0, room.height() - height));
    setGeometry(left, top, width, height);
    raise();
    show();
    update();
}

void ChartTooltip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokenColor(Token::BorderStrong, palette()), 1));
    painter.setBrush(tokenColor(Token::Raised, palette()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    const QFont strong = uiFont(TextSize::Small, QFont::Medium);
    const QFont plain = uiFont(TextSize::Small);
    const QColor muted = tokenColor(Token::Muted, palette());
    const int width = this->width() - 2 * margin;
    int y = margin / 2 + 1;
    const auto line = [&](const QString &text, const QFont &font, const QColor &color) {
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(QRect(margin, y, width, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(font).elidedText(text, Qt::ElideRight, width));
        y += rowHeight;
    };
    line(m_heading, strong, muted);
    if (!m_note.isEmpty())
        line(m_note, plain, tokenColor(Token::Text, palette()));
    for (int i = 0; i < m_shown; ++i) {
        const Row &row = m_rows[i];
        paintSeriesKey(painter, QRectF(margin, y + 4, keyWidth - 6, 10), row.color, row.pattern, row.filled);
        const QFont &font = row.strong ? strong : plain;
        const int nameWidth = width - keyWidth - m_valueWidth - gap / 2;
        painter.setFont(font);
        painter.setPen(tokenColor(Token::Text, palette()));
        painter.drawText(QRect(margin + keyWidth, y, nameWidth, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(font).elidedText(row.name, Qt::ElideMiddle, nameWidth));
        painter.setFont(strong);
        painter.drawText(QRect(margin, y, width, rowHeight), Qt::AlignRight | Qt::AlignVCenter, row.value);
        y += rowHeight;
    }
    if (m_shown < m_rows.size())
        line(tr("%n more", nullptr, static_cast<int>(m_rows.size()) - m_shown), plain, muted);
}

}
