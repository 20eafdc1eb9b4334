#include "ui/pages/relayers/logview.h"

#include "backend/types/strings.h"
#include "models/relayers/logfilter.h"
#include "models/relayers/logtablemodel.h"
#include "ui/pages/relayers/logdetails.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/format.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/tonelabel.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTimer>
#include <QVBoxLayout>

namespace countersign {

namespace {

constexpr std::chrono::milliseconds typingPause{120};
constexpr std::chrono::milliseconds progressEvery{100};

} // namespace

LogView::LogView(LogTableModel &log, QWidget *parent)
    : QWidget(parent)
    , m_log(log)
    , m_filter(new QLineEdit(this))
    , m_error(new ToneLabel(Tone::Bad, this))
    , m_level(new QComboBox(this))
    , m_count(new QLabel(this))
    , m_new(new QPushButton(this))
    , m_pause(new QPushButton(themeIcon("pause"_L1), tr("Pause"), this))
    , m_history(new QPushButton(themeIcon("search"_L1), tr("Search history"), this))
    , m_table(new DataTable(tr("Log of the relayers"), this))
    , m_details(new LogDetails(this))
    , m_delay(new QTimer(this))
    , m_progress(new QTimer(this))
{
    m_filter->setObjectName(u"logFilter"_s);
    m_filter->setAccessibleName(tr("Filter of the log"));
    m_filter->setPlaceholderText(tr("relayer:relayer-2 intent:… chain:polygon  or any word"));
    m_filter->setToolTip(tr("Fields: level relayer message intent, and every other field of the lines by its name.\n"
                            "chain:polygon,ethereum is either; -chain:polygon excludes; level:>=warn compares; \"two words\" stand together."));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(themeIcon("filter"_L1), QLineEdit::LeadingPosition);
    m_filter->setFont(monoFont());
    m_error->setFont(uiFont(TextSize::Small));
    m_error->hide();
    m_level->setAccessibleName(tr("Lowest level"));
    m_level->addItem(tr("All levels"));
    m_level->addItem(tr("Info and above"), u"info"_s);
    m_level->addItem(tr("Warnings and errors"), u"warning"_s);
    m_level->addItem(tr("Errors"), u"error"_s);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setTextFormat(Qt::PlainText);
    m_new->setIcon(themeIcon("up"_L1));
    m_new->setAccessibleName(tr("Show new lines"));
    m_new->setToolTip(tr("Lines are held still while you read; this lets the new ones in"));
    m_new->hide();
    m_pause->setCheckable(true);
    m_pause->setAccessibleName(tr("Pause the log"));
    m_history->setCheckable(true);
    m_history->setVisible(m_log.hasHistory());
    m_history->setAccessibleName(tr("Search the history of the logs"));

    using Column = LogTableModel::Column;
    m_table->setModel(&m_log);
    QVector<TableColumn> columns(Column::ColumnCount);
    columns[Column::TimeColumn] = {142, {.mono = true, .quiet = true}};
    columns[Column::LevelColumn] = {88, {.mark = true}};
    columns[Column::RelayerColumn] = {92, {}};
    columns[Column::MessageColumn] = {176, {}};
    columns[Column::IntentColumn] = {140, {.mono = true, .elide = Qt::ElideMiddle}};
    columns[Column::FieldsColumn] = {120, {.mono = true, .quiet = true}};
    m_table->setColumns(columns, Column::FieldsColumn);
    m_table->glyphs()->setToneOf([](const QModelIndex &index) { return static_cast<Tone>(index.data(LogTableModel::ToneRole).toInt()); });
    m_details->hide();
    m_delay->setSingleShot(true);
    m_delay->setInterval(typingPause);
    m_progress->setInterval(progressEvery);

    auto *bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_level);
    bar->addWidget(m_history);
    bar->addWidget(m_pause);
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_table);
    splitter->addWidget(m_details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({860, 380});
    auto *notes = new QHBoxLayout;
    notes->setSpacing(8);
    notes->addWidget(m_error);
    notes->addWidget(m_count, 1);
    notes->addWidget(m_new);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(bar);
    layout->addLayout(notes);
    layout->addWidget(m_table->strip());
    layout->addWidget(splitter, 1);

    connect(m_filter, &QLineEdit::textChanged, m_delay, qOverload<>(&QTimer::start));
    connect(m_filter, &QLineEdit::returnPressed, this, &LogView::parse);
    connect(m_delay, &QTimer::timeout, this, &LogView::parse);
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogView::parse);
    connect(m_new, &QPushButton::clicked, this, &LogView::goToNewest);
    connect(m_pause, &QPushButton::toggled, this, &LogView::updateHold);
    connect(m_history, &QPushButton::toggled, this, [this](bool on) { on ? searchHistory() : m_log.showLive(); });
    connect(m_details, &LogDetails::closeRequested, this, &LogView::closeInnermost);
    connect(m_details, &LogDetails::intentRequested, this, &LogView::intentRequested);
    connect(m_table, &DataTable::currentRowChanged, this, &LogView::showCurrent);
    connect(m_table, &DataTable::rowActivated, this, &LogView::openIntent);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, &LogView::updateHold);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LogView::updateHold);
    connect(&m_log, &LogTableModel::countsChanged, this, &LogView::showState);
    connect(&m_log, &LogTableModel::modeChanged, this, &LogView::showState);
    connect(m_progress, &QTimer::timeout, this, &LogView::showState);
    showState();
}

void LogView::setFilterText(const QString &text)
{
    m_filter->setText(text);
    parse();
}

QString LogView::filterText() const
{
    return m_filter->text();
}

QString LogView::errorText() const
{
    return m_error->isVisibleTo(this) ? m_error->text() : QString();
}

void LogView::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

void LogView::parse()
{
    m_delay->stop();
    auto query = parseLogFilter(m_filter->text());
    m_error->setVisible(!query.has_value());
    if (!query) {
        const QString wrong = m_filter->text().mid(query.error().position, query.error().length);
        m_error->setText(u"“%1”: %2 %3"_s.arg(wrong, query.error().message, query.error().hint));
        return;
    }
    if (const QString level = m_level->currentData().toString(); !level.isEmpty())
        query->conditions.append({.field = LogCondition::Field::Level, .words = {level}, .atLeast = true});
    m_log.setQuery(*query);
    showState();
}

void LogView::searchHistory()
{
    if (!m_log.hasHistory())
        return;
    parse();
    if (m_log.mode() != LogTableModel::Mode::History)
        m_log.searchHistory();
}

void LogView::setPaused(bool paused)
{
    m_pause->setChecked(paused);
}

bool LogView::isPaused() const
{
    return m_pause->isChecked();
}

void LogView::goToNewest()
{
    m_pause->setChecked(false);
    m_table->clearSelection();
    m_table->scrollToTop();
    m_log.setHeld(false);
    showState();
}

void LogView::updateHold()
{
    const bool isAway = m_table->verticalScrollBar()->value() > 0;
    const bool isChosen = m_table->selectionModel()->hasSelection();
    m_log.setHeld(m_pause->isChecked() || isAway || isChosen);
    showState();
}

void LogView::setProblem(const QString &problem)
{
    if (problem == m_problem)
        return;
    m_problem = problem;
    showState();
}

QString LogView::stateText() const
{
    const QLocale locale;
    if (m_log.mode() == LogTableModel::Mode::History) {
        if (m_log.isSearching())
            return tr("Searching the history: %1 %").arg(qRound(m_log.progress() * 100));
        const LogScanResult &found = m_log.found();
        const QString took = locale.toString(std::chrono::duration<double>(found.took).count(), 'f', 2);
        const QString read = locale.formattedDataSize(found.bytesRead + found.bytesSkipped, 1);
        return (found.isCut ? tr("The newest %1 that match; %2 looked through in %3 s") : tr("%1 found in %2, in %3 s"))
            .arg(locale.toString(found.hits.size()), read, took);
    }
    const QString held = m_pause->isChecked() ? tr(", paused") : QString();
    if (m_log.query().conditions.isEmpty())
        return tr("The last %1 lines, as they are written%2").arg(locale.toString(m_log.liveCount()), held);
    return tr("%1 of the last %2 lines%3").arg(locale.toString(m_log.rowCount()), locale.toString(m_log.liveCount()), held);
}

void LogView::showState()
{
    m_count->setText(stateText());
    const qsizetype pending = m_log.mode() == LogTableModel::Mode::Live ? m_log.pendingCount() : 0;
    m_new->setVisible(pending > 0);
    m_new->setText(tr("%n new", nullptr, static_cast<int>(pending)));
    const bool isHistory = m_log.mode() == LogTableModel::Mode::History;
    {
        const QSignalBlocker blocker(m_history);
        m_history->setChecked(isHistory);
    }
    m_history->setText(isHistory ? tr("Back to live") : tr("Search history"));
    m_pause->setEnabled(!isHistory);
    m_log.isSearching() ? m_progress->start() : m_progress->stop();
    showOverlay();
}

void LogView::showOverlay()
{
    StateOverlay *overlay = m_table->overlay();
    const bool isFiltered = !m_log.query().conditions.isEmpty();
    if (m_log.rowCount() > 0)
        m_problem.isEmpty() || m_log.mode() == LogTableModel::Mode::History ? overlay->clear() : overlay->showStale(m_problem);
    else if (m_log.isSearching())
        overlay->showLoading(tr("Searching the history…"));
    else if (m_log.mode() == LogTableModel::Mode::History)
        overlay->showEmpty(tr("Nothing in the history matches"), tr("Ask for something else, or press Esc for what is written now."));
    else if (isFiltered && m_log.liveCount() > 0)
        overlay->showEmpty(tr("None of the last lines matches"),
            m_log.hasHistory() ? tr("Search the history with Ctrl+Return, or clear the filter with Esc.") : tr("Clear the filter with Esc."));
    else if (!m_problem.isEmpty())
        overlay->showError(tr("The logs cannot be read"), m_problem, false);
    else if (!m_log.hasHistory())
        overlay->showEmpty(tr("The environment names no log"), tr("Give a relayer “log”, the path of its JSON lines."));
    else
        overlay->showEmpty(tr("No line yet"), tr("What relayers write stands here at once."));
}

void LogView::showCurrent()
{
    const int row = m_table->currentIndex().row();
    const LogLine *line = m_log.line(row);
    if (!line)
        return;
    m_details->setLine(u"%1, %2"_s.arg(line->relayer, utcDateTime(line->time)), m_log.lineJsonIndented(row), m_log.json(row),
        m_table->currentIndex().data(LogTableModel::IntentRole).toString());
    m_details->show();
}

void LogView::openIntent()
{
    const QString intent = m_table->currentIndex().data(LogTableModel::IntentRole).toString();
    if (!intent.isEmpty())
        emit intentRequested(intent);
}

bool LogView::closeInnermost()
{
    if (m_details->isVisible()) {
        m_details->hide();
        m_table->setFocus(); // first: a view that gets the focus without a current row takes its first one
        m_table->clearSelection();
        m_table->setCurrentIndex({});
        updateHold();
        return true;
    }
    if (m_log.mode() == LogTableModel::Mode::History) {
        m_log.showLive();
        return true;
    }
    if (!m_filter->text().isEmpty()) {
        setFilterText({});
        return true;
    }
    return false;
}

bool LogView::copySelection()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    QStringList lines;
    for (const QModelIndex &row : rows)
        lines.append(m_log.json(row.row()));
    if (lines.isEmpty())
        return false;
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    return true;
}

} // namespace countersign
