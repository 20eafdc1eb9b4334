#include "app/console/tour.h"

#include "app/console/application.h"
#include "app/console/startproblem.h"
#include "backend/types/strings.h"
#include "ui/pages/dashboards/dashboardspage.h"
#include "ui/pages/intents/intentspage.h"
#include "ui/pages/relayers/logview.h"
#include "ui/pages/relayers/relayerspage.h"
#include "ui/pages/journal/journalpage.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/page.h"
#include "ui/shell/shortcutsdialog.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/datatable.h"

#include <QMenu>
#include <QPainter>
#include <QPixmap>

namespace countersign {

namespace {

constexpr int pollMilliseconds = 100;
constexpr int settleMilliseconds = 400; ///< what arrives between "ready" and the picture
constexpr int themeMilliseconds = 100; ///< until everything is drawn in the next theme
constexpr int patienceMilliseconds = 30'000;

} // namespace

Tour::Tour(Application &application, Theme &theme, const CommandLine &line, QObject *parent)
    : QObject(parent)
    , m_application(application)
    , m_theme(theme)
    , m_line(line)
    , m_folder(line.tour)
    , m_approvals(application)
{
    m_timer.setInterval(pollMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &Tour::check);
}

QWidget *Tour::window() const
{
    return &m_application.window();
}

void Tour::start()
{
    if (!QDir().mkpath(m_folder.absolutePath())) {
        emit finished(tr("The folder %1 cannot be made.").arg(m_folder.absolutePath()));
        return;
    }
    window()->resize(m_line.size);
    plan();
    m_theme.apply(m_line.themes.constFirst());
    next();
}

void Tour::plan()
{
    MainWindow &shell = m_application.window();
    const auto page = [this, &shell](const QString &id) {
        return [this, &shell, id] {
            shell.showPage(id);
            window()->setFocus();
        };
    };
    const auto closeView = [&shell] { shell.actions().action(u"view.close"_s)->trigger(); };
    const auto flowing = [this] { return m_application.observing().store().size() > 20; };
    m_stops.append({.name = u"overview"_s,
        .arrange = page(u"overview"_s),
        .ready =
            [this, flowing] {
                return flowing() && m_application.observing().overview().hasLeader()
                    && m_application.observing().sources().worst() == Tone::Good;
            }});
    m_stops.append({.name = u"source-details"_s,
        .arrange =
            [this, &shell] {
                if (!m_application.observing().sources().statuses().isEmpty())
                    shell.showSource(m_application.observing().sources().statuses().constFirst().id);
            },
        .leave = closeView});
    m_stops.append({.name = u"intents"_s, .arrange = page(u"intents"_s), .ready = flowing});
    m_stops.append({.name = u"intents-timeline"_s,
        .arrange =
            [this] {
                DataTable *table = m_application.intentsPage()->table();
                const int row = std::min(4, table->model()->rowCount() - 1);
                table->setCurrentIndex(table->model()->index(row, IntentTableModel::IdColumn));
            },
        .leave = [this] { m_application.intentsPage()->closeInnermost(); }});
    const auto filtered = [this](const QString &name, const QString &filter) {
        m_stops.append(
            {.name = name, .arrange = [this, filter] { m_application.intentsPage()->setFilterText(filter); }});
    };
    filtered(u"intents-filtered"_s, u"state:acknowledged,failed -action:none"_s);
    filtered(u"intents-filter-error"_s, u"age:>soon"_s);
    filtered(u"intents-empty"_s, u"party:nobody-of-that-name"_s);
    m_stops.last().leave = [this] { m_application.intentsPage()->setFilterText({}); };
    const auto relayers = [this] { return m_application.relayersPage(); };
    m_stops.append({.name = u"relayers"_s,
        .arrange = page(u"relayers"_s),
        .ready = [relayers] { return relayers()->log()->table()->model()->rowCount() > 0 && relayers()->election()->model()->rowCount() > 0; }});
    m_stops.append({.name = u"relayers-history"_s,
        .arrange =
            [relayers] {
                relayers()->log()->setFilterText(u"message:transaction_submitted"_s);
                relayers()->log()->searchHistory();
            },
        .ready = [relayers] { return relayers()->log()->table()->model()->rowCount() > 0; }});
    m_stops.append({.name = u"relayers-line"_s,
        .arrange =
            [relayers] {
                DataTable *table = relayers()->log()->table();
                table->setCurrentIndex(table->model()->index(0, 0));
            },
        .leave =
            [relayers] {
                while (relayers()->closeInnermost()) { }
            }});
    m_stops.append({.name = u"relayers-filter-error"_s,
        .arrange = [relayers] { relayers()->log()->setFilterText(u"level:lout"_s); },
        .leave = [relayers] { relayers()->log()->setFilterText({}); }});
    m_stops.append(m_approvals.stops());
    for (const QString &id : {u"vault-operations"_s, u"relayer-cluster"_s, u"canton-node"_s, u"chain"_s})
        m_stops.append({.name = u"dashboards-"_s + id,
            .arrange =
                [this, id] {
                    m_application.window().showPage(u"dashboards"_s);
                    m_application.dashboardsPage()->openDashboard(u"countersign-"_s + id);
                },
            .ready = [this] { return m_application.dashboardsPage()->isAnswered(); }});
    m_stops.append({.name = u"journal"_s,
        .arrange = page(u"journal"_s),
        .ready = [this] { return m_application.journal().status().state != JournalStatus::State::Opening; }});
    m_stops.append({.name = u"journal-details"_s,
        .arrange =
            [this] {
                auto *table = m_application.journalPage()->findChild<DataTable *>();
                table->setCurrentIndex(table->model()->index(0, JournalModel::TextColumn));
            },
        .leave = [this] { m_application.journalPage()->closeInnermost(); }});
    planShell();
}

void Tour::planShell()
{
    MainWindow &shell = m_application.window();
    const auto shown = [this](const QString &name, const std::function<QDialog *()> &make) {
        m_stops.append({.name = name,
            .arrange =
                [this, make] {
                    m_dialog = make();
                    m_dialog->open();
                },
            .leave = [this] { closeDialog(); }});
    };
    shown(u"journal-successor"_s, [this] {
        return new ConfirmDialog(
            {tr("Go on in a new journal"),
                tr("The damaged file is kept beside the new one, under a name that says so. The new "
                   "journal is linked to its last good row."),
                tr("Row 17 does not fit the row before it."), tr("Keep the old file and go on"), {}},
            window());
    });
    m_stops.append({.name = u"palette"_s,
        .arrange =
            [&shell] {
                shell.showPage(u"overview"_s);
                shell.commandPalette().open(u"th"_s);
            },
        .leave = [&shell] { shell.actions().action(u"view.close"_s)->trigger(); }});
    shown(u"keyboard"_s, [this, &shell] { return new ShortcutsDialog(shell.actions(), window()); });
    m_stops.append({.name = u"log"_s,
        .arrange = [&shell] { shell.setLogVisible(true); },
        .leave = [&shell] { shell.setLogVisible(false); }});
    shown(u"start-problem"_s, [this] {
        const auto bad = Environment::parse(
            "version: 1\nname: treasury\nkind: prodction\nchains:\n  - name: ethereum\n    chainId: many\n",
            u"treasury.yaml"_s);
        return new StartProblem(u"treasury.yaml"_s, bad ? Error{} : bad.error(), window());
    });
    m_stops.last().subject = [this]() -> QWidget * { return m_dialog; };
}

void Tour::closeDialog()
{
    if (m_dialog)
        m_dialog->close();
    m_dialog = nullptr;
}

void Tour::next()
{
    do {
        ++m_at;
    } while (m_at < m_stops.size() && m_stops[m_at].applies && !m_stops[m_at].applies());
    if (m_at == m_stops.size()) {
        emit finished(m_problems.join(u'\n'));
        return;
    }
    m_waited = 0;
    m_themeAt = 0;
    if (m_stops[m_at].arrange)
        m_stops[m_at].arrange();
    m_timer.start();
}

void Tour::check()
{
    m_waited += pollMilliseconds;
    const TourStop &stop = m_stops[m_at];
    const bool ready = !stop.ready || stop.ready();
    if (!ready && m_waited < patienceMilliseconds)
        return;
    m_timer.stop();
    if (!ready)
        m_problems.append(tr("%1: what it is to show did not come within %n second(s)", nullptr, patienceMilliseconds / 1000)
                .arg(stop.name));
    QTimer::singleShot(stop.name.isEmpty() ? 0 : settleMilliseconds, this, &Tour::take);
}

void Tour::take()
{
    const TourStop &stop = m_stops[m_at];
    if (!stop.name.isEmpty()) {
        const QString theme = m_theme.scheme() == Scheme::Dark ? u"dark"_s : u"light"_s;
        if (QWidget *subject = stop.subject ? stop.subject() : window())
            shoot(*subject, u"%1-%2.png"_s.arg(stop.name, theme));
        else
            m_problems.append(tr("%1: there was nothing to photograph").arg(stop.name));
        if (++m_themeAt < m_line.themes.size()) {
            m_theme.apply(m_line.themes[m_themeAt]);
            QTimer::singleShot(themeMilliseconds, this, &Tour::take);
            return;
        }
    }
    if (stop.leave)
        stop.leave();
    m_theme.apply(m_line.themes.constFirst());
    next();
}

void Tour::shoot(QWidget &subject, const QString &name)
{
    const QSize size = subject.size();
    QPixmap picture(size * m_line.scale);
    picture.setDevicePixelRatio(m_line.scale);
    picture.fill(Qt::transparent);
    subject.render(&picture);
    // Menus and modal dialogs are windows of their own; they belong into the picture of the window that they cover.
    if (&subject == window()) {
        for (QDialog *dialog : subject.findChildren<QDialog *>()) {
            if (!dialog->isVisible() || !dialog->isWindow())
                continue;
            const QPoint at((size.width() - dialog->width()) / 2, std::max(0, (size.height() - dialog->height()) / 2));
            QPainter painter(&picture);
            painter.fillRect(QRect(QPoint(), size), QColor(0, 0, 0, 90));
            painter.fillRect(QRect(at, dialog->size()), dialog->palette().window());
            painter.setPen(tokenColor(Token::BorderStrong, dialog->palette()));
            painter.drawRect(QRect(at, dialog->size()).adjusted(-1, -1, 0, 0));
            painter.end();
            dialog->render(&picture, at);
        }
        for (QMenu *menu : subject.findChildren<QMenu *>())
            if (menu->isVisible())
                menu->render(&picture, subject.mapFromGlobal(menu->pos()));
    }
    const QString path = m_folder.filePath(name);
    if (!picture.save(path, "PNG"))
        m_problems.append(tr("%1 could not be written").arg(path));
}

} // namespace countersign
