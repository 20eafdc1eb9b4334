#include "ui/pages/relayers/relayerspage.h"

#include "backend/types/strings.h"
#include "models/relayers/relayersstate.h"
#include "ui/pages/relayers/leadershipstrip.h"
#include "ui/pages/relayers/leasedelegate.h"
#include "ui/pages/relayers/logview.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/fonts.h"
#include "ui/widgets/card.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/statusbadge.h"
#include "ui/widgets/tonelabel.h"

#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr int topHeight = 248;
constexpr int roomy = 1500; // width from which every column is shown

QString wordOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return RelayersPage::tr("Well");
    case Tone::Warn:
        return RelayersPage::tr("Look here");
    case Tone::Bad:
        return RelayersPage::tr("Wrong");
    default:
        return RelayersPage::tr("Not known");
    }
}

// Each of these models has the tone of a row in its first role.
void toneByRole(DataTable *table)
{
    table->glyphs()->setToneOf([](const QModelIndex &index) { return static_cast<Tone>(index.data(Qt::UserRole + 1).toInt()); });
}

} // namespace

RelayersPage::RelayersPage(RelayersState &relayers, const Clock &clock, QWidget *parent)
    : Page(parent)
    , m_state(relayers)
    , m_badge(new StatusBadge(this))
    , m_sentence(new ElidedLabel(Qt::ElideRight, this))
    , m_alarm(new ToneLabel(Tone::Bad, this))
    , m_elections(new QComboBox(this))
    , m_election(new DataTable(tr("Candidates of the election"), this))
    , m_relayers(new DataTable(tr("Relayers"), this))
    , m_members(new DataTable(tr("Members of etcd"), this))
    , m_strip(new LeadershipStrip(m_state.election(), clock, this))
    , m_etcd(new QLabel(this))
    , m_log(new LogView(m_state.log(), this))
{
    auto *title = new QLabel(tr("Relayers"), this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_alarm->setFont(uiFont(TextSize::Strong, QFont::Medium));
    m_alarm->setWordWrap(true);
    m_alarm->setAccessibleName(tr("What contradicts itself"));
    m_elections->setAccessibleName(tr("Election"));

    auto *head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(title);
    head->addWidget(m_badge);
    head->addWidget(m_sentence, 1);
    auto *top = new QSplitter(Qt::Horizontal, this);
    top->setChildrenCollapsible(false);
    top->addWidget(electionCard());
    top->addWidget(relayersCard());
    top->addWidget(membersCard());
    top->setSizes({450, 470, 338});
    auto *logCard = new Card(tr("Log"), this);
    logCard->body()->addWidget(m_log);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(top);
    splitter->addWidget(logCard);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({topHeight, 500});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_alarm);
    layout->addWidget(splitter, 1);

    connect(m_log, &LogView::intentRequested, this, &RelayersPage::intentRequested);
    connect(m_elections, &QComboBox::activated, this, [this] { m_state.chooseElection(m_elections->currentText()); });
    connect(&m_state, &RelayersState::electionsChanged, this, &RelayersPage::showElections);
    connect(&m_state, &RelayersState::changed, this, &RelayersPage::showState);
    connect(m_election->overlay(), &StateOverlay::retryRequested, this, &RelayersPage::refreshRequested);
    showElections();
    showState();
}

Card *RelayersPage::electionCard()
{
    using Column = ElectionModel::Column;
    m_election->setModel(&m_state.election());
    QVector<TableColumn> columns(Column::ColumnCount);
    columns[Column::PlaceColumn] = {72, {.mark = true}};
    columns[Column::RelayerColumn] = {84, {}};
    columns[Column::LeaseColumn] = {124, {}};
    columns[Column::SinceColumn] = {62, {.alignment = Qt::AlignRight}};
    columns[Column::SaysColumn] = {78, {.quiet = true}};
    columns[Column::FenceColumn] = {66, {.alignment = Qt::AlignRight, .quiet = true}};
    m_election->setColumns(columns, Column::RelayerColumn);
    m_election->setItemDelegateForColumn(Column::LeaseColumn, new LeaseDelegate(m_election));
    toneByRole(m_election);
    auto *card = new Card(tr("Election"), this);
    card->addHeadingWidget(m_elections);
    card->body()->addWidget(m_election->strip());
    card->body()->addWidget(m_election, 1);
    card->body()->addWidget(m_strip);
    return card;
}

Card *RelayersPage::relayersCard()
{
    using Column = RelayersTableModel::Column;
    m_relayers->setModel(&m_state.relayers());
    QVector<TableColumn> columns(Column::ColumnCount);
    columns[Column::RelayerColumn] = {116, {.mark = true}};
    columns[Column::QueueColumn] = {52, {.alignment = Qt::AlignRight}};
    columns[Column::RateColumn] = {68, {.alignment = Qt::AlignRight}};
    columns[Column::SuccessColumn] = {66, {.alignment = Qt::AlignRight}};
    columns[Column::BehindColumn] = {60, {.alignment = Qt::AlignRight}};
    columns[Column::LogColumn] = {68, {.alignment = Qt::AlignRight, .quiet = true}};
    columns[Column::MetricsColumn] = {100, {.quiet = true}};
    m_relayers->setColumns(columns, Column::RelayerColumn);
    toneByRole(m_relayers);
    auto *card = new Card(tr("Relayers"), this);
    card->body()->addWidget(m_relayers->strip());
    card->body()->addWidget(m_relayers, 1);
    return card;
}

Card *RelayersPage::membersCard()
{
    using Column = EtcdMembersModel::Column;
    m_members->setModel(&m_state.members());
    QVector<TableColumn> columns(Column::ColumnCount);
    columns[Column::HealthColumn] = {88, {.mark = true}};
    columns[Column::MemberColumn] = {66, {}};
    columns[Column::RoleColumn] = {66, {}};
    columns[Column::SizeColumn] = {78, {.alignment = Qt::AlignRight}};
    columns[Column::VersionColumn] = {66, {.quiet = true}};
    columns[Column::IndexColumn] = {80, {.alignment = Qt::AlignRight, .quiet = true}};
    m_members->setColumns(columns, Column::MemberColumn);
    toneByRole(m_members);
    m_etcd->setForegroundRole(QPalette::PlaceholderText);
    m_etcd->setFont(uiFont(TextSize::Small));
    m_etcd->setTextFormat(Qt::PlainText);
    m_etcd->setWordWrap(true);
    auto *card = new Card(tr("etcd"), this);
    card->body()->addWidget(m_members->strip());
    card->body()->addWidget(m_members, 1);
    card->body()->addWidget(m_etcd);
    return card;
}

// On a small screen the tooltip of the row has the rest.
void RelayersPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool isSmall = width() < roomy;
    m_relayers->setColumnHidden(RelayersTableModel::MetricsColumn, isSmall);
    m_members->setColumnHidden(EtcdMembersModel::VersionColumn, isSmall);
    m_members->setColumnHidden(EtcdMembersModel::IndexColumn, isSmall);
    m_election->setColumnHidden(ElectionModel::FenceColumn, isSmall);
}

void RelayersPage::registerActions(ActionRegistry &registry)
{
    const auto add = [&](const ActionSpec &spec, std::function<void()> run) {
        const auto added = registry.add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    const QString group = tr("Relayers");
    add({u"relayers.history"_s, group, tr("Search the history of the logs"), tr("With the filter of the log"), "search"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_Return)}, u"relayers"_s},
        [this] { m_log->searchHistory(); });
    add({u"relayers.pause"_s, group, tr("Pause or follow the log"), {}, "pause"_L1, {QKeySequence(Qt::CTRL | Qt::Key_P)}, u"relayers"_s},
        [this] { m_log->setPaused(!m_log->isPaused()); });
    add({u"relayers.newest"_s, group, tr("Go to the newest line"), tr("Lets new lines in"), "up"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_Home)}, u"relayers"_s},
        [this] { m_log->goToNewest(); });
    add({u"relayers.intent"_s, group, tr("Show the intent of the line"), {}, "intents"_L1, {QKeySequence(Qt::CTRL | Qt::Key_I)}, u"relayers"_s},
        [this] { m_log->openIntent(); });
    add({u"relayers.errors"_s, group, tr("Show warnings and errors"), {}, "warning"_L1, {}, u"relayers"_s},
        [this] { m_log->setFilterText(u"level:>=warn"_s); });
}

void RelayersPage::refresh()
{
    emit refreshRequested();
    m_log->goToNewest();
}

void RelayersPage::focusFilter()
{
    m_log->focusFilter();
}

bool RelayersPage::closeInnermost()
{
    return m_log->closeInnermost();
}

bool RelayersPage::copySelection()
{
    for (DataTable *table : {m_election, m_relayers, m_members}) {
        if (table->hasFocus() && table->selectionModel()->hasSelection()) {
            table->copySelectedRows();
            return true;
        }
    }
    return m_log->copySelection();
}

void RelayersPage::showLogOf(const QString &intent)
{
    m_log->setFilterText(u"intent:\"%1\""_s.arg(intent));
    m_log->searchHistory();
}

void RelayersPage::setLogProblem(const QString &problem)
{
    m_log->setProblem(problem);
}

void RelayersPage::showElections()
{
    const QStringList names = m_state.elections();
    m_elections->clear();
    m_elections->addItems(names);
    m_elections->setCurrentText(m_state.chosenElection());
    m_elections->setVisible(!names.isEmpty());
    m_elections->setEnabled(names.size() > 1);
}

void RelayersPage::showState()
{
    m_badge->setState(m_state.tone(), wordOf(m_state.tone()));
    m_sentence->setText(m_state.sentence());
    m_alarm->setText(m_state.alarm());
    m_alarm->setVisible(!m_state.alarm().isEmpty());
    m_etcd->setText(m_state.members().summary());
    m_etcd->setToolTip(m_state.members().state().electionsProblem);

    const SourceStatus &status = m_state.electionStatus();
    StateOverlay *election = m_election->overlay();
    if (m_state.election().rowCount() > 0)
        status.state == SourceState::Down ? election->showStale(status.lastError) : election->clear();
    else if (m_state.elections().isEmpty())
        election->showEmpty(tr("No election"), tr("The environment names none under “relayers”."));
    else if (status.state == SourceState::Down)
        election->showError(tr("etcd does not answer"), status.lastError);
    else if (status.state == SourceState::Connecting)
        election->showLoading(tr("Asking etcd…"));
    else
        election->showEmpty(tr("Nobody stands for election"), tr("A relayer that starts enters itself here."));
    StateOverlay *members = m_members->overlay();
    if (m_state.members().rowCount() > 0)
        members->clear();
    else if (m_state.elections().isEmpty())
        members->showEmpty(tr("No etcd"), tr("The environment names none under “relayers”."));
    else if (!m_state.members().state().problem.isEmpty())
        members->showError(tr("etcd does not answer"), m_state.members().state().problem, false);
    else
        members->showLoading(tr("Asking etcd…"));
    StateOverlay *relayers = m_relayers->overlay();
    if (m_state.relayers().rowCount() > 0)
        relayers->clear();
    else
        relayers->showEmpty(tr("No relayer"), tr("The environment names none under “relayers: nodes”."));
}

} // namespace countersign
