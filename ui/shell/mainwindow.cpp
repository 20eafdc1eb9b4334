#include "ui/shell/mainwindow.h"

#include "backend/types/strings.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/lampstrip.h"
#include "ui/shell/logdock.h"
#include "ui/shell/page.h"
#include "ui/shell/rail.h"
#include "ui/shell/shortcutsdialog.h"
#include "ui/shell/sourcedock.h"
#include "ui/theme/icons.h"

#include <QApplication>
#include <QCloseEvent>
#include <QMenu>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

MainWindow::MainWindow(Theme &theme, const Clock &clock, const EnvironmentBand &band)
    : m_theme(theme)
    , m_clock(clock)
    , m_bar(new TopBar(band, this))
    , m_rail(new Rail(this))
    , m_stack(new QStackedWidget(this))
    , m_actions(new ActionRegistry(this))
    , m_log(new LogDock(this))
    , m_source(new SourceDock(this))
    , m_timer(new QTimer(this))
{
    setObjectName(u"mainWindow"_s);
    setWindowTitle(tr("%1 – Countersign").arg(band.name));
    setDockNestingEnabled(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Countersign"));
    resize(1366, 768);

    // What a page would like must not push the window beyond the screen when a dock opens; pages scroll instead.
    m_stack->setMinimumSize(560, 360);
    auto *centre = new QWidget(this);
    auto *row = new QHBoxLayout(centre);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_stack, 1);
    setCentralWidget(centre);
    // The bar spans the whole width, above rail and docks; both are toolbars' neighbours, not docks, so that they
    // cannot be lost.
    setMenuWidget(m_bar);
    row->insertWidget(0, m_rail);

    addDockWidget(Qt::BottomDockWidgetArea, m_log);
    addDockWidget(Qt::RightDockWidgetArea, m_source);
    m_log->hide();
    m_source->hide();
    m_defaultState = saveState(stateVersion);

    connect(m_rail, &Rail::pageRequested, this, &MainWindow::showPage);
    connect(m_bar, &TopBar::paletteRequested, this, [this] { commandPalette().open(); });
    connect(m_bar->lamps(), &LampStrip::sourceActivated, this, &MainWindow::showSource);
    connect(m_timer, &QTimer::timeout, this, &MainWindow::tick);
    registerActions();
    m_timer->start(1000);
    tick();
}

MainWindow::~MainWindow() = default;

void MainWindow::addPage(PageSpec spec)
{
    const QString key = tr("Alt+%1").arg(m_slots.size() + 1);
    m_rail->addPage(spec.id, spec.title, spec.icon, key);
    const ActionSpec action{u"page."_s + spec.id, tr("Go to"), spec.title, {}, spec.icon,
        {QKeySequence(int(Qt::ALT) | (int(Qt::Key_1) + int(m_slots.size())))}, {}};
    const auto added = m_actions->add(action, [this, id = spec.id] { showPage(id); });
    Q_ASSERT(added.has_value());
    m_slots.append({std::move(spec), nullptr});
    fillMenu();
}

Page *MainWindow::page(const QString &id)
{
    const auto slot = std::ranges::find_if(m_slots, [&](const Slot &candidate) { return candidate.spec.id == id; });
    if (slot == m_slots.end())
        return nullptr;
    if (!slot->page) {
        slot->page = slot->spec.build();
        slot->page->setObjectName(u"page."_s + id);
        m_stack->addWidget(slot->page);
        slot->page->registerActions(*m_actions);
        fillMenu();
    }
    return slot->page;
}

QStringList MainWindow::pageIds() const
{
    QStringList ids;
    for (const Slot &slot : m_slots)
        ids.append(slot.spec.id);
    return ids;
}

void MainWindow::showPage(const QString &id)
{
    Page *target = page(id);
    if (!target)
        return;
    m_current = id;
    m_stack->setCurrentWidget(target);
    m_rail->setCurrent(id);
    m_actions->setContext(id);
    emit pageShown(id);
}

Page *MainWindow::currentPageWidget() const
{
    return qobject_cast<Page *>(m_stack->currentWidget());
}

void MainWindow::registerActions()
{
    const auto add = [this](const ActionSpec &spec, std::function<void()> run) {
        const auto added = m_actions->add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    const QString view = tr("View");
    const QString edit = tr("Edit");
    add({u"palette.open"_s, view, tr("Find anything…"), tr("Every action and every id by a few letters"), "search"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_K)}, {}},
        [this] { commandPalette().open(); });
    add({u"view.refresh"_s, view, tr("Refresh"), tr("Ask every source of this page again"), "refresh"_L1,
            {QKeySequence(Qt::Key_F5)}, {}},
        [this] {
            if (Page *current = currentPageWidget())
                current->refresh();
        });
    add({u"view.filter"_s, view, tr("Filter"), tr("Put the cursor into the page's filter"), "filter"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_F), QKeySequence(Qt::Key_Slash)}, {}},
        [this] {
            if (Page *current = currentPageWidget())
                current->focusFilter();
        });
    add({u"view.panes"_s, view, tr("Next pane"), tr("Rail, page, docks, and round again"), "details"_L1,
            {QKeySequence(Qt::Key_F6)}, {}},
        [this] { cyclePanes(); });
    add({u"view.close"_s, view, tr("Close the innermost"), tr("Palette, pane or dialog"), "close"_L1,
            {QKeySequence(Qt::Key_Escape)}, {}},
        [this] { escape(); });
    add({u"edit.copy"_s, edit, tr("Copy selection as text"), tr("Rows as tab-separated text, an intent as JSON"),
            "copy"_L1, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)}, {}},
        [this] { copySelection(); });
    add({u"theme.light"_s, view, tr("Light theme"), {}, "theme"_L1, {}, {}},
        [this] { m_theme.apply(ThemeMode::Light); });
    add({u"theme.dark"_s, view, tr("Dark theme"), {}, "theme"_L1, {}, {}}, [this] { m_theme.apply(ThemeMode::Dark); });
    add({u"theme.system"_s, view, tr("Theme of the desktop"), {}, "theme"_L1, {}, {}},
        [this] { m_theme.apply(ThemeMode::System); });
    add({u"view.log"_s, view, tr("Log"), tr("What this console itself reports"), "log"_L1,
            {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L)}, {}},
        [this] { m_log->setVisible(!m_log->isVisible()); });
    add({u"view.layout"_s, view, tr("Reset layout"), tr("Docks back to where they were at first"), "settings"_L1, {},
            {}},
        [this] { restoreState(m_defaultState, stateVersion); });
    add({u"help.keys"_s, tr("Help"), tr("Keyboard"), tr("Every action with its keys"), "help"_L1,
            {QKeySequence(Qt::Key_F1)}, {}},
        [this] {
            auto *dialog = new ShortcutsDialog(*m_actions, this);
            dialog->setAttribute(Qt::WA_DeleteOnClose);
            dialog->open();
        });
    add({u"app.quit"_s, tr("Help"), tr("Quit"), {}, "close"_L1, {QKeySequence(Qt::CTRL | Qt::Key_Q)}, {}},
        [this] { close(); });
    fillMenu();
}

void MainWindow::fillMenu()
{
    auto *menu = m_rail->menuButton()->menu();
    if (!menu) {
        menu = new QMenu(m_rail->menuButton());
        m_rail->menuButton()->setMenu(menu);
    }
    menu->clear();
    for (const QString &group : m_actions->groups())
        m_actions->fill(*menu->addMenu(group), group);
}

void MainWindow::setSources(const QVector<SourceStatus> &sources)
{
    m_bar->lamps()->setSources(sources);
    for (const SourceStatus &source : sources) {
        if (source.id == m_source->sourceId())
            m_source->setSource(source);
    }
}

void MainWindow::setWaitingForMe(const QString &pageId, int count)
{
    m_rail->setCount(pageId, count);
}

void MainWindow::appendLog(const QString &line)
{
    m_log->appendLine(line);
}

void MainWindow::setLogVisible(bool visible)
{
    m_log->setVisible(visible);
}

void MainWindow::showSource(const QString &id)
{
    for (const SourceStatus &source : m_bar->lamps()->sources()) {
        if (source.id == id) {
            m_source->setSource(source);
            m_source->show();
            m_source->raise();
        }
    }
}

void MainWindow::tick()
{
    m_bar->setNow(m_clock.now());
}

void MainWindow::cyclePanes()
{
    QVector<QWidget *> panes{m_rail, m_stack->currentWidget()};
    for (QDockWidget *dock : {static_cast<QDockWidget *>(m_log), static_cast<QDockWidget *>(m_source)}) {
        if (dock->isVisible())
            panes.append(dock);
    }
    panes.append(m_bar);
    QWidget *focused = QApplication::focusWidget();
    qsizetype at = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (panes[i] && focused && (panes[i] == focused || panes[i]->isAncestorOf(focused)))
            at = i;
    }
    for (qsizetype step = 1; step <= panes.size(); ++step) {
        QWidget *pane = panes[(at + step) % panes.size()];
        if (!pane)
            continue;
        for (QWidget *child : pane->findChildren<QWidget *>()) {
            if (child->isVisible() && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus) == Qt::TabFocus) {
                child->setFocus(Qt::TabFocusReason);
                return;
            }
        }
    }
}

void MainWindow::escape()
{
    // Shortcuts work past the list of a completer: what lies on top is closed first.
    if (QWidget *popup = QApplication::activePopupWidget()) {
        popup->close();
        return;
    }
    if (m_palette && m_palette->isVisible()) {
        m_palette->hide();
        return;
    }
    if (Page *current = currentPageWidget(); current && current->closeInnermost())
        return;
    for (QDockWidget *dock : {static_cast<QDockWidget *>(m_source), static_cast<QDockWidget *>(m_log)}) {
        if (dock->isVisible()) {
            dock->hide();
            return;
        }
    }
}

void MainWindow::copySelection()
{
    if (Page *current = currentPageWidget())
        current->copySelection();
}

CommandPalette &MainWindow::commandPalette()
{
    if (!m_palette)
        m_palette = new CommandPalette(*m_actions, this);
    return *m_palette;
}

void MainWindow::restoreFrom(QSettings &settings)
{
    restoreGeometry(settings.value("window/geometry"_L1).toByteArray());
    restoreState(settings.value("window/state"_L1).toByteArray(), stateVersion);
}

void MainWindow::saveTo(QSettings &settings) const
{
    settings.setValue("window/geometry"_L1, saveGeometry());
    settings.setValue("window/state"_L1, saveState(stateVersion));
}

bool MainWindow::event(QEvent *event)
{
    const bool handled = QMainWindow::event(event);
    if (event->type() == QEvent::Paint && !m_painted) {
        m_painted = true;
        // After the event loop has turned once: the first frame is on the screen, then the sources may start.
        QTimer::singleShot(0, this, [this] {
            emit firstPainted();
            setWindowIcon(QIcon(u":/countersign.svg"_s)); // nobody waits for it
        });
    }
    return handled;
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    emit closing();
    event->accept();
}

} // namespace countersign
