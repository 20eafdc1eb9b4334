#include "ui/pages/approvals/publishdialog.h"

#include "backend/types/strings.h"
#include "ui/pages/approvals/tokendialog.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStringList>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int listHeight = 150;

} // namespace

PublishDialog::PublishDialog(ApprovalDesk &desk, const ExecutionReport &report, Prompter &prompter, QWidget *parent)
    : PublishDialog(desk, report.safeTxHash, report, prompter, parent)
{
}

PublishDialog::PublishDialog(ApprovalDesk &desk, const Hash32 &id, Prompter &prompter, QWidget *parent)
    : PublishDialog(desk, id, std::nullopt, prompter, parent)
{
}

PublishDialog::PublishDialog(ApprovalDesk &desk, const Hash32 &id, const std::optional<ExecutionReport> &report,
    Prompter &prompter, QWidget *parent)
    : FlowDialog(desk, tr("Publish the sources"), tr("Publish"),
          {{FlowStep::Kind::Recording, tr("Record it in the journal")},
              {FlowStep::Kind::Publishing, tr("Send, and wait for the server's verdict")}},
          parent)
    , m_publication(desk.publication())
    , m_prompter(prompter)
    , m_id(id)
    , m_report(report)
    , m_publishers(m_publication.publishers(id))
    , m_choice(new QComboBox(this))
    , m_list(new QPlainTextEdit(this))
    , m_keyRow(new QWidget(this))
    , m_keyState(new QLabel(m_keyRow))
    , m_keyButton(new QPushButton(tr("API &key…"), m_keyRow))
    , m_stop(new QPushButton(tr("&Stop waiting"), this))
{
    build();
    connect(&m_publication, &PublicationDesk::found, this, [this](const Outcome<ExecutionReport> &outcome) { showFound(outcome.result); });
    connect(&m_publication, &PublicationDesk::published, this, [this](const Outcome<PublishedSources> &outcome) { conclude(outcome.result); });
    connect(&m_publication, &PublicationDesk::tokenLookedUp, this, [this] {
        if (!isRunning() && !isFinished())
            showContents();
    });
    connect(m_choice, &QComboBox::currentIndexChanged, this, &PublishDialog::look);
    connect(m_keyButton, &QPushButton::clicked, this, &PublishDialog::enterKey);
    connect(m_stop, &QPushButton::clicked, &m_publication, &PublicationDesk::stop);
    goWithoutKey();
    if (m_report)
        look();
    else
        tryAgain();
    (m_publishers.size() > 1 ? static_cast<QWidget *>(m_choice) : m_list)->setFocus();
}

PublishDialog::~PublishDialog() = default;

void PublishDialog::build()
{
    setObjectName(u"publishDialog"_s);
    setSentence(tr("Publish the sources"));
    for (const DeskPublisher &publisher : std::as_const(m_publishers))
        m_choice->addItem(tr("at %1").arg(publisher.name));
    m_choice->setAccessibleName(tr("Where they are published"));
    m_choice->setEnabled(m_publishers.size() > 1);
    auto *what = new QLabel(tr("Everybody can then compare the contract with its source. This leaves the machine and cannot be taken back:"), this);
    what->setWordWrap(true);
    m_list->setReadOnly(true);
    m_list->setTabChangesFocus(true);
    m_list->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_list->setFixedHeight(listHeight);
    m_list->setAccessibleName(tr("What is sent"));
    m_keyState->setWordWrap(true);
    m_keyState->setTextFormat(Qt::PlainText);
    m_keyButton->setAccessibleName(tr("Enter, replace or remove the API key"));
    m_keyButton->setAutoDefault(false);
    auto *row = new QHBoxLayout(m_keyRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    row->addWidget(m_keyState, 1);
    row->addWidget(m_keyButton, 0, Qt::AlignTop);
    m_keyRow->hide();
    m_stop->setAccessibleName(tr("Stop waiting for the server"));
    m_stop->setToolTip(tr("What was sent stays sent, and may still be published"));
    m_stop->setAutoDefault(false);
    m_stop->hide();
    body()->addWidget(m_choice);
    body()->addWidget(what);
    body()->addWidget(m_list);
    body()->addWidget(m_keyRow);
    body()->addWidget(m_stop, 0, Qt::AlignLeft);
}

DeskPublisher PublishDialog::publisher() const
{
    return m_publishers.value(m_choice->currentIndex());
}

void PublishDialog::setProblem(const QString &problem)
{
    m_problem = problem;
    updateGo();
    fit();
}

// The keychain is asked each time: another program may have changed it.
void PublishDialog::look()
{
    showContents();
    if (const QString origin = publisher().keyOrigin; !origin.isEmpty())
        m_publication.lookUpToken(origin);
}

void PublishDialog::showContents()
{
    const DeskPublisher chosen = publisher();
    const auto token = chosen.keyOrigin.isEmpty() ? std::nullopt : m_publication.token(chosen.keyOrigin);
    m_keyRow->setVisible(token.has_value());
    m_keyState->setText(token ? token->state : QString());
    if (!m_report) {
        setProblem(tr("What it created is being read from the chain again"));
        m_list->setPlainText(tr("Reading from the chain what the execution created…"));
        return;
    }
    const Result<QStringList> contents = m_publication.contents(*m_report, chosen);
    m_list->setPlainText(contents ? contents->join(u'\n') : contents.error().message);
    setProblem(!contents ? contents.error().message : token && !token->isPresent ? token->state : QString());
}

void PublishDialog::tryAgain()
{
    goWithoutKey();
    if (m_report) {
        look();
        return;
    }
    showContents();
    m_publication.find(m_id);
}

void PublishDialog::showFound(const Result<ExecutionReport> &report)
{
    if (m_report || isRunning() || isFinished())
        return;
    if (!report) {
        m_list->setPlainText(tr("What it created could not be read from the chain again."));
        setProblem(report.error().message);
        fail(report.error());
        return;
    }
    m_report = *report;
    look();
}

void PublishDialog::enterKey()
{
    const QString origin = publisher().keyOrigin;
    const auto token = m_publication.token(origin);
    if (!token || isRunning())
        return;
    auto *dialog = new TokenDialog(m_publication, *token,
        {tr("API key"), publisher().name,
            tr("The explorer takes sources only from who has a key of its own. The key is sent to %1 and nowhere else, together "
               "with the sources, and cannot sign anything. It is kept in the keychain of this desktop, where every program that "
               "you run can read it: make one for this console, which can be ended alone.")
                .arg(origin),
            tr("Remove the API key?"), tr("Nothing can then be published at that explorer from here.")},
        m_prompter, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void PublishDialog::start(SecretBuffer /*pin*/)
{
    m_choice->setEnabled(false);
    m_keyButton->setEnabled(false);
    m_stop->show();
    m_stop->setFocus();
    m_publication.publish(*m_report, publisher());
}

void PublishDialog::conclude(const Result<PublishedSources> &published)
{
    if (!isRunning())
        return;
    m_stop->hide();
    m_keyButton->setEnabled(true);
    if (!published) {
        m_choice->setEnabled(m_publishers.size() > 1);
        fail(published.error());
        goButton()->setFocus();
        return;
    }
    QStringList said;
    if (published->verified > 0)
        said.append(tr("Published. The server found that these sources make the code that stands there."));
    if (published->known > 0)
        said.append(published->verified > 0 ? tr("%n of the contracts it had verified already.", nullptr, published->known)
                                            : tr("The server had verified the sources already: nothing new was published."));
    m_keyRow->hide();
    succeed(said.join(u' '), tr("where they are found"), published->entries.join(u'\n'));
}

// Whoever waits may leave off waiting; the dialog stays and says what that means.
void PublishDialog::reject()
{
    if (isRunning())
        m_publication.stop();
    else
        FlowDialog::reject();
}

} // namespace countersign
