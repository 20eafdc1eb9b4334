#include "ui/pages/approvals/proposedialog.h"

#include "backend/types/strings.h"
#include "ui/widgets/format.h"
#include "ui/widgets/keyvalueview.h"

#include <QLabel>
#include <QVBoxLayout>

namespace countersign {

ProposeDialog::ProposeDialog(ApprovalDesk &desk, const QList<ComposedProposal> &proposals, QWidget *parent)
    : FlowDialog(desk, tr("Propose"), tr("Propose as %1").arg(desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign the proposal")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
{
    setObjectName(u"proposeDialog"_s);
    QVector<KeyValue> rows;
    for (const ComposedProposal &proposal : proposals) {
        m_drafts.append(proposal.draft);
        for (const Bytes &document : proposal.documents) {
            if (!m_documents.contains(document)) // on several chains it is one file
                m_documents.append(document);
        }
        const QString hash = proposal.draft.safeTxHash().toString();
        rows.append({proposal.review ? proposal.review->chainName : tr("chain %1").arg(proposal.chainId.value()),
            tr("Safe %1, nonce %2").arg(shortId(proposal.draft.safe.toString()), proposal.draft.transaction.nonce.toDecimal()),
            proposal.draft.safe.toString(), false});
        rows.append({tr("SafeTx hash"), hash, hash, true});
    }
    if (!m_drafts.isEmpty())
        setSentence(m_drafts.first().title);
    auto *note = new QLabel(tr("You sign what is proposed and why, not the transaction itself: your approval is a step of its own, as "
                               "everybody's."),
        this);
    note->setWordWrap(true);
    auto *view = new KeyValueView(this);
    view->setRows(rows);
    body()->addWidget(note);
    body()->addWidget(view);
    connect(&desk, &ApprovalDesk::proposed, this, [this](const Outcome<QList<Proposal>> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            return;
        }
        QList<Hash32> ids;
        for (const Proposal &proposal : *outcome.result)
            ids.append(proposal.safeTxHash());
        succeed(tr("Proposed. It waits for the signatures of the holders now."), tr("the SafeTx hash"), ids.value(0).toString());
        emit proposed(ids);
    });
    prepare();
}

void ProposeDialog::start(SecretBuffer pin)
{
    m_desk.propose(m_drafts, m_documents, std::move(pin));
}

} // namespace countersign
