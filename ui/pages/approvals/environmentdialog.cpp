#include "ui/pages/approvals/environmentdialog.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/fitheight.h"
#include "ui/widgets/statusbadge.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStringList>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int leastWidth = 620;
constexpr int diffHeight = 190;

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

std::optional<NewContract::Kind> kindOf(const QString &contract)
{
    if (contract == "CantonDeFiVault"_L1)
        return NewContract::Kind::Vault;
    if (contract == "CantonKeyRegistry"_L1)
        return NewContract::Kind::Registry;
    return std::nullopt;
}

} // namespace

EnvironmentDialog::EnvironmentDialog(
    ApprovalDesk &desk, ChainId chain, const Hash32 &id, const QString &subject, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_chain(chain)
    , m_id(id)
    , m_entry(desk.environmentFile())
    , m_contracts(new QComboBox(this))
    , m_nameLabel(new QLabel(tr("&Name"), this))
    , m_name(new QLineEdit(this))
    , m_diff(new QPlainTextEdit(this))
    , m_badge(new StatusBadge(this))
    , m_message(new QLabel(this))
{
    setObjectName(u"environmentDialog"_s);
    setWindowTitle(tr("Add to the environment"));
    setMinimumWidth(leastWidth);
    auto *title = paragraph(subject, this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_contracts->setAccessibleName(tr("Contract"));
    m_name->setAccessibleName(tr("Name of the vault"));
    m_nameLabel->setBuddy(m_name);
    m_diff->setAccessibleName(tr("Lines that are added"));
    m_diff->setReadOnly(true);
    m_diff->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_diff->setTabChangesFocus(true);
    m_diff->setEnabled(false);
    m_diff->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_diff->setFont(monoFont());
    m_diff->setFixedHeight(diffHeight);
    m_message->setWordWrap(true);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->setAccessibleName(tr("Outcome"));

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_write = buttons->addButton(tr("&Write the lines"), QDialogButtonBox::ApplyRole);
    m_undo = buttons->addButton(tr("&Undo"), QDialogButtonBox::ResetRole);
    for (QAbstractButton *button : buttons->buttons())
        button->setAccessibleName(button->text().remove(u'&'));
    buttons->button(QDialogButtonBox::Close)->setDefault(true);
    m_write->setAutoDefault(false);
    m_undo->setAutoDefault(false);
    m_write->setEnabled(false);
    m_undo->setEnabled(false);

    auto *form = new QFormLayout;
    form->addRow(tr("&Contract"), m_contracts);
    form->addRow(m_nameLabel, m_name);
    auto *outcome = new QHBoxLayout;
    outcome->setSpacing(10);
    outcome->addWidget(m_badge, 0, Qt::AlignTop);
    outcome->addWidget(m_message, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 18, 22, 16);
    layout->setSpacing(10);
    layout->addWidget(title);
    layout->addWidget(paragraph(tr("The console watches what the environment file names. These lines go into %1, everything else in it stays as it "
                                   "is, and the file as it was is kept beside it.")
                                    .arg(m_desk.environmentFile()),
        this));
    layout->addLayout(form);
    layout->addWidget(m_diff);
    layout->addLayout(outcome);
    layout->addWidget(buttons);
    fitHeightWhenShown(*this);

    connect(buttons, &QDialogButtonBox::rejected, this, &EnvironmentDialog::reject);
    connect(m_contracts, &QComboBox::currentIndexChanged, this, &EnvironmentDialog::chooseContract);
    connect(m_name, &QLineEdit::textChanged, this, &EnvironmentDialog::plan);
    connect(m_write, &QPushButton::clicked, this, &EnvironmentDialog::write);
    connect(m_undo, &QPushButton::clicked, this, &EnvironmentDialog::undo);
    connect(&m_desk, &ApprovalDesk::deploymentsFound, this,
        [this](const Outcome<QList<DeploymentVerification>> &outcome) { showDeployments(outcome.result); });
    m_contracts->setEnabled(false);
    m_name->setEnabled(false);
    say(Tone::Neutral, tr("looking"), tr("What it created is read from the chain and verified once more."));
    m_desk.findDeployments(m_id);
}

QString EnvironmentDialog::message() const
{
    return m_message->text();
}

// Names give a contract a role, and its calls are then read by our interface: so it has to be our build.
void EnvironmentDialog::showDeployments(const Result<QList<DeploymentVerification>> &result)
{
    if (m_entry.isWritten() || !m_found.isEmpty())
        return;
    if (!result) {
        say(Tone::Bad, tr("not read"), result.error().message);
        return;
    }
    QStringList leftOut;
    const QSignalBlocker quiet(m_contracts);
    for (const DeploymentVerification &deployment : *result) {
        const auto kind = kindOf(deployment.contract);
        const QString what = tr("%1 at %2").arg(deployment.contract.isEmpty() ? tr("a contract") : deployment.contract, deployment.address.toString());
        if (!deployment.isVerified()) {
            leftOut.append(tr("%1 is not what was promised, or could not be verified.").arg(what));
        } else if (deployment.isClaimed || !kind) {
            leftOut.append(tr("The environment file has no place for %1: it names vaults and a key registry of this program's builds. An adapter is "
                              "known by its vault.")
                               .arg(what));
        } else {
            m_found.append({*kind, m_chain, deployment.contract, deployment.address});
            m_contracts->addItem(what);
        }
    }
    if (m_found.isEmpty()) {
        say(Tone::Warn, tr("nothing to add"), leftOut.isEmpty() ? tr("The proposal created no contract.") : leftOut.join(u'\n'));
        return;
    }
    m_contracts->setEnabled(m_found.size() > 1);
    m_contracts->setCurrentIndex(0);
    chooseContract();
    m_name->setFocus();
}

void EnvironmentDialog::chooseContract()
{
    const NewContract contract = m_found.value(m_contracts->currentIndex());
    const bool isVault = contract.kind == NewContract::Kind::Vault;
    m_nameLabel->setVisible(isVault);
    m_name->setVisible(isVault);
    m_name->setEnabled(isVault);
    const QSignalBlocker quiet(m_name);
    m_name->setText(contract.name);
    m_name->selectAll();
    plan();
}

void EnvironmentDialog::plan()
{
    NewContract contract = m_found.value(m_contracts->currentIndex());
    contract.name = contract.kind == NewContract::Kind::Vault ? m_name->text() : QString();
    const auto planned = m_entry.plan(contract);
    m_write->setEnabled(planned.has_value());
    m_diff->setPlainText(m_entry.diff());
    m_diff->setEnabled(planned.has_value());
    if (!planned) {
        say(Tone::Bad, tr("not possible"), planned.error().message);
        return;
    }
    say(Tone::Neutral, tr("not written yet"), tr("Read again with these lines, the file is the profile as it was, plus this contract."));
}

void EnvironmentDialog::write()
{
    if (!m_entry.isPlanned() || m_entry.isWritten())
        return;
    const auto copy = m_entry.write(Timestamp::fromDateTime(QDateTime::currentDateTimeUtc()));
    if (!copy) {
        m_write->setEnabled(false);
        say(Tone::Bad, tr("not written"), copy.error().message);
        return;
    }
    for (QWidget *widget : {static_cast<QWidget *>(m_contracts), static_cast<QWidget *>(m_name), static_cast<QWidget *>(m_write)})
        widget->setEnabled(false);
    m_undo->setEnabled(true);
    m_undo->setFocus();
    note(tr("Added to the environment file"));
    say(Tone::Good, tr("written"),
        tr("The file names the contract now. This console read the file when it started: quit it and start it again to watch the contract. The "
           "file as it was is %1.")
            .arg(*copy));
}

void EnvironmentDialog::undo()
{
    const auto undone = m_entry.undo();
    if (!undone) {
        say(Tone::Bad, tr("not undone"), undone.error().message);
        return;
    }
    m_undo->setEnabled(false);
    note(tr("Taken out of the environment file again"));
    say(Tone::Neutral, tr("undone"), tr("The file is as it was before."));
}

void EnvironmentDialog::note(const QString &what)
{
    m_desk.noteEnvironment(m_id, what, m_entry.diff());
}

void EnvironmentDialog::say(Tone tone, const QString &word, const QString &text)
{
    m_badge->setState(tone, word);
    m_message->setText(text);
    if (isVisible())
        fitHeight(*this);
}

} // namespace countersign
