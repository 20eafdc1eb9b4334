#include "ui/pages/relayers/logdetails.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/copybutton.h"

#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

LogDetails::LogDetails(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_text(new QPlainTextEdit(this))
    , m_copy(new CopyButton(tr("this line as it was written"), this))
    , m_intentButton(new QPushButton(themeIcon("intents"_L1), tr("Show the intent"), this))
{
    setMinimumWidth(300);
    m_title->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_text->setReadOnly(true);
    m_text->setFont(monoFont(TextSize::Small));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setAccessibleName(tr("The line as it was written"));
    m_intentButton->setAccessibleName(tr("Show the intent of this line"));
    auto *close = new QToolButton(this);
    close->setIcon(themeIcon("close"_L1));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close details"));
    connect(close, &QToolButton::clicked, this, &LogDetails::closeRequested);
    connect(m_intentButton, &QPushButton::clicked, this, [this] { emit intentRequested(m_intent); });

    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_copy, 0, Qt::AlignTop);
    head->addWidget(close, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 12, 10);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_intentButton, 0, Qt::AlignLeft);
}

void LogDetails::setLine(const QString &title, const QString &indented, const QString &raw, const QString &intent)
{
    m_title->setText(title);
    if (m_text->toPlainText() != indented)
        m_text->setPlainText(indented);
    m_copy->setValue(raw);
    m_intent = intent;
    m_intentButton->setVisible(!intent.isEmpty());
}

void LogDetails::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    painter.fillRect(QRect(0, 0, 1, height()), tokenColor(Token::Border, palette()));
}

} // namespace countersign
