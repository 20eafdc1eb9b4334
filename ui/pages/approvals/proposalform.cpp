#include "ui/pages/approvals/proposalform.h"

#include "backend/types/strings.h"
#include "ui/pages/approvals/dependencychooser.h"
#include "ui/pages/approvals/documentsdialog.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/card.h"
#include "ui/widgets/prompter.h"
#include "ui/widgets/tonelabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>

#include <array>

namespace countersign {

namespace {

constexpr std::array validDays{0, 1, 3, 7, 14, 30};
constexpr int defaultDays = 7;
constexpr int hoursOfDay = 24;
constexpr int maxTitle = 200;
constexpr int reasonHeight = 64;

Timestamp inDays(int days)
{
    return Timestamp::fromDateTime(QDateTime::currentDateTimeUtc()) + std::chrono::hours(hoursOfDay * days);
}

// The offered number of days that is nearest below what is left, half a day more or less.
int daysLeft(const std::optional<Timestamp> &expiresAt)
{
    int days = 0;
    if (!expiresAt)
        return days;
    const auto left = std::chrono::duration_cast<std::chrono::hours>(*expiresAt - inDays(0)).count();
    for (const int offered : validDays)
        days = left + hoursOfDay / 2 >= offered * hoursOfDay ? offered : days;
    return days;
}

} // namespace

ProposalForm::ProposalForm(ComposeDesk &desk, Prompter &prompter, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_prompter(prompter)
    , m_title(new QLineEdit(this))
    , m_reason(new QPlainTextEdit(this))
    , m_nonce(new QLineEdit(this))
    , m_attach(new QPushButton(this))
    , m_validity(new QComboBox(this))
    , m_after(new DependencyChooser(desk, this))
    , m_problem(new ToneLabel(Tone::Bad, this))
{
    m_title->setMaxLength(maxTitle);
    m_title->setPlaceholderText(tr("Empty: made of the steps"));
    m_reason->setPlaceholderText(tr("Why; the other holders read it before they sign"));
    m_reason->setTabChangesFocus(true);
    m_reason->setFixedHeight(reasonHeight);
    for (const int days : validDays)
        m_validity->addItem(days == 0 ? tr("without end") : days == 1 ? tr("one day") : tr("%n days", nullptr, days), days);
    m_problem->setWordWrap(true);
    m_problem->setFont(uiFont(TextSize::Small));
    m_problem->hide();

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(14);
    form->setVerticalSpacing(6);
    m_reason->setAccessibleName(tr("Reason"));
    form->addRow(tr("&Reason"), m_reason);
    m_title->setAccessibleName(tr("Title"));
    form->addRow(tr("&Title"), m_title);
    form->addRow(tr("Chains"), buildChains());
    auto *nonce = new QLabel(tr("&Nonce"), this);
    nonce->setBuddy(m_nonce);
    form->addRow(nonce, buildNonce());
    // One row for both: another would squeeze the fields of a step on a small screen.
    auto *when = new QHBoxLayout;
    m_validity->setAccessibleName(tr("How long it is valid"));
    m_after->setAccessibleName(tr("Which proposals are to be executed before"));
    when->addWidget(m_validity);
    when->addWidget(m_after, 1);
    auto *valid = new QLabel(tr("&Valid"), this);
    valid->setBuddy(m_validity);
    form->addRow(valid, when);
    auto *card = new Card(tr("The proposal"), this);
    card->body()->addLayout(form);
    card->body()->addWidget(m_problem);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(card);

    connect(m_title, &QLineEdit::textEdited, this, &ProposalForm::noteChange);
    connect(m_reason, &QPlainTextEdit::textChanged, this, &ProposalForm::noteChange);
    connect(m_nonce, &QLineEdit::textEdited, this, &ProposalForm::noteChange);
    connect(m_validity, &QComboBox::currentIndexChanged, this, &ProposalForm::takeValidity);
    connect(m_after, &DependencyChooser::chosenChanged, this, &ProposalForm::noteChange);
    connect(m_attach, &QPushButton::clicked, this, &ProposalForm::openDocuments);
    showDocuments();
}

QWidget *ProposalForm::buildChains()
{
    auto *chains = new QWidget(this);
    auto *row = new QHBoxLayout(chains);
    row->setContentsMargins(0, 0, 0, 0);
    for (const DeskChain &chain : m_desk.chains()) {
        auto *box = new QCheckBox(chain.name, chains);
        box->setAccessibleName(tr("Propose on %1").arg(chain.name));
        row->addWidget(box);
        m_chains.insert(chain.id, box);
        connect(box, &QCheckBox::toggled, this, &ProposalForm::noteChange);
    }
    row->addStretch();
    return chains;
}

QWidget *ProposalForm::buildNonce()
{
    auto *cell = new QWidget(this);
    auto *row = new QHBoxLayout(cell);
    row->setContentsMargins(0, 0, 0, 0);
    m_nonce->setPlaceholderText(tr("Empty: the next free one"));
    m_nonce->setObjectName(u"nonce"_s);
    m_nonce->setAccessibleName(tr("Nonce"));
    m_attach->setObjectName(u"documents"_s);
    row->addWidget(m_nonce, 1);
    row->addWidget(m_attach);
    return cell;
}

Timestamp ProposalForm::defaultExpiry()
{
    return inDays(defaultDays);
}

void ProposalForm::setRequest(const ComposeRequest &request)
{
    m_isFilling = true;
    m_title->setText(request.title);
    m_reason->setPlainText(request.rationale);
    m_nonce->setText(request.nonce ? request.nonce->toDecimal() : QString());
    for (const auto &[chain, box] : m_chains.asKeyValueRange())
        box->setChecked(request.chains.contains(chain));
    m_validity->setCurrentIndex(m_validity->findData(daysLeft(request.expiresAt)));
    m_expiresAt = request.expiresAt;
    m_after->setChosen(request.dependsOn);
    m_documents = request.documents;
    showDocuments();
    m_isFilling = false;
}

void ProposalForm::takeInto(ComposeRequest &request) const
{
    request.title = m_title->text().trimmed();
    request.rationale = m_reason->toPlainText().trimmed();
    request.chains.clear();
    for (const DeskChain &chain : m_desk.chains()) {
        const QCheckBox *box = m_chains.value(chain.id);
        if (box && box->isChecked())
            request.chains.append(chain.id);
    }
    const QString nonce = m_nonce->text().trimmed();
    const auto number = Uint256::parse(nonce);
    request.nonce = nonce.isEmpty() || !number ? std::nullopt : std::optional(*number);
    request.expiresAt = m_expiresAt;
    request.dependsOn = m_after->chosen();
    request.documents = m_documents;
}

QString ProposalForm::problem() const
{
    const QString nonce = m_nonce->text().trimmed();
    return nonce.isEmpty() || Uint256::parse(nonce) ? QString() : tr("The nonce is no number.");
}

void ProposalForm::setProblems(const QStringList &problems)
{
    m_problem->setText(problems.join(u'\n'));
    m_problem->setVisible(!problems.isEmpty());
}

QList<QWidget *> ProposalForm::stops() const
{
    QList<QWidget *> stops{m_reason, m_title};
    for (const DeskChain &chain : m_desk.chains())
        stops.append(m_chains.value(chain.id));
    stops += {m_nonce, m_attach, m_validity, m_after};
    return stops;
}

void ProposalForm::noteChange()
{
    if (!m_isFilling)
        emit changed();
}

void ProposalForm::takeValidity()
{
    if (m_isFilling)
        return;
    const int days = m_validity->currentData().toInt();
    m_expiresAt = days > 0 ? std::optional(inDays(days)) : std::nullopt;
    emit changed();
}

void ProposalForm::openDocuments()
{
    auto *dialog = new DocumentsDialog(m_documents, m_prompter, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &DocumentsDialog::documentsChanged, this, [this, dialog] {
        m_documents = dialog->documents();
        showDocuments();
        emit changed();
    });
    dialog->open();
}

void ProposalForm::showDocuments()
{
    const auto count = static_cast<int>(m_documents.size());
    m_attach->setText(count == 0 ? tr("Attach files…")
            : count == 1         ? tr("1 attachment…")
                                 : tr("%n attachments…", nullptr, count));
    m_attach->setAccessibleName(m_attach->text());
}

} // namespace countersign
