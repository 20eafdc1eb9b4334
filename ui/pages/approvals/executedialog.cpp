#include "ui/pages/approvals/executedialog.h"

#include "backend/types/strings.h"
#include "models/approvals/reviewmodel.h"
#include "ui/widgets/format.h"
#include "ui/widgets/keyvalueview.h"

#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

namespace countersign {

ExecuteDialog::ExecuteDialog(ApprovalDesk &desk, const ReviewModel &review, QWidget *parent)
    : FlowDialog(desk, tr("Execute"), tr("Execute as %1").arg(desk.holder()),
          {{FlowStep::Kind::Reviewing, tr("Review again at the newest block")},
              {FlowStep::Kind::Simulating, tr("Simulate with the collected signatures")},
              {FlowStep::Kind::Unlocking, tr("Unlock the token")},
              {FlowStep::Kind::Signing, tr("Sign the transaction that carries it")},
              {FlowStep::Kind::Sending, tr("Send")}, {FlowStep::Kind::WaitingForBlock, tr("Wait for the block")},
              {FlowStep::Kind::ReadingBack, tr("Read the effect back from the chain")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")}},
          parent)
    , m_effects(new KeyValueView(this))
{
    setObjectName(u"executeDialog"_s);
    setSentence(review.sentence());
    auto *note = new QLabel(
        tr("Executing sends one transaction from your key and cannot be taken back."), this);
    note->setWordWrap(true);
    body()->addWidget(note);
    QVector<KeyValue> rows;
    if (review.review()) {
        m_id = review.review()->hashes.safeTx;
        for (const Effect &effect : review.review()->effects)
            rows.append({effect.name, tr("%1 → %2").arg(effect.before, effect.after), effect.variable, true});
        rows.append({tr("Safe"),
            tr("%1 on %2, nonce %3")
                .arg(review.review()->safe.toString(), review.review()->chainName, review.review()->nonce.toDecimal()),
            {}, true});
    }
    m_effects->setRows(rows);
    body()->addWidget(m_effects);
    connect(&desk, &ApprovalDesk::executed, this, [this](const Outcome<ExecutionReport> &outcome) {
        const Result<ExecutionReport> &result = outcome.result;
        if (!isRunning())
            return;
        if (result)
            showReport(*result);
        else
            fail(result.error());
    });
    prepare();
}

void ExecuteDialog::showReport(const ExecutionReport &report)
{
    QVector<KeyValue> rows;
    for (const Effect &effect : report.effects)
        rows.append({effect.name,
            effect.after.isEmpty() ? tr("%1 → %2 as simulated, not read back").arg(effect.before, effect.promised)
                                   : tr("%1 → %2, read back").arg(effect.before, effect.after),
            effect.variable, true});
    rows.append({tr("Transaction"), shortId(report.transactionHash.toString(), 22, 20),
        report.transactionHash.toString(), true});
    rows.append({tr("Block"), QLocale().toString(report.blockNumber.value()), {}, false});
    m_effects->setRows(rows);
    if (report.isAsPromised) {
        succeed(report.isReadBack ? tr("Executed. The chain now shows what the review promised.")
                                  : tr("Executed. Not all of its effect could be read back: look at the contract."),
            tr("the transaction hash"),
            report.transactionHash.toString());
    } else {
        fail({ErrorKind::Conflict,
            tr("Executed, but the chain does not show what was promised. Tell the other holders."),
            report.transactionHash.toString()});
    }
}

void ExecuteDialog::start(SecretBuffer pin)
{
    m_desk.execute(m_id, std::move(pin));
}

} // namespace countersign
