#include "ui/shell/logdock.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"

#include <QPlainTextEdit>

namespace countersign {

LogDock::LogDock(QWidget *parent)
    : QDockWidget(tr("Log"), parent)
{
    setObjectName(u"logDock"_s);
    setAccessibleName(tr("Log"));
}

void LogDock::appendLine(const QString &line)
{
    if (m_text) {
        m_text->appendPlainText(line);
        return;
    }
    if (m_waiting.size() == mostLines)
        m_waiting.removeFirst();
    m_waiting.append(line);
}

void LogDock::showEvent(QShowEvent *event)
{
    if (!m_text)
        makeText();
    QDockWidget::showEvent(event);
}

// Not before it is looked at: an editor with a font of its own would cost every start a millisecond.
void LogDock::makeText()
{
    m_text = new QPlainTextEdit(this);
    m_text->setReadOnly(true);
    m_text->setMaximumBlockCount(mostLines);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(monoFont(TextSize::Small));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("Log of this console"));
    m_text->setPlaceholderText(tr("Nothing has been logged yet."));
    m_text->setPlainText(m_waiting.join(u'\n'));
    m_text->moveCursor(QTextCursor::End);
    m_waiting.clear();
    setWidget(m_text);
}

} // namespace countersign
