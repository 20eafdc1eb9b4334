#include "ui/pages/approvals/acknowledgedialog.h"

#include "backend/types/strings.h"

#include <QLabel>
#include <QVBoxLayout>

namespace countersign {

AcknowledgeDialog::AcknowledgeDialog(ApprovalDesk &desk, const AcknowledgementState &state, QWidget *parent)
    : FlowDialog(desk, tr("Acknowledge"), tr("Acknowledge as %1").arg(desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign what you have seen")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_state(state)
{
    setObjectName(u"acknowledgeDialog"_s);
    setSentence(tr("I have seen the exchange of the Safe on %1 up to here").arg(state.chain));
    auto *standing = new QLabel(u"%1. %2"_s.arg(state.summary(), state.detail()), this);
    auto *consequence = new QLabel(tr("This approves nothing. It says which entries you have seen, so that the others notice when one of them is "
                                      "withheld from them, and it counts where the policy wants proposals acknowledged. Compare the head with the "
                                      "others by another way: where it differs, you do not see the same."),
        this);
    for (QLabel *label : {standing, consequence}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        body()->addWidget(label);
    }
    connect(&desk, &ApprovalDesk::said, this, [this](const Outcome<StatementOutcome> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result)
            fail(outcome.result.error());
        else
            succeed(tr("Acknowledged, and with the other holders."), tr("the id of what you said"),
                outcome.result->statement.digest().toString());
    });
    prepare();
}

void AcknowledgeDialog::start(SecretBuffer pin)
{
    m_desk.acknowledge(m_state.chainId, m_state.safe, m_state.heads, std::move(pin));
}

} // namespace countersign
