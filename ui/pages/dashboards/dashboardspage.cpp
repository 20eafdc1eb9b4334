#include "ui/pages/dashboards/dashboardspage.h"

#include "backend/types/strings.h"
#include "ui/charts/timeseriesview.h"
#include "ui/pages/dashboards/dashboardgrid.h"
#include "ui/pages/dashboards/panelframe.h"
#include "ui/pages/dashboards/panelviews.h"
#include "ui/pages/dashboards/rangebutton.h"
#include "ui/pages/dashboards/textdialog.h"
#include "ui/pages/dashboards/variablebar.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/prompter.h"

#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace countersign {

namespace {

constexpr std::array<const char *, 7> intervals{"", "5s", "10s", "30s", "1m", "5m", "15m"};
constexpr qint64 maxFile = 32 * 1024 * 1024;

std::chrono::milliseconds intervalAt(int index)
{
    static constexpr std::array<int, 7> seconds{0, 5, 10, 30, 60, 300, 900};
    return std::chrono::seconds(seconds.at(static_cast<size_t>(index)));
}

/// A name for a file that a title cannot lead elsewhere.
QString fileNameOf(QString title, const QString &suffix)
{
    for (QChar &c : title) {
        if (!c.isLetterOrNumber())
            c = u'-';
    }
    return (title.isEmpty() ? u"panel"_s : title.toLower().left(60)) + u'.' + suffix;
}

} // namespace

DashboardsPage::DashboardsPage(DashboardLibrary &library, DashboardSession &session, Prompter &prompter, QWidget *parent)
    : Page(parent)
    , m_library(library)
    , m_session(session)
    , m_prompter(prompter)
    , m_chooser(new QComboBox(this))
    , m_variables(new VariableBar(session, this))
    , m_range(new RangeButton(session, this))
    , m_refresh(new QComboBox(this))
    , m_more(new QPushButton(tr("More"), this))
    , m_menu(new QMenu(this))
    , m_message(new QLabel(this))
    , m_area(new QScrollArea(this))
    , m_grid(new DashboardGrid(session, *m_area))
{
    m_chooser->setAccessibleName(tr("Dashboard"));
    m_chooser->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_chooser->setMinimumWidth(260);
    m_chooser->setMaxVisibleItems(24);
    m_refresh->setAccessibleName(tr("Refresh"));
    m_refresh->setToolTip(tr("How often panels on the screen ask again"));
    for (const char *interval : intervals)
        m_refresh->addItem(*interval ? tr("every %1").arg(QString::fromLatin1(interval)) : tr("no refresh"));
    m_more->setMenu(m_menu);
    m_more->setAccessibleName(tr("More about the dashboard"));
    m_message->setForegroundRole(QPalette::PlaceholderText);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_area->setWidget(m_grid);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_chooser);
    head->addWidget(m_message, 1);
    head->addWidget(m_range);
    head->addWidget(m_refresh);
    head->addWidget(m_more);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_variables);
    layout->addWidget(m_area, 1);

    connect(m_chooser, &QComboBox::activated, this, [this](int index) { openDashboard(m_chooser->itemData(index).toString()); });
    connect(m_refresh, &QComboBox::activated, this, [this](int index) { m_session.setRefreshInterval(intervalAt(index)); });
    connect(&m_library, &DashboardLibrary::changed, this, &DashboardsPage::fillChooser);
    connect(m_menu, &QMenu::aboutToShow, this, &DashboardsPage::fillMore);
    connect(m_grid, &DashboardGrid::frameMade, this, &DashboardsPage::connectFrame);
    fillChooser();
    fillMore();
    if (!m_library.entries().isEmpty())
        openDashboard(m_library.entries().constFirst().id);
}

void DashboardsPage::registerActions(ActionRegistry &registry)
{
    const auto add = [&registry](const ActionSpec &spec, std::function<void()> run) {
        const auto added = registry.add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    const QString group = tr("Dashboards");
    add({u"dashboards.import"_s, group, tr("Import a dashboard"), tr("Grafana's JSON"), "plus"_L1, {}, u"dashboards"_s}, [this] { import(); });
    add({u"dashboards.range"_s, group, tr("Choose the range"), {}, "clock"_L1, {}, u"dashboards"_s}, [this] { m_range->showMenu(); });
    add({u"dashboards.coverage"_s, group, tr("What of it can be drawn"), {}, "verify"_L1, {}, u"dashboards"_s}, [this] { showCoverage(); });
}

void DashboardsPage::focusFilter()
{
    m_chooser->setFocus();
    m_chooser->showPopup();
}

QString DashboardsPage::message() const
{
    return m_message->text();
}

void DashboardsPage::say(const QString &text, bool isBad)
{
    m_message->setText(text);
    m_message->setToolTip(text);
    QPalette palette = this->palette();
    if (isBad)
        palette.setColor(QPalette::PlaceholderText, tokenColor(Token::Bad, palette));
    m_message->setPalette(palette);
}

bool DashboardsPage::isAnswered() const
{
    return std::ranges::none_of(m_session.panelSlots(), [this](const PanelSlot &slot) {
        const PanelFrame *frame = m_grid->frame(slot.key);
        if (!frame || frame->visibleRegion().isEmpty())
            return false;
        const PanelState state = m_session.state(slot.key);
        return state.isLoading || (!state.asOf && state.error.isEmpty());
    });
}

void DashboardsPage::fillChooser()
{
    const QSignalBlocker blocker(m_chooser);
    m_chooser->clear();
    for (const DashboardEntry &entry : m_library.entries()) {
        m_chooser->addItem(entry.title, entry.id);
        m_chooser->setItemData(m_chooser->count() - 1, entry.isBuiltIn ? tr("built in") : entry.path, Qt::ToolTipRole);
    }
    m_chooser->setCurrentIndex(m_chooser->findData(m_open));
    if (!m_library.problems().isEmpty())
        say(m_library.problems().constFirst(), true);
}

void DashboardsPage::fillMore()
{
    m_menu->clear();
    m_menu->addAction(tr("Import…"), this, &DashboardsPage::import);
    m_menu->addAction(tr("Export its JSON…"), this, &DashboardsPage::exportOriginal);
    m_menu->addAction(tr("What of it can be drawn…"), this, &DashboardsPage::showCoverage);
    m_menu->addSeparator();
    const auto entry = m_library.find(m_open);
    QAction *remove = m_menu->addAction(tr("Take it out…"), this, &DashboardsPage::removeDashboard);
    remove->setEnabled(entry && !entry->isBuiltIn);
    remove->setToolTip(entry && entry->isBuiltIn ? tr("It is built in") : QString());
}

bool DashboardsPage::openDashboard(const QString &id)
{
    const auto entry = m_library.find(id);
    if (!entry)
        return false;
    auto dashboard = m_library.load(*entry);
    if (!dashboard) {
        say(dashboard.error().message, true);
        return false;
    }
    m_open = id;
    m_chooser->setCurrentIndex(m_chooser->findData(id));
    say(dashboard->description);
    m_area->verticalScrollBar()->setValue(0);
    m_session.open(*std::move(dashboard));
    int chosen = 0;
    for (int i = 0; i < m_refresh->count(); ++i) {
        if (intervalAt(i) == m_session.refreshInterval())
            chosen = i;
    }
    m_refresh->setCurrentIndex(chosen);
    return true;
}

void DashboardsPage::import()
{
    m_prompter.askOpenFiles(this, {tr("Import a dashboard"), tr("Grafana dashboards (*.json);;All files (*)")}, [this](const QStringList &paths) {
        for (const QString &path : paths)
            importFile(path);
    });
}

void DashboardsPage::importFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        say(tr("%1 cannot be read: %2").arg(path, file.errorString()), true);
        return;
    }
    if (file.size() > maxFile) {
        say(tr("%1 is larger than any dashboard.").arg(path), true);
        return;
    }
    const auto id = m_library.import(file.readAll());
    if (!id) {
        say(tr("%1 was not taken: %2").arg(QFileInfo(path).fileName(), id.error().message), true);
        return;
    }
    openDashboard(*id);
    say(m_session.coverageSummary());
    showCoverage();
}

void DashboardsPage::exportOriginal()
{
    const auto entry = m_library.find(m_open);
    if (!entry)
        return;
    m_prompter.askSaveFile(this, {tr("Export the dashboard"), fileNameOf(entry->title, u"json"_s), tr("JSON (*.json)")}, [this, entry](const QString &path) {
        const auto json = path.isEmpty() ? Result<QByteArray>(QByteArray()) : m_library.original(*entry);
        if (path.isEmpty())
            return;
        QSaveFile file(path);
        if (!json || !file.open(QIODevice::WriteOnly) || file.write(*json) != json->size() || !file.commit())
            say(tr("%1 cannot be written: %2").arg(path, json ? file.errorString() : json.error().message), true);
        else
            say(tr("Saved as %1.").arg(path));
    });
}

void DashboardsPage::removeDashboard()
{
    const auto entry = m_library.find(m_open);
    if (!entry || entry->isBuiltIn)
        return;
    m_prompter.confirm(this,
        {tr("Take “%1” out?").arg(entry->title), tr("It is no longer listed here."), tr("Its file is kept beside, as %1.bak.").arg(entry->path),
            tr("Take it out"), {}},
        [this, entry](bool confirmed) {
            if (!confirmed)
                return;
            if (const auto removed = m_library.remove(*entry); !removed)
                say(removed.error().message, true);
            else if (!m_library.entries().isEmpty())
                openDashboard(m_library.entries().constFirst().id);
        });
}

void DashboardsPage::showCoverage()
{
    auto *dialog = new TextDialog(tr("What of “%1” can be drawn").arg(m_session.dashboard().title), m_session.coverageText(), this);
    dialog->open();
}

void DashboardsPage::showJson(const QString &key)
{
    if (const PanelSlot *slot = m_session.slot(key)) {
        auto *dialog = new TextDialog(slot->title, QString::fromUtf8(QJsonDocument(slot->panel.json).toJson()), this);
        dialog->open();
    }
}

void DashboardsPage::showQueries(const QString &key)
{
    if (const PanelSlot *slot = m_session.slot(key)) {
        auto *dialog = new TextDialog(tr("Queries of “%1”").arg(slot->title), m_session.queriesOf(key).join(u"\n\n"_s), this);
        dialog->open();
    }
}

void DashboardsPage::exportPanel(const QString &key, const QString &kind)
{
    const PanelFrame *frame = m_grid->frame(key);
    const PanelSlot *slot = m_session.slot(key);
    if (!frame || !slot)
        return;
    constexpr qreal sharp = 2;
    const TimeSeriesView *chart = frame->view()->chart();
    const QByteArray content = kind == u"csv"_s ? frame->view()->toCsv()
        : !chart                                ? QByteArray()
        : kind == u"svg"_s                      ? chart->toSvg(chart->size())
                                                : chart->toPng(chart->size(), sharp);
    if (content.isEmpty()) {
        say(tr("“%1” has nothing that could be saved.").arg(slot->title), true);
        return;
    }
    m_prompter.askSaveFile(this, {tr("Save the panel"), fileNameOf(slot->title, kind), u"*.%1"_s.arg(kind)}, [this, content](const QString &path) {
        if (path.isEmpty())
            return;
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
            say(tr("%1 cannot be written: %2").arg(path, file.errorString()), true);
        else
            say(tr("Saved as %1.").arg(path));
    });
}

void DashboardsPage::connectFrame(PanelFrame *frame)
{
    connect(frame, &PanelFrame::jsonRequested, this, &DashboardsPage::showJson);
    connect(frame, &PanelFrame::queriesRequested, this, &DashboardsPage::showQueries);
    connect(frame, &PanelFrame::exportRequested, this, &DashboardsPage::exportPanel);
}

void DashboardsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_session.setPaused(false);
}

void DashboardsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_session.setPaused(true);
}

} // namespace countersign
