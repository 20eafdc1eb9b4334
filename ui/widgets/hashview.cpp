#include "ui/widgets/hashview.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

namespace countersign {

namespace {
constexpr int lines = 2;
constexpr int gap = 9;
constexpr int margin = 6;
} // namespace

HashView::HashView(const QString &name, QWidget *parent)
    : QWidget(parent)
    , m_name(name)
{
    setAccessibleName(name);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
}

void HashView::setGroups(const QStringList &groups)
{
    if (groups == m_groups)
        return;
    m_groups = groups;
    setAccessibleDescription(groups.join(u' '));
    setToolTip(text());
    updateGeometry();
    update();
}

void HashView::setMarkedGroups(const QVector<int> &groups)
{
    m_marked = groups;
    update();
}

QSize HashView::sizeHint() const
{
    const QFontMetrics mono(monoFont(TextSize::Strong));
    const QFontMetrics caption(uiFont(TextSize::Small));
    const int perLine = std::max(4, int(m_groups.size() + 1) / lines);
    const int group = mono.horizontalAdvance(m_groups.value(1, u"00000000"_s));
    return {2 * margin + perLine * (group + gap) + mono.horizontalAdvance(u"0x"_s),
        caption.height() + lines * (mono.height() + 3) + 8};
}

void HashView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (hasFocus()) {
        painter.setPen(QPen(tokenColor(Token::Accent, palette()), 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 3, 3);
    }
    const QFont captionFont = uiFont(TextSize::Small);
    const QFontMetrics caption(captionFont);
    painter.setFont(captionFont);
    painter.setPen(tokenColor(Token::Muted, palette()));
    painter.drawText(margin, 2 + caption.ascent(), m_name);
    const QFont monospace = monoFont(TextSize::Strong);
    const QFontMetrics mono(monospace);
    painter.setFont(monospace);
    int y = caption.height() + 5;
    if (m_groups.isEmpty()) {
        painter.drawText(margin, y + mono.ascent(), u"–"_s);
        return;
    }
    const int prefix = mono.horizontalAdvance(u"0x"_s);
    const int perLine = (int(m_groups.size()) + 1) / lines;
    int x = margin;
    for (int i = 0; i < m_groups.size(); ++i) {
        if (i == perLine) {
            // The second line stands under the first digits, not under the prefix.
            x = margin + (m_groups.first().startsWith(u"0x"_s) ? prefix : 0);
            y += mono.height() + 3;
        }
        const QRect cell(x, y, mono.horizontalAdvance(m_groups[i]), mono.height());
        x += cell.width() + gap;
        if (m_marked.contains(i)) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(tokenColor(Token::Selection, palette()));
            painter.drawRoundedRect(QRectF(cell).adjusted(-3, -1, 3, 1), 3, 3);
            painter.setPen(tokenColor(Token::SelectionText, palette()));
        } else {
            // Every second group is quieter: the eye keeps its place.
            painter.setPen(tokenColor(i % 2 == 0 ? Token::Text : Token::Muted, palette()));
        }
        painter.drawText(cell, Qt::AlignCenter, m_groups[i]);
    }
}

void HashView::copy() const
{
    if (!m_groups.isEmpty())
        QGuiApplication::clipboard()->setText(text());
}

void HashView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QWidget::keyPressEvent(event);
}

void HashView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(themeIcon("copy"_L1), tr("Copy %1").arg(m_name), this, &HashView::copy);
    menu->popup(event->globalPos());
}

} // namespace countersign
