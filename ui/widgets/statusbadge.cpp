#include "ui/widgets/statusbadge.h"

#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"

#include <QPainter>

namespace countersign {

namespace {
constexpr int padding = 7;
constexpr int markSize = 9;
} // namespace

StatusBadge::StatusBadge(QWidget *parent)
    : QWidget(parent)
{
    setFont(uiFont(TextSize::Small, QFont::Medium));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void StatusBadge::setState(Tone tone, const QString &word)
{
    if (tone == m_tone && word == m_word)
        return;
    m_tone = tone;
    m_word = word;
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize StatusBadge::sizeHint() const
{
    const QFontMetrics metrics(font());
    return {2 * padding + markSize + 6 + metrics.horizontalAdvance(m_word), metrics.height() + 6};
}

void StatusBadge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokenColor(toneFill(m_tone), palette()));
    painter.drawRoundedRect(rect(), 4, 4);
    const QColor ink = tokenColor(toneToken(m_tone), palette());
    paintMark(painter, QRectF(padding, (height() - markSize) / 2.0, markSize, markSize), m_tone, ink);
    painter.setPen(ink);
    painter.drawText(
        rect().adjusted(padding + markSize + 6, 0, -padding + 2, 0), Qt::AlignLeft | Qt::AlignVCenter, m_word);
}

} // namespace countersign
