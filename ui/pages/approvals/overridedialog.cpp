#include "ui/pages/approvals/overridedialog.h"

#include "backend/types/strings.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace countersign {

namespace {

QString whatComesNext(const ReviewedOverride *given, const QString &holder)
{
    if (!given || given->by.isEmpty())
        return OverrideDialog::tr("Yours alone changes nothing. A second approver has to override the same finding at their own console, with a "
                                  "reason of their own; of the two, one must not be the proposer.");
    if (given->by.contains(holder))
        return OverrideDialog::tr("You have said so already. A second approver has to override the same finding at their own console.");
    return OverrideDialog::tr("Answered for so far – %1. With yours the finding blocks no more, at every console, for this transaction and under "
                              "the present policy only.")
        .arg(given->reasons);
}

} // namespace

OverrideDialog::OverrideDialog(
    ApprovalDesk &desk, const Hash32 &id, const Finding &finding, const ReviewedOverride *given, QWidget *parent)
    : FlowDialog(desk, tr("Override a finding"), tr("Override as %1").arg(desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign what you answer for")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_id(id)
    , m_code(finding.code)
    , m_reason(new QPlainTextEdit(this))
    , m_isMine(given && given->by.contains(desk.holder()))
{
    setObjectName(u"overrideDialog"_s);
    setSentence(finding.message);
    auto *what = new QLabel(tr("You answer for going on in spite of this. Your name and your reason stay with the transaction."), this);
    auto *next = new QLabel(whatComesNext(given, desk.holder()), this);
    auto *label = new QLabel(tr("&Reason"), this);
    label->setBuddy(m_reason);
    for (QLabel *text : {what, next}) {
        text->setWordWrap(true);
        text->setTextFormat(Qt::PlainText);
        body()->addWidget(text);
    }
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setPlaceholderText(tr("Why it is right to go on; the other holders read it"));
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(84);
    body()->addWidget(label);
    body()->addWidget(m_reason);
    connect(m_reason, &QPlainTextEdit::textChanged, this, [this] { updateGo(); });
    connect(&desk, &ApprovalDesk::said, this, [this](const Outcome<StatementOutcome> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            return;
        }
        m_reason->setEnabled(false);
        succeed(tr("Said, and with the other holders."), tr("the id of what you said"), outcome.result->statement.digest().toString());
    });
    m_reason->setFocus();
    prepare();
}

QString OverrideDialog::missing() const
{
    const qsizetype length = m_reason->toPlainText().trimmed().size();
    if (m_isMine)
        return tr("You have said so already");
    if (length < minReason)
        return tr("Say why, in at least %n characters", nullptr, int(minReason));
    return length > maxReason ? tr("At most %n characters", nullptr, int(maxReason)) : QString();
}

void OverrideDialog::start(SecretBuffer pin)
{
    m_desk.overrideFinding(m_id, m_code, m_reason->toPlainText().trimmed(), std::move(pin));
}

} // namespace countersign
