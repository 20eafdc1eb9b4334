#include "ui/pages/approvals/publishdialog.h"

#include "backend/types/strings.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QStringList>
#include <QVBoxLayout>

namespace countersign {

PublishDialog::PublishDialog(ApprovalDesk &desk, const ExecutionReport &report, QWidget *parent)
    : FlowDialog(desk, tr("Publish the sources"), tr("Publish"),
          {{FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Send, and wait for the server's verdict")}},
          parent)
    , m_report(report)
{
    setObjectName(u"publishDialog"_s);
    setSentence(tr("Publish the sources at %1").arg(desk.publicationServer(report.safeTxHash)));
    auto *what = new QLabel(tr("Everybody can then compare the contract with its source. This leaves the machine and cannot be taken back:"), this);
    what->setWordWrap(true);
    const Result<QStringList> contents = desk.publicationContents(report);
    m_problem = contents ? QString() : contents.error().message;
    auto *list = new QPlainTextEdit(contents ? contents->join(u'\n') : m_problem, this);
    list->setReadOnly(true);
    list->setTabChangesFocus(true);
    list->setLineWrapMode(QPlainTextEdit::NoWrap);
    list->setFixedHeight(150);
    list->setAccessibleName(tr("What is sent"));
    body()->addWidget(what);
    body()->addWidget(list);
    connect(&desk, &ApprovalDesk::sourcesPublished, this, [this](const Outcome<QStringList> &outcome) {
        if (!isRunning())
            return;
        if (outcome.result)
            succeed(tr("Published. The server found that these sources make the code that stands there."), tr("the addresses of the entries"),
                outcome.result->join(u'\n'));
        else
            fail(outcome.result.error());
    });
    list->setFocus();
    goWithoutKey();
}

void PublishDialog::start(SecretBuffer /*pin*/)
{
    m_desk.publishSources(m_report);
}

} // namespace countersign
