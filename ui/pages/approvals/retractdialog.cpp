#include "ui/pages/approvals/retractdialog.h"

#include "backend/types/strings.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace countersign {

QList<Statement> ownOverrides(const ApprovalDesk &desk, const ExchangeItem &item)
{
    const QList<DeskHolder> holders = desk.holders();
    const auto own = std::ranges::find(holders, desk.holder(), &DeskHolder::name);
    return own == holders.end() ? QList<Statement>() : standingOverrides(item.statements, own->address);
}

RetractDialog::RetractDialog(ApprovalDesk &desk, const Hash32 &id, const QList<Statement> &overrides, QWidget *parent)
    : FlowDialog(desk, tr("Take an override back"), tr("Take it back as %1").arg(desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign what you take back")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_id(id)
    , m_overrides(overrides)
    , m_choice(new QComboBox(this))
    , m_reason(new QPlainTextEdit(this))
{
    setObjectName(u"retractDialog"_s);
    setSentence(tr("You no longer answer for going on in spite of this finding."));
    auto *what = new QLabel(tr("At every console that reads it the finding blocks again, unless two others answer for it. A signature that was "
                               "given before still counts until its nonce is used up. What you said stays to be read, as taken back."),
        this);
    what->setWordWrap(true);
    auto *which = new QLabel(tr("&Override"), this);
    which->setBuddy(m_choice);
    m_choice->setAccessibleName(tr("Override"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const Statement &override : std::as_const(m_overrides)) {
        m_choice->addItem(tr("%1: %2").arg(override.finding, override.text.simplified()));
        m_choice->setItemData(m_choice->count() - 1, override.text, Qt::ToolTipRole);
    }
    auto *label = new QLabel(tr("&Reason"), this);
    label->setBuddy(m_reason);
    m_reason->setAccessibleName(tr("Reason"));
    m_reason->setPlaceholderText(tr("Why you no longer answer for it; the other holders read it"));
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(84);
    for (QWidget *widget : std::initializer_list<QWidget *>{what, which, m_choice, label, m_reason})
        body()->addWidget(widget);
    connect(m_reason, &QPlainTextEdit::textChanged, this, [this] { updateGo(); });
    connect(&desk, &ApprovalDesk::said, this, [this](const Outcome<StatementOutcome> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            return;
        }
        m_choice->setEnabled(false);
        m_reason->setEnabled(false);
        succeed(tr("Said, and with the other holders."), tr("the id of what you said"), outcome.result->statement.digest().toString());
    });
    m_reason->setFocus();
    prepare();
}

QString RetractDialog::missing() const
{
    const qsizetype length = m_reason->toPlainText().trimmed().size();
    if (length == 0)
        return tr("Say why");
    return length > maxReason ? tr("At most %n characters", nullptr, int(maxReason)) : QString();
}

void RetractDialog::start(SecretBuffer pin)
{
    const int chosen = std::max(0, m_choice->currentIndex());
    m_desk.retract(m_id, m_overrides.at(chosen).digest(), m_reason->toPlainText().trimmed(), std::move(pin));
}

} // namespace countersign
