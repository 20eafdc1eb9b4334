#include "ui/pages/journal/journaldetails.h"

#include "backend/types/strings.h"
#include "models/journal/journalmodel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/format.h"
#include "ui/widgets/keyvalueview.h"

#include <QJsonDocument>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

JournalDetails::JournalDetails(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_rows(new KeyValueView(this))
    , m_evidence(new QPlainTextEdit(this))
    , m_copy(new CopyButton(tr("this row as JSON"), this))
{
    setMinimumWidth(280);
    m_title->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_title->setWordWrap(true);
    m_title->setTextFormat(Qt::PlainText);
    auto *close = new QToolButton(this);
    close->setIcon(themeIcon("close"_L1));
    close->setAutoRaise(true);
    close->setAccessibleName(tr("Close details"));
    connect(close, &QToolButton::clicked, this, &JournalDetails::closeRequested);
    m_evidence->setReadOnly(true);
    m_evidence->setFont(monoFont(TextSize::Small));
    m_evidence->setAccessibleName(tr("Evidence"));
    m_evidence->setPlaceholderText(tr("This row carries no evidence."));

    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_copy, 0, Qt::AlignTop);
    head->addWidget(close, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 12, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_rows);
    layout->addWidget(m_evidence, 1);
}

void JournalDetails::setRow(const JournalRow &row)
{
    m_title->setText(row.text);
    m_rows->setRows({{tr("Row"), QString::number(row.id), {}, false}, {tr("Time"), utcDateTime(row.at), {}, false},
        {tr("Kind"), journalKindName(row.kind), {}, false}, {tr("Actor"), row.actor, {}, false},
        {tr("Subject"), row.subject, {}, true}, {tr("Hash"), row.hash.toString(), {}, true}});
    const QJsonDocument evidence = QJsonDocument::fromJson(row.evidence);
    m_evidence->setPlainText(evidence.isNull() ? QString::fromUtf8(row.evidence)
                                               : QString::fromUtf8(evidence.toJson(QJsonDocument::Indented)).trimmed());
    const QJsonObject whole{{u"id"_s, row.id}, {u"at"_s, row.at.toIsoString()}, {u"kind"_s, journalKindName(row.kind)},
        {u"actor"_s, row.actor}, {u"subject"_s, row.subject}, {u"text"_s, row.text}, {u"hash"_s, row.hash.toString()},
        {u"evidence"_s, evidence.object()}};
    m_text = QString::fromUtf8(QJsonDocument(whole).toJson(QJsonDocument::Indented));
    m_copy->setValue(m_text);
}

void JournalDetails::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().brush(QPalette::Base));
    painter.fillRect(QRect(0, 0, 1, height()), tokenColor(Token::Border, palette()));
}

} // namespace countersign
