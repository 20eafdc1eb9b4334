#include "ui/pages/approvals/announcekeydialog.h"

#include "backend/types/strings.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>

#include <utility>

namespace countersign {

AnnounceKeyDialog::AnnounceKeyDialog(ApprovalDesk &desk, QWidget *parent)
    : FlowDialog(desk, tr("Announce my encryption key"), tr("Announce as %1").arg(desk.holder()),
          {{FlowStep::Kind::Unlocking, tr("Unlock the token")}, {FlowStep::Kind::Signing, tr("Sign the announcement")},
              {FlowStep::Kind::Checking, tr("Recover and check the signature")},
              {FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Publish it to the other holders")}},
          parent)
    , m_places(desk.keyPlaces())
    , m_safe(new QComboBox(this))
    , m_standing(new QLabel(this))
{
    setObjectName(u"announceKeyDialog"_s);
    setSentence(tr("Let the other owners encrypt to you"));
    auto *what = new QLabel(tr("A new key is made on this machine, and its secret half is kept in the desktop's keychain. Your owner key signs the "
                               "public half. Others can then give you signatures that nobody else can open. The key moves no money."),
        this);
    what->setWordWrap(true);
    m_safe->setAccessibleName(tr("The Safe"));
    for (const DeskKeyPlace &place : std::as_const(m_places))
        m_safe->addItem(tr("The Safe on %1").arg(place.name));
    auto *label = new QLabel(tr("&For"), this);
    label->setBuddy(m_safe);
    m_standing->setWordWrap(true);
    m_standing->setTextFormat(Qt::PlainText);
    m_standing->setAccessibleName(tr("The key that is announced now"));
    auto *choice = new QHBoxLayout;
    choice->setSpacing(12);
    choice->addWidget(label);
    choice->addWidget(m_safe, 1);
    body()->addWidget(what);
    body()->addLayout(choice);
    body()->addWidget(m_standing);
    connect(m_safe, &QComboBox::currentIndexChanged, this, &AnnounceKeyDialog::showPlace);
    connect(&desk, &ApprovalDesk::said, this, [this](const Outcome<StatementOutcome> &outcome) {
        if (!isRunning())
            return;
        if (!outcome.result) {
            fail(outcome.result.error());
            m_safe->setEnabled(true);
            return;
        }
        succeed(tr("Announced. What is sealed for you from now on opens on this machine only."), tr("the public key"),
            outcome.result->statement.encryptionKey.toString());
    });
    showPlace();
    m_safe->setFocus(Qt::OtherFocusReason);
    prepare();
}

void AnnounceKeyDialog::showPlace()
{
    const int index = m_safe->currentIndex();
    if (index < 0)
        m_standing->setText(tr("The environment names no Safe."));
    else if (m_places[index].key.isZero())
        m_standing->setText(tr("You have not announced a key there yet."));
    else
        m_standing->setText(tr("You have announced %1. The new key takes its place. What was sealed for the old one opens only while this keychain "
                               "still holds it: when it is lost, ask for it anew.")
                                .arg(m_places[index].key.toString()));
    fit();
    updateGo();
}

QString AnnounceKeyDialog::missing() const
{
    return m_safe->currentIndex() < 0 ? tr("The environment names no Safe") : QString();
}

void AnnounceKeyDialog::start(SecretBuffer pin)
{
    m_safe->setEnabled(false);
    m_desk.announceKey(m_places[m_safe->currentIndex()].chainId, std::move(pin));
}

} // namespace countersign
