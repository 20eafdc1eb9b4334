#include "ui/pages/overview/noterow.h"

#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace countersign {

NoteRow::NoteRow(Tone tone, const QString &text, const QString &action, QWidget *parent)
    : QWidget(parent)
    , m_tone(tone)
    , m_text(new QLabel(this))
    , m_note(new QLabel(this))
{
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_note->setFont(uiFont(TextSize::Small));
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->hide();
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_text);
    words->addWidget(m_note);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(32, 6, 8, 6);
    layout->addLayout(words, 1);
    if (!action.isEmpty()) {
        m_button = new QPushButton(action, this);
        connect(m_button, &QPushButton::clicked, this, &NoteRow::activated);
        layout->addWidget(m_button, 0, Qt::AlignVCenter);
    }
    setText(text);
}

void NoteRow::setText(const QString &text)
{
    m_text->setText(text);
    if (m_button)
        //: Accessible name of a button: what it does, then what it is about.
        m_button->setAccessibleName(tr("%1: %2").arg(m_button->text(), text));
}

void NoteRow::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void NoteRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokenColor(toneFill(m_tone), palette()));
    painter.drawRoundedRect(rect(), 5, 5);
    paintMark(painter, QRectF(12, height() / 2.0 - 5.5, 11, 11), m_tone, tokenColor(toneToken(m_tone), palette()));
}

} // namespace countersign
