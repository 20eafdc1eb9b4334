#include "ui/shell/logdock.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"

#include <QPlainTextEdit>

namespace countersign {

LogDock::LogDock(QWidget *parent)
    : QDockWidget(tr("Log"), parent)
    , m_text(new QPlainTextEdit(this))
{
    setObjectName(u"logDock"_s);
    setAccessibleName(tr("Log"));
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(2000);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(monoFont(TextSize::Small));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Log of this console"));
    m_text->setPlaceholderText(tr("Nothing has been logged yet."));
    setWidget(m_text);
}

void LogDock::appendLine(const QString &line)
{
    m_text->appendPlainText(line);
}

} // namespace countersign
