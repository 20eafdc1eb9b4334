#include "ui/pages/approvals/composedialog.h"

#include "backend/types/strings.h"
#include "ui/widgets/format.h"
#include "ui/widgets/keyvalueview.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QTimer>

namespace countersign {

ComposeDialog::ComposeDialog(ApprovalDesk &desk, QWidget *parent)
    : FlowDialog(desk, tr("Propose"), tr("Propose as %1").arg(desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign the proposal")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_chain(new QComboBox(this))
    , m_party(new QComboBox(this))
    , m_reason(new QLineEdit(this))
    , m_effect(new KeyValueView(this))
{
    setObjectName(u"composeDialog"_s);
    setSentence(tr("Propose to revoke the key of a Canton party"));
    m_chain->addItems(desk.chains());
    m_chain->setAccessibleName(tr("Chain"));
    m_party->setAccessibleName(tr("Party"));
    m_party->setObjectName(u"party"_s);
    for (const DeskParty &party : desk.parties()) {
        m_party->addItem(party.name, QVariant::fromValue(party.partyId));
        m_party->setItemData(m_party->count() - 1, party.partyId.toString(), Qt::ToolTipRole);
    }
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setObjectName(u"reason"_s);
    m_reason->setMaxLength(500);
    m_reason->setPlaceholderText(tr("Why; the other holders read it before they sign"));

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(14);
    form->addRow(tr("Chain"), m_chain);
    form->addRow(tr("Party"), m_party);
    form->addRow(tr("Reason"), m_reason);
    body()->addLayout(form);
    body()->addWidget(m_effect);

    connect(m_chain, &QComboBox::currentIndexChanged, this, &ComposeDialog::draft);
    connect(m_party, &QComboBox::currentIndexChanged, this, &ComposeDialog::draft);
    connect(m_reason, &QLineEdit::textChanged, this, [this] { updateGo(); });
    connect(&desk, &ApprovalDesk::drafted, this,
        [this](const Outcome<ProposalDraft> &outcome) { showDraft(outcome.result); });
    connect(&desk, &ApprovalDesk::proposed, this, [this](const Outcome<Proposal> &outcome) {
        const Result<Proposal> &result = outcome.result;
        if (!isRunning())
            return;
        if (!result) {
            fail(result.error());
            return;
        }
        m_party->setEnabled(false);
        m_chain->setEnabled(false);
        m_reason->setEnabled(false);
        succeed(tr("Proposed. It waits for the signatures of the holders now."), tr("the SafeTx hash"),
            result->safeTxHash().toString());
        emit proposed(result->safeTxHash());
    });
    m_party->setFocus();
    prepare();
    draft();
}

void ComposeDialog::draft()
{
    m_draft.reset();
    m_problem = tr("Reading key and nonce from the chain…");
    m_effect->setRows({{tr("Effect"), m_problem, {}, false}});
    updateGo();
    if (m_party->currentIndex() >= 0)
        m_desk.draftRevocation(m_chain->currentText(), m_party->currentData().value<Hash32>(), m_reason->text());
}

void ComposeDialog::showDraft(const Result<ProposalDraft> &draft)
{
    if (isRunning() || isFinished())
        return;
    if (!draft) {
        m_problem = draft.error().message;
        m_effect->setRows({{tr("Effect"), m_problem, draft.error().detail, false}});
        updateGo();
        return;
    }
    m_draft = *draft;
    m_problem.clear();
    QVector<KeyValue> rows;
    for (const PromisedEffect &promise : draft->promises)
        rows.append({tr("Key"), tr("%1 → %2").arg(promise.before, promise.after), promise.name, true});
    rows.append({tr("Consequence"),
        tr("No vault accepts an intent of %1 any more, until a new key is registered.").arg(m_party->currentText()), {},
        false});
    rows.append(
        {tr("Safe"), tr("%1, nonce %2").arg(draft->safe.toString(), draft->transaction.nonce.toDecimal()), {}, true});
    rows.append(
        {tr("SafeTx hash"), shortId(draft->safeTxHash().toString(), 22, 20), draft->safeTxHash().toString(), true});
    m_effect->setRows(rows);
    QTimer::singleShot(0, this, &ComposeDialog::fit);
    updateGo();
}

QString ComposeDialog::missing() const
{
    if (!m_draft)
        return m_problem.isEmpty() ? tr("Choose a party") : m_problem;
    return m_reason->text().trimmed().isEmpty() ? tr("Say why") : QString();
}

void ComposeDialog::start(SecretBuffer pin)
{
    m_draft->rationale = m_reason->text().trimmed();
    m_desk.propose(*m_draft, std::move(pin));
}

} // namespace countersign
