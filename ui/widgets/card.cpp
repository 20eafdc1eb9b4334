#include "ui/widgets/card.h"

#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

namespace countersign {

Card::Card(const QString &heading, QWidget *parent)
    : QWidget(parent)
    , m_heading(new QLabel(heading, this))
    , m_note(new QLabel(this))
    , m_top(new QHBoxLayout)
    , m_body(new QVBoxLayout)
{
    setBackgroundRole(QPalette::Base);
    m_heading->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_heading->setTextFormat(Qt::PlainText);
    m_note->setFont(uiFont(TextSize::Small));
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setTextFormat(Qt::PlainText);
    m_note->hide();

    m_top->setContentsMargins(12, 8, 8, 4);
    m_top->setSpacing(8);
    m_top->addWidget(m_heading);
    m_top->addWidget(m_note, 1);
    m_top->addStretch();
    m_body->setContentsMargins(12, 2, 12, 12);
    m_body->setSpacing(6);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addLayout(m_top);
    layout->addLayout(m_body, 1);
    m_heading->setVisible(!heading.isEmpty());
    if (heading.isEmpty())
        m_top->setContentsMargins(0, 0, 0, 8);
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget *, const QWidget *now) { followFocus(now); });
}

// A list without a frame of its own shows by its card that keys go there, also when it has no row to mark.
void Card::followFocus(const QWidget *now)
{
    const bool holds = qobject_cast<const QAbstractItemView *>(now) && isAncestorOf(now);
    if (holds == m_holdsFocus)
        return;
    m_holdsFocus = holds;
    update();
}

void Card::setHeading(const QString &heading)
{
    m_heading->setText(heading);
    m_heading->setVisible(!heading.isEmpty());
}

void Card::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void Card::addHeadingWidget(QWidget *widget)
{
    m_top->addWidget(widget);
    m_top->setContentsMargins(12, 8, 8, 4);
}

void Card::setFlush(bool flush)
{
    m_body->setContentsMargins(flush ? QMargins(0, 2, 0, 0) : QMargins(12, 2, 12, 12));
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(tokenColor(m_holdsFocus ? Token::Accent : Token::Border, palette()));
    painter.setBrush(palette().brush(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
}

} // namespace countersign
