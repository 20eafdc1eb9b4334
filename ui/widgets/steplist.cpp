#include "ui/widgets/steplist.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/marks.h"

#include <QPainter>

namespace countersign {

namespace {
constexpr int rowHeight = 25;
} // namespace

StepList::StepList(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StepList::setSteps(const QStringList &steps)
{
    m_steps = steps;
    m_current = 0;
    m_failed = false;
    m_note.clear();
    describe();
    updateGeometry();
    update();
}

void StepList::setCurrent(int step, const QString &note)
{
    m_current = step;
    m_note = note;
    m_failed = false;
    describe();
    update();
}

void StepList::setFailed(const QString &reason)
{
    m_failed = true;
    m_note = reason;
    describe();
    update();
}

void StepList::describe()
{
    if (m_current >= m_steps.size())
        setAccessibleName(tr("All steps done: %1").arg(m_steps.size()));
    else if (m_failed)
        setAccessibleName(tr("Failed at “%1”: %2").arg(m_steps[m_current], m_note));
    else
        setAccessibleName(tr("Step %1 of %2: %3").arg(m_current + 1).arg(m_steps.size()).arg(m_steps[m_current]));
}

QSize StepList::sizeHint() const
{
    return {320, int(m_steps.size()) * rowHeight + 2};
}

void StepList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int i = 0; i < m_steps.size(); ++i) {
        const int top = i * rowHeight;
        const QRectF dot(4, top + 6, 13, 13);
        const bool now = i == m_current;
        if (i + 1 < m_steps.size()) {
            painter.setPen(QPen(tokenColor(Token::Border, palette()), 1.5));
            painter.drawLine(QPointF(10.5, top + 21), QPointF(10.5, top + rowHeight + 4));
        }
        Token ink = Token::Muted;
        if (i < m_current) {
            paintIcon(painter, dot, "check"_L1, tokenColor(Token::Good, palette()));
            ink = Token::Text;
        } else if (now && m_failed) {
            paintMark(painter, dot, Tone::Bad, tokenColor(Token::Bad, palette()));
            ink = Token::Bad;
        } else if (now) {
            paintMark(painter, dot, Tone::Info, tokenColor(Token::Accent, palette()));
            ink = Token::Text;
        } else {
            paintMark(painter, dot, Tone::Neutral, tokenColor(Token::BorderStrong, palette()));
        }
        painter.setFont(uiFont(TextSize::Body, now ? QFont::Medium : QFont::Normal));
        painter.setPen(tokenColor(ink, palette()));
        const QString text = now && !m_note.isEmpty() ? m_steps[i] + u" — "_s + m_note : m_steps[i];
        painter.drawText(QRect(26, top, width() - 26, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(text, Qt::ElideRight, width() - 26));
    }
}

} // namespace countersign
