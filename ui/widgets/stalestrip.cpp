#include "ui/widgets/stalestrip.h"

#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/theme/tokens.h"

#include <QPainter>

namespace countersign {

namespace {
constexpr int stripHeight = 26;
} // namespace

StaleStrip::StaleStrip(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(stripHeight);
    hide();
}

void StaleStrip::setText(const QString &text)
{
    m_text = text;
    setToolTip(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    update();
}

void StaleStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), tokenColor(Token::WarnFill, palette()));
    const QColor ink = tokenColor(Token::Warn, palette());
    paintMark(painter, QRectF(10, (stripHeight - 11) / 2.0, 11, 11), Tone::Warn, ink);
    painter.setPen(ink);
    painter.setFont(uiFont(TextSize::Small, QFont::Medium));
    painter.drawText(rect().adjusted(28, 0, -8, 0), Qt::AlignLeft | Qt::AlignVCenter,
        painter.fontMetrics().elidedText(m_text, Qt::ElideRight, width() - 36));
}

} // namespace countersign
