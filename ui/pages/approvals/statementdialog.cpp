#include "ui/pages/approvals/statementdialog.h"

#include "backend/types/strings.h"

#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace countersign {

namespace {

QString titleOf(StatementKind kind)
{
    switch (kind) {
    case StatementKind::Rejection:
        return StatementDialog::tr("Reject");
    case StatementKind::Withdrawal:
        return StatementDialog::tr("Withdraw");
    case StatementKind::Note:
    case StatementKind::MismatchReport:
    case StatementKind::Override:
    case StatementKind::Retraction:
    case StatementKind::Acknowledgement:
    case StatementKind::EncryptionKey:
    case StatementKind::SealedSignature:
        break;
    }
    return StatementDialog::tr("Add a note");
}

QString goOf(StatementKind kind, const QString &holder)
{
    switch (kind) {
    case StatementKind::Rejection:
        return StatementDialog::tr("Reject as %1").arg(holder);
    case StatementKind::Withdrawal:
        return StatementDialog::tr("Withdraw as %1").arg(holder);
    case StatementKind::Note:
    case StatementKind::MismatchReport:
    case StatementKind::Override:
    case StatementKind::Retraction:
    case StatementKind::Acknowledgement:
    case StatementKind::EncryptionKey:
    case StatementKind::SealedSignature:
        break;
    }
    return StatementDialog::tr("Add as %1").arg(holder);
}

QString consequenceOf(StatementKind kind)
{
    switch (kind) {
    case StatementKind::Rejection:
        return StatementDialog::tr("The others see that you will not sign, and why. The chain does not know of it: a signature that was given "
                                   "before still counts until its nonce is used up.");
    case StatementKind::Withdrawal:
        return StatementDialog::tr("The others see that you take your proposal back. Signatures that were given still count until the nonce "
                                   "is used up: where there are some, propose to cancel the nonce as well.");
    case StatementKind::Note:
    case StatementKind::MismatchReport:
    case StatementKind::Override:
    case StatementKind::Retraction:
    case StatementKind::Acknowledgement:
    case StatementKind::EncryptionKey:
    case StatementKind::SealedSignature:
        break;
    }
    return StatementDialog::tr("The others see it beside the proposal, as said by your key.");
}

} // namespace

StatementDialog::StatementDialog(
    ApprovalDesk &desk, StatementKind kind, const Hash32 &id, const QString &subject, QWidget *parent)
    : FlowDialog(desk, titleOf(kind), goOf(kind, desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign what you say")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_kind(kind)
    , m_id(id)
    , m_text(new QPlainTextEdit(this))
{
    setObjectName(u"statementDialog"_s);
    setSentence(subject);
    auto *consequence = new QLabel(consequenceOf(kind), this);
    consequence->setWordWrap(true);
    auto *label = new QLabel(kind == StatementKind::Note ? tr("&Note") : tr("&Reason"), this);
    label->setBuddy(m_text);
    m_text->setAccessibleName(kind == StatementKind::Note ? tr("Note") : tr("Reason"));
    m_text->setPlaceholderText(tr("Plain text; the other holders read it"));
    m_text->setTabChangesFocus(true);
    m_text->setFixedHeight(84);
    body()->addWidget(consequence);
    body()->addWidget(label);
    body()->addWidget(m_text);
    const QStringList deletable = kind == StatementKind::Withdrawal ? desk.deletableAt(id) : QStringList();
    if (!deletable.isEmpty()) {
        m_delete = new QCheckBox(tr("&Also delete it at %1").arg(deletable.join(u", "_s)), this);
        m_delete->setToolTip(tr("Your key signs the request. Whoever has copied the signatures from there still has them."));
        m_delete->setAccessibleName(tr("Also delete it at %1").arg(deletable.join(u", "_s)));
        m_delete->setChecked(true);
        body()->addWidget(m_delete);
    }
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] { updateGo(); });
    connect(&desk, &ApprovalDesk::said, this, [this](const Outcome<StatementOutcome> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            return;
        }
        m_text->setEnabled(false);
        if (m_delete)
            m_delete->setEnabled(false);
        QString text = tr("Said, and with the other holders.");
        if (!outcome.result->deletedAt.isEmpty())
            text += u' ' + tr("Deleted at %1.").arg(outcome.result->deletedAt.join(u", "_s));
        if (!outcome.result->notDeleted.isEmpty())
            text += u' ' + tr("Not deleted: %1.").arg(outcome.result->notDeleted.join(u"; "_s));
        succeed(text, tr("the id of what you said"), outcome.result->statement.digest().toString());
    });
    m_text->setFocus();
    prepare();
}

QString StatementDialog::missing() const
{
    const qsizetype length = m_text->toPlainText().trimmed().size();
    if (length == 0)
        return m_kind == StatementKind::Note ? tr("Write the note") : tr("Say why");
    return length > maxText ? tr("At most %n characters", nullptr, int(maxText)) : QString();
}

void StatementDialog::start(SecretBuffer pin)
{
    if (m_kind == StatementKind::Withdrawal) {
        m_desk.withdraw(m_id, m_text->toPlainText().trimmed(), m_delete && m_delete->isChecked(), std::move(pin));
        return;
    }
    m_desk.say(m_kind, m_id, m_text->toPlainText().trimmed(), std::move(pin));
}

} // namespace countersign
