#include "app/console/application.h"

#include "backend/keys/keychainsecretstore.h"
#include "backend/keys/sessionsecretstore.h"
#include "backend/types/strings.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/pages/dashboards/dashboardspage.h"
#include "ui/pages/intents/intentspage.h"
#include "ui/pages/journal/journalpage.h"
#include "ui/pages/overview/overviewpage.h"
#include "ui/pages/relayers/relayerspage.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/desktopnotice.h"

#include <QCursor>
#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>
#include <QTimer>

namespace countersign {

namespace {

EnvironmentBand bandOf(const Environment &environment)
{
    switch (environment.kind) {
    case EnvironmentKind::Practice:
        return {Application::tr("PRACTICE"), environment.name, Token::PracticeBand};
    case EnvironmentKind::Test:
        return {Application::tr("TEST"), environment.name, Token::TestBand};
    case EnvironmentKind::Production:
        break;
    }
    return {Application::tr("PRODUCTION"), environment.name, Token::ProductionBand};
}

std::unique_ptr<SecretStore> secretStore(Application::Traces traces)
{
    if (traces == Application::Traces::Kept)
        return std::make_unique<KeychainSecretStore>();
    return std::make_unique<SessionSecretStore>();
}

} // namespace

Application::Application(Environment environment, Theme &theme, Logging &logging, Traces traces, Sources sources)
    : m_environment(std::move(environment))
    , m_theme(theme)
    , m_logging(logging)
    , m_traces(traces)
    , m_sources(sources)
    , m_journal(m_environment.journal, m_clock)
    , m_observing(m_environment, m_clock)
    , m_secrets(secretStore(traces))
    , m_relaying(m_environment, m_observing, m_secrets.get(), m_clock)
    , m_deciding(m_environment, m_journal, m_clock, m_secrets.get())
    , m_waiting(m_deciding.queue())
    , m_metrics(m_environment, m_observing, m_clock, m_secrets.get())
    , m_dashboards(QFileInfo(m_environment.journal).absolutePath() + u"/dashboards"_s)
    , m_dashboard(m_metrics.queries(), m_clock)
    , m_alerting(m_environment, m_observing, m_metrics, m_clock, m_secrets.get())
    , m_journalModel(m_journal)
    , m_window(std::make_unique<MainWindow>(theme, m_clock, bandOf(m_environment)))
{
    addPages();
    connectShell();
    if (m_traces == Traces::Kept) {
        QSettings settings;
        m_window->restoreFrom(settings);
    }
}

Application::~Application()
{
    if (m_traces == Traces::Kept) {
        QSettings settings;
        m_window->saveTo(settings);
    }
}

void Application::addPages()
{
    m_window->addPage({u"overview"_s, tr("Overview"), "overview"_L1, [this]() -> Page * {
                           m_overview = new OverviewPage(m_observing.overview(), m_observing.sources());
                           connect(m_overview, &OverviewPage::filterRequested, this, &Application::openFilter);
                           connect(m_overview, &OverviewPage::sourceRequested, m_window.get(), &MainWindow::showSource);
                           connect(m_overview, &OverviewPage::refreshRequested, this, [this] {
                               m_observing.refresh();
                               m_metrics.refresh();
                           });
                           connect(m_overview, &OverviewPage::proposalRequested, this, [this](const QString &id) {
                               m_window->showPage(u"approvals"_s);
                               if (const auto hash = Hash32::parse(id))
                                   approvalsPage()->openReview(*hash);
                           });
                           m_metrics.setPage(m_overview);
                           showWaiting();
                           return m_overview;
                       }});
    m_window->addPage({u"intents"_s, tr("Intents"), "intents"_L1, [this]() -> Page * {
                           auto *page
                               = new IntentsPage(m_observing.intents(), m_observing.lanes(), m_observing.timeline());
                           const auto connected = [this, page] {
                               bool answers = false;
                               QString problem;
                               for (const SourceStatus &source : m_observing.sources().statuses()) {
                                   if (source.kind != SourceKind::Participant)
                                       continue;
                                   answers = answers || source.state == SourceState::Live || source.state == SourceState::Lagging;
                                   if (source.state == SourceState::Down || source.state == SourceState::Stale)
                                       problem = tr("%1: %2").arg(source.id, source.lastError);
                               }
                               page->setConnected(answers, problem);
                           };
                           connect(&m_observing.sources(), &SourceListModel::changed, page, connected);
                           connected();
                           connect(page, &IntentsPage::logRequested, this, [this](const QString &id) {
                               m_window->showPage(u"relayers"_s);
                               relayersPage()->showLogOf(id);
                           });
                           return page;
                       }});
    m_window->addPage({u"dashboards"_s, tr("Dashboards"), "dashboards"_L1,
        [this]() -> Page * { return new DashboardsPage(m_dashboards, m_dashboard, m_prompter); }});
    addRelayersPage();
    m_window->addPage(
        {u"approvals"_s, tr("Approvals"), "approvals"_L1, [this]() -> Page * {
             auto *page = new ApprovalsPage(m_deciding.content(),
                 {m_deciding, m_deciding.exchanging(), m_deciding.composing()}, m_prompter);
             const auto problem = [this, page] {
                 const std::optional<Error> unread = m_deciding.exchange().status().error;
                 QString text = unread ? unread->message : QString();
                 for (const ChainSettings &chain : m_environment.chains) {
                     if (const auto error = m_deciding.board().problem(chain.chainId); error && text.isEmpty())
                         text = tr("The Safe on %1 cannot be read: %2").arg(chain.name, error->message);
                 }
                 page->setProblem(text);
             };
             connect(&m_deciding.exchange(), &ProposalExchange::failed, page, problem);
             connect(&m_deciding.board(), &ProposalBoard::changed, page, problem);
             problem();
             return page;
         }});
    m_window->addPage({u"journal"_s, tr("Journal"), "journal"_L1, [this]() -> Page * {
                           auto *page = new JournalPage(m_journalModel, m_prompter);
                           connect(page, &JournalPage::retryRequested, &m_journal, &Journal::open);
                           connect(
                               page, &JournalPage::successorRequested, this, [this] { m_journal.beginSuccessor(); });
                           return page;
                       }});
}

void Application::addRelayersPage()
{
    m_window->addPage({u"relayers"_s, tr("Relayers"), "relayer"_L1, [this]() -> Page * {
                           auto *page = new RelayersPage(m_relaying.state(), m_clock);
                           connect(page, &RelayersPage::intentRequested, this, [this](const QString &id) {
                               m_window->showPage(u"intents"_s);
                               if (!intentsPage()->openIntent(id))
                                   intentsPage()->setFilterText(u"id:\"%1\""_s.arg(id));
                           });
                           connect(page, &RelayersPage::refreshRequested, &m_relaying, &Relaying::refresh);
                           connect(&m_relaying, &Relaying::logProblemChanged, page, [this, page] { page->setLogProblem(m_relaying.logProblem()); });
                           page->setLogProblem(m_relaying.logProblem());
                           return page;
                       }});
}

void Application::connectShell()
{
    if (m_sources == Sources::Started)
        connect(m_window.get(), &MainWindow::firstPainted, this, &Application::start);
    connect(&m_logging, &Logging::lineAdded, m_window.get(), &MainWindow::appendLog);
    for (const QString &line : m_logging.recent())
        m_window->appendLog(line);
    connect(&m_observing.sources(), &SourceListModel::changed, this,
        [this] { m_window->setSources(m_observing.sources().statuses()); });
    connect(&m_metrics, &MetricsFeed::connected, &m_dashboard, &DashboardSession::setServer);
    const auto sentence
        = [this] { m_window->topBar().setSentence(m_observing.overview().tone(), m_observing.overview().sentence()); };
    connect(&m_observing.overview(), &OverviewState::changed, this, sentence);
    sentence();
    connect(&m_deciding.queue(), &ApprovalQueueModel::countsChanged, this, &Application::showWaiting);
    connect(&m_deciding, &ApprovalDesk::holderChanged, this, &Application::showHolder);
    connect(&m_deciding, &ApprovalDesk::holderChanged, &m_waiting, &WaitingNotices::forget);
    connect(&m_waiting, &WaitingNotices::raised, this,
        [this](const QString &title, const QString &text) { showDesktopNotice(*m_window, title, text); });
    connect(&m_window->topBar(), &TopBar::keyRequested, this, &Application::chooseKey);
    for (const DeskHolder &holder : m_deciding.holders()) {
        if (!holder.hasToken)
            continue;
        const auto added
            = m_window->actions().add({u"key."_s + holder.name, tr("Key"), tr("Use the key of %1").arg(holder.name),
                                          holder.address.toString(), "key"_L1, {}, {}},
                [this, name = holder.name] { m_deciding.chooseHolder(name); });
        Q_ASSERT(added.has_value());
    }
    connect(m_window.get(), &MainWindow::firstPainted, this,
        [this] { m_window->commandPalette().addProvider([this](const QString &text) { return entities(text); }); });
    connect(&m_observing, &Observing::headChanged, &m_deciding.board(), &ProposalBoard::refresh);
    connect(&m_deciding.exchange(), &ProposalExchange::fileRejected, this, [this](const RejectedFile &file) {
        m_journal.append(JournalEntry::make(JournalKind::Incident, u"console"_s, m_environment.name,
            tr("A file of the exchange was not believed."), {{u"file"_s, file.name}, {u"reason"_s, file.reason}}));
    });
    m_deciding.setIntentCount([this](const Hash32 &partyId) -> std::optional<quint64> {
        bool isRead = false;
        for (const SourceStatus &source : m_observing.sources().statuses()) {
            if (source.kind != SourceKind::Participant)
                continue;
            if (source.state != SourceState::Live)
                return std::nullopt; // what is not read cannot be counted
            isRead = true;
        }
        if (!isRead)
            return std::nullopt;
        const PartySettings *party = m_environment.party(partyId);
        const IntentStore &store = m_observing.store();
        quint64 count = 0;
        for (const quint32 row : store.openRows()) {
            const QString name = IntentTableModel::text(store, store.row(row), IntentTableModel::PartyColumn, {});
            count += name == partyId.toString() || (party && name == party->name) ? 1 : 0;
        }
        return count;
    });
    auto *second = new QTimer(this);
    connect(second, &QTimer::timeout, this, [this] {
        if (m_overview)
            m_overview->sample(m_clock.now().millis());
    });
    second->start(std::chrono::seconds(2));
}

void Application::show(const QString &page)
{
    m_window->showPage(page.isEmpty() ? u"overview"_s : page);
    m_window->show();
}

void Application::start()
{
    if (m_started)
        return;
    m_started = true;
    QDir().mkpath(QFileInfo(m_environment.journal).absolutePath());
    m_journal.open();
    if (m_environment.election)
        m_observing.setEtcdAccess(etcdAccessOf(*m_environment.election, m_secrets.get()));
    m_observing.start();
    m_relaying.start();
    m_metrics.start();
    m_alerting.start();
    m_deciding.start();
    m_theme.followDesktop();
    m_journal.append(JournalEntry::make(JournalKind::Console, u"console"_s, m_environment.name,
        tr("The console was started for %1.").arg(m_environment.name)));
}

void Application::chooseKey()
{
    auto *menu = new QMenu(m_window.get());
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const DeskHolder &holder : m_deciding.holders()) {
        QAction *action
            = menu->addAction(holder.hasToken ? holder.name : tr("%1 (not on this machine)").arg(holder.name));
        action->setEnabled(holder.hasToken);
        action->setCheckable(true);
        action->setChecked(holder.name == m_deciding.holder());
        connect(
            action, &QAction::triggered, &m_deciding, [this, name = holder.name] { m_deciding.chooseHolder(name); });
    }
    menu->popup(QCursor::pos());
}

void Application::showHolder()
{
    const QList<DeskHolder> all = m_deciding.holders();
    const auto found = std::ranges::find(all, m_deciding.holder(), &DeskHolder::name);
    m_window->topBar().setActiveKey(m_deciding.holder(), found == all.end() ? QString() : found->address.toString());
    showWaiting();
}

void Application::showWaiting()
{
    using Group = ApprovalQueueModel::Group;
    const ApprovalQueueModel &queue = m_deciding.queue();
    m_window->setWaitingForMe(u"approvals"_s, queue.count(Group::WaitsForMe));
    if (!m_overview)
        return;
    QVector<WaitingProposal> waiting;
    for (int row = 0; row < queue.rowCount(); ++row) {
        const BoardEntry &entry = queue.entry(row);
        const Group group = ApprovalQueueModel::groupOf(entry.standing.stage);
        if (group == Group::Done)
            continue;
        waiting.append({entry.item.id().toString(), entry.item.proposal.title,
            tr("%1 of %2 signatures, %3")
                .arg(entry.standing.have)
                .arg(entry.standing.need)
                .arg(ApprovalQueueModel::stageText(entry.standing.stage).toLower()),
            group == Group::WaitsForMe});
    }
    m_overview->setWaiting(waiting);
}

void Application::openFilter(const QString &filter)
{
    m_window->showPage(u"intents"_s);
    intentsPage()->setFilterText(filter);
}

QVector<PaletteEntry> Application::entities(const QString &text)
{
    QVector<PaletteEntry> entries;
    if (text.size() < 3)
        return entries;
    // An exact id, as one pastes it; a search over a million rows belongs into the filter line.
    if (const auto row = m_observing.store().find(text)) {
        const QString id = m_observing.store().id(*row);
        entries.append({u"intent."_s + id, tr("Intent %1").arg(id), tr("Intents"), {}, {}, [this, id] {
                            m_window->showPage(u"intents"_s);
                            intentsPage()->openIntent(id);
                        }});
    }
    entries.append({u"filter"_s, tr("Filter intents by “%1”").arg(text), tr("Intents"), {}, {},
        [this, text] { openFilter(text); }});
    const ApprovalQueueModel &queue = m_deciding.queue();
    for (int row = 0; row < queue.rowCount(); ++row) {
        const ExchangeItem &item = queue.entry(row).item;
        if (!item.proposal.title.contains(text, Qt::CaseInsensitive)
            && !item.id().toString().contains(text, Qt::CaseInsensitive))
            continue;
        entries.append({u"proposal."_s + item.id().toString(), item.proposal.title, tr("Approvals"), {}, {},
            [this, id = item.id()] {
                m_window->showPage(u"approvals"_s);
                approvalsPage()->openReview(id);
            }});
    }
    return entries;
}

OverviewPage *Application::overviewPage()
{
    return static_cast<OverviewPage *>(m_window->page(u"overview"_s));
}

IntentsPage *Application::intentsPage()
{
    return static_cast<IntentsPage *>(m_window->page(u"intents"_s));
}

RelayersPage *Application::relayersPage()
{
    return static_cast<RelayersPage *>(m_window->page(u"relayers"_s));
}

ApprovalsPage *Application::approvalsPage()
{
    return static_cast<ApprovalsPage *>(m_window->page(u"approvals"_s));
}

DashboardsPage *Application::dashboardsPage()
{
    return static_cast<DashboardsPage *>(m_window->page(u"dashboards"_s));
}

JournalPage *Application::journalPage()
{
    return static_cast<JournalPage *>(m_window->page(u"journal"_s));
}

} // namespace countersign
