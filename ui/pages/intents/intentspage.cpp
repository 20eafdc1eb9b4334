#include "ui/pages/intents/intentspage.h"

#include "backend/types/strings.h"
#include "models/intents/intentlanesmodel.h"
#include "models/intents/intenttablemodel.h"
#include "models/intents/intenttimelinemodel.h"
#include "ui/pages/intents/filterline.h"
#include "ui/pages/intents/intentdetails.h"
#include "ui/pages/intents/lanestrip.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QVBoxLayout>

namespace countersign {

IntentsPage::IntentsPage(
    IntentTableModel &table, IntentLanesModel &lanes, IntentTimelineModel &timeline, QWidget *parent)
    : Page(parent)
    , m_table(table)
    , m_timeline(timeline)
    , m_lanes(new LaneStrip(lanes, this))
    , m_filter(new FilterLine(table.store(), this))
    , m_count(new QLabel(this))
    , m_new(new QPushButton(this))
    , m_view(new DataTable(tr("Intents"), this))
    , m_details(new IntentDetails(timeline, table, this))
{
    auto *title = new QLabel(tr("Intents"), this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_new->setIcon(themeIcon("up"_L1));
    m_new->setAccessibleName(tr("Show new intents"));
    m_new->setToolTip(tr("Rows are held still while you read; this lets the new ones in"));
    m_new->hide();

    using Column = IntentTableModel::Column;
    m_view->horizontalHeader()->setSortIndicator(m_table.sortColumn(), m_table.sortOrder());
    m_view->setModel(&m_table);
    QVector<TableColumn> columns(Column::ColumnCount);
    columns[Column::StateColumn] = {118, {.mark = true}};
    columns[Column::IdColumn] = {150, {.mono = true, .elide = Qt::ElideMiddle}};
    columns[Column::AgeColumn] = {72, {.alignment = Qt::AlignRight}};
    columns[Column::VaultColumn] = {100, {}};
    columns[Column::ChainColumn] = {88, {}};
    columns[Column::PartyColumn] = {124, {}};
    columns[Column::ActionColumn] = {92, {}};
    columns[Column::AmountColumn] = {110, {.alignment = Qt::AlignRight}};
    columns[Column::AssetColumn] = {62, {.quiet = true}};
    columns[Column::NonceColumn] = {70, {.alignment = Qt::AlignRight, .quiet = true}};
    columns[Column::AttemptsColumn] = {64, {.alignment = Qt::AlignRight, .quiet = true}};
    columns[Column::RelayerColumn] = {84, {.quiet = true}};
    columns[Column::CreatedColumn] = {150, {.quiet = true}};
    columns[Column::SinceColumn] = {150, {.quiet = true}};
    columns[Column::ReasonColumn] = {180, {.quiet = true}};
    for (const Column hidden :
        {Column::NonceColumn, Column::AttemptsColumn, Column::CreatedColumn, Column::SinceColumn})
        m_view->setColumnHidden(hidden, true);
    m_view->setColumns(columns, Column::ReasonColumn);
    m_view->glyphs()->setToneOf(
        [](const QModelIndex &index) { return static_cast<Tone>(index.data(IntentTableModel::ToneRole).toInt()); });
    m_view->setSortingEnabled(true);
    m_details->hide();

    auto *head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(title);
    head->addWidget(m_count, 1);
    head->addWidget(m_new);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_view);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({860, 400});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_lanes);
    layout->addWidget(m_filter);
    layout->addWidget(m_view->strip());
    layout->addWidget(splitter, 1);

    connect(m_lanes, &LaneStrip::filterRequested, this, &IntentsPage::setFilterText);
    connect(m_filter, &FilterLine::filterChanged, this, &IntentsPage::applyFilter);
    connect(m_new, &QPushButton::clicked, this, &IntentsPage::release);
    connect(m_view, &DataTable::currentRowChanged, this, &IntentsPage::openCurrent);
    connect(m_details, &IntentDetails::logRequested, this, &IntentsPage::logRequested);
    connect(m_details, &IntentDetails::closeRequested, this, &IntentsPage::closeInnermost);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &IntentsPage::updateHold);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &IntentsPage::updateHold);
    connect(&m_table, &IntentTableModel::countsChanged, this, &IntentsPage::showCounts);
    connect(&m_table, &IntentTableModel::pendingCountChanged, this, &IntentsPage::showCounts);
    showCounts();
}

void IntentsPage::registerActions(ActionRegistry &registry)
{
    const auto add = [&](const ActionSpec &spec, std::function<void()> run) {
        const auto added = registry.add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    const QString group = tr("Intents");
    add({u"intents.stuck"_s, group, tr("Show stuck intents"), {}, "warning"_L1, {}, u"intents"_s},
        [this] { setFilterText(u"state:stuck"_s); });
    add({u"intents.failed"_s, group, tr("Show failed intents"), {}, "error"_L1, {}, u"intents"_s},
        [this] { setFilterText(u"state:failed"_s); });
    add({u"intents.all"_s, group, tr("Show all intents"), tr("Clear the filter"), "intents"_L1, {}, u"intents"_s},
        [this] { setFilterText({}); });
    add({u"intents.json"_s, group, tr("Copy the intent as JSON"), tr("Terms, phase and every hop with its evidence"),
            "copy"_L1, {QKeySequence(Qt::CTRL | Qt::Key_J)}, u"intents"_s},
        [this] { QGuiApplication::clipboard()->setText(m_details->json()); });
    add({u"intents.log"_s, group, tr("Show the intent in the log"), tr("What the relayers wrote about it"), "log"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_G)}, u"intents"_s},
        [this] {
            if (!m_details->id().isEmpty())
                emit logRequested(m_details->id());
        });
    add({u"intents.newest"_s, group, tr("Go to the newest"), tr("Lets new rows in"), "up"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_Home)}, u"intents"_s},
        [this] { release(); });
}

void IntentsPage::refresh()
{
    m_table.tick();
    release();
}

void IntentsPage::focusFilter()
{
    m_filter->focus();
}

bool IntentsPage::closeInnermost()
{
    if (m_details->isVisible()) {
        m_details->hide();
        m_view->setFocus(); // first: a view that gets the focus without a current row takes its first one, and that opens the details again
        m_timeline.setIntent({});
        m_view->clearSelection();
        m_view->setCurrentIndex({});
        updateHold();
        return true;
    }
    if (!m_filter->text().isEmpty()) {
        setFilterText({});
        return true;
    }
    return false;
}

bool IntentsPage::copySelection()
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    if (rows.isEmpty())
        return false;
    if (rows.size() == 1 && m_timeline.intent())
        QGuiApplication::clipboard()->setText(m_details->json());
    else
        m_view->copySelectedRows();
    return true;
}

void IntentsPage::setFilterText(const QString &text)
{
    m_filter->setText(text);
}

QString IntentsPage::filterText() const
{
    return m_filter->text();
}

bool IntentsPage::openIntent(const QString &id)
{
    const std::optional<quint32> stored = m_table.store().find(id);
    if (!stored)
        return false;
    int row = m_table.rowOf(*stored);
    if (row < 0) {
        // The filter hides it, or it waits among the new ones: both give way to an explicit wish.
        setFilterText({});
        m_table.setHeld(false);
        row = m_table.rowOf(*stored);
    }
    if (row < 0)
        return false;
    m_view->setCurrentIndex(m_table.index(row, IntentTableModel::IdColumn));
    m_view->scrollTo(m_view->currentIndex(), QAbstractItemView::PositionAtCenter);
    return true;
}

void IntentsPage::setConnected(bool connected, const QString &problem)
{
    if (connected == m_connected && problem == m_problem)
        return;
    m_connected = connected;
    m_problem = problem;
    showCounts();
}

void IntentsPage::applyFilter(const IntentFilter &filter, const QString &text)
{
    m_table.setFilter(filter);
    m_lanes->setCurrentFilter(text.trimmed());
    showCounts();
}

void IntentsPage::showCounts()
{
    const QLocale locale;
    const quint32 known = m_table.store().size();
    const int shown = m_table.rowCount();
    m_count->setText(m_filter->text().trimmed().isEmpty()
            ? tr("%1, %2 under way").arg(locale.toString(known), locale.toString(m_table.store().openCount()))
            : tr("%1 of %2").arg(locale.toString(shown), locale.toString(known)));
    const int pending = m_table.pendingCount();
    m_new->setVisible(pending > 0);
    m_new->setText(tr("%n new", nullptr, pending));
    StateOverlay *overlay = m_view->overlay();
    if (shown > 0)
        m_problem.isEmpty() ? overlay->clear() : overlay->showStale(m_problem);
    else if (known > 0)
        overlay->showEmpty(tr("No intent matches"), tr("Clear the filter with Esc, or ask for something else."));
    else if (!m_problem.isEmpty())
        overlay->showError(tr("The ledger cannot be read"), m_problem, false);
    else if (m_connected)
        overlay->showEmpty(tr("No intents yet"), tr("They appear here as soon as the ledger has one."));
    else
        overlay->showLoading(tr("Reading the ledger…"));
}

void IntentsPage::updateHold()
{
    const bool away = m_view->verticalScrollBar()->value() > 0;
    const bool chosen = m_view->selectionModel()->hasSelection();
    m_table.setHeld(away || chosen);
}

void IntentsPage::release()
{
    m_view->scrollToTop();
    m_table.setHeld(false);
    showCounts();
    updateHold();
}

void IntentsPage::openCurrent()
{
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid())
        return;
    m_timeline.setIntent(m_table.storeRow(current.row()));
    m_details->show();
}

} // namespace countersign
