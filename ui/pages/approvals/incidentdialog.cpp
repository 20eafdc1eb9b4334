#include "ui/pages/approvals/incidentdialog.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace countersign {

IncidentDialog::IncidentDialog(ApprovalDesk &desk, const Hash32 &id, const QString &subject, QWidget *parent)
    : FlowDialog(desk, tr("An incident was looked into"), tr("Open the proposal again"),
          {{FlowStep::Kind::Recording, tr("Record it in the journal")}}, parent)
    , m_id(id)
    , m_reason(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("incidentDialog"));
    setSentence(subject);
    auto *what = new QLabel(tr("After a signature that nobody expected, or a device that showed another hash, this console signs and executes the "
                               "proposal no more. Say what was found before it is opened again; the journal keeps it with your name."),
        this);
    what->setWordWrap(true);
    m_reason->setAccessibleName(tr("What was found"));
    m_reason->setPlaceholderText(tr("What was looked at, by whom, and what it was"));
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(84);
    body()->addWidget(what);
    body()->addWidget(m_reason);
    connect(m_reason, &QPlainTextEdit::textChanged, this, [this] { updateGo(); });
    connect(&desk, &ApprovalDesk::incidentsAcknowledged, this, [this](const Outcome<Hash32> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            return;
        }
        m_reason->setEnabled(false);
        succeed(tr("The proposal can be signed and executed here again."), tr("the SafeTx hash"), m_id.toString());
    });
    m_reason->setFocus();
    goWithoutKey();
}

QString IncidentDialog::missing() const
{
    return m_reason->toPlainText().trimmed().isEmpty() ? tr("Say what was found") : QString();
}

void IncidentDialog::start(SecretBuffer /*pin*/)
{
    m_desk.acknowledgeIncidents(m_id, m_reason->toPlainText().trimmed());
}

} // namespace countersign
