#include "ui/pages/approvals/mismatchdialog.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace countersign {

MismatchDialog::MismatchDialog(ApprovalDesk &desk, const Hash32 &id, const QString &subject, QWidget *parent)
    : FlowDialog(desk, tr("The device shows something else"), tr("Report the incident"),
          {{FlowStep::Kind::Recording, tr("Record the incident in the journal")},
              {FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign the report")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_id(id)
    , m_shown(new QLineEdit(this))
    , m_text(new QPlainTextEdit(this))
{
    setObjectName(u"mismatchDialog"_s);
    setSentence(subject);
    auto *what = new QLabel(tr("Do not sign on the device. Somebody may have changed what this console or the device is told. The proposal is closed at "
                               "this console until somebody has looked into it, and the other holders are warned. With the PIN your key signs the "
                               "report; without it the report is kept here only."),
        this);
    what->setWordWrap(true);
    m_shown->setFont(monoFont());
    m_shown->setMaxLength(200);
    m_shown->setPlaceholderText(tr("As far as you wrote it down; may be empty"));
    m_shown->setAccessibleName(tr("What the device shows"));
    m_text->setPlaceholderText(tr("Which device, what you did before; may be empty"));
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("What happened"));
    m_text->setFixedHeight(64);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(14);
    form->addRow(tr("The device &shows"), m_shown);
    form->addRow(tr("What &happened"), m_text);
    body()->addWidget(what);
    body()->addLayout(form);
    connect(&desk, &ApprovalDesk::said, this, [this](const Outcome<StatementOutcome> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            return;
        }
        m_shown->setEnabled(false);
        m_text->setEnabled(false);
        succeed(outcome.result->isPublished ? tr("Recorded, signed, and with the other holders. Call them as well: by telephone, not by what is on "
                                                 "this screen.")
                                            : tr("Recorded at this console only. Call the other holders now."),
            tr("the SafeTx hash"), m_id.toString());
    });
    m_shown->setFocus();
    prepare();
}

void MismatchDialog::start(SecretBuffer pin)
{
    const QString text = m_text->toPlainText().trimmed();
    std::optional<SecretBuffer> given;
    if (!pin.isEmpty())
        given = std::move(pin);
    m_desk.reportMismatch(m_id, m_shown->text().trimmed(), text, std::move(given));
}

} // namespace countersign
