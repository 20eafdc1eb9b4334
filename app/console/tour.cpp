#include "app/console/tour.h"

#include "app/console/application.h"
#include "app/console/startproblem.h"
#include "backend/types/strings.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/proposedialog.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/pages/intents/intentspage.h"
#include "ui/pages/journal/journalpage.h"
#include "ui/shell/actionregistry.h"
#include "ui/shell/page.h"
#include "ui/shell/shortcutsdialog.h"
#include "ui/widgets/confirmdialog.h"
#include "ui/widgets/datatable.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFile>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QPlainTextEdit>
#include <QPushButton>

namespace countersign {

namespace {

constexpr int pollMilliseconds = 100;
constexpr int settleMilliseconds = 400; ///< what arrives between "ready" and the picture
constexpr int patienceMilliseconds = 20'000;

} // namespace

Tour::Tour(Application &application, Theme &theme, const CommandLine &line, QObject *parent)
    : QObject(parent)
    , m_application(application)
    , m_theme(theme)
    , m_line(line)
    , m_folder(line.tour)
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
    m_theme.apply(m_line.themes[m_themeAt]);
    next();
}

void Tour::plan()
{
    MainWindow &shell = m_application.window();
    const auto always = [] { return true; };
    const auto whole = [this] { return window(); };
    const auto page = [this, &shell](const QString &id) {
        return [this, &shell, id] {
            shell.showPage(id);
            window()->setFocus();
        };
    };
    const auto flowing = [this] { return m_application.observing().store().size() > 20; };
    m_stops.append({u"overview"_s, page(u"overview"_s),
        [this, flowing] {
            return flowing() && m_application.observing().overview().hasLeader()
                && m_application.observing().sources().worst() == Tone::Good;
        },
        whole, {}});
    m_stops.append({u"source-details"_s,
        [this, &shell] {
            if (!m_application.observing().sources().statuses().isEmpty())
                shell.showSource(m_application.observing().sources().statuses().first().id);
        },
        always, whole, [&shell] { shell.actions().action(u"view.close"_s)->trigger(); }});
    m_stops.append({u"intents"_s, page(u"intents"_s), flowing, whole, {}});
    m_stops.append({u"intents-timeline"_s,
        [this] {
            DataTable *table = m_application.intentsPage()->table();
            const int row = std::min(4, table->model()->rowCount() - 1);
            table->setCurrentIndex(table->model()->index(row, IntentTableModel::IdColumn));
        },
        always, whole, [this] { m_application.intentsPage()->closeInnermost(); }});
    m_stops.append({u"intents-filtered"_s,
        [this] { m_application.intentsPage()->setFilterText(u"state:acknowledged,failed -action:none"_s); }, always,
        whole, {}});
    m_stops.append({u"intents-filter-error"_s, [this] { m_application.intentsPage()->setFilterText(u"age:>soon"_s); },
        always, whole, {}});
    m_stops.append(
        {u"intents-empty"_s, [this] { m_application.intentsPage()->setFilterText(u"party:nobody-of-that-name"_s); },
            always, whole, [this] { m_application.intentsPage()->setFilterText({}); }});
    planApprovals();
    m_stops.append({u"journal"_s, page(u"journal"_s),
        [this] { return m_application.journal().status().state != JournalStatus::State::Opening; }, whole, {}});
    m_stops.append({u"journal-details"_s,
        [this] {
            auto *table = m_application.journalPage()->findChild<DataTable *>();
            table->setCurrentIndex(table->model()->index(0, JournalModel::TextColumn));
        },
        always, whole, [this] { m_application.journalPage()->closeInnermost(); }});
    m_stops.append({u"journal-successor"_s,
        [this] {
            m_dialog = new ConfirmDialog(
                {tr("Go on in a new journal"),
                    tr("The damaged file is kept beside the new one, under a name that says so. The new "
                       "journal is linked to its last good row."),
                    tr("Row 17 does not fit the row before it."), tr("Keep the old file and go on"), {}},
                window());
            m_dialog->open();
        },
        always, whole, [this] { closeDialog(); }});
    m_stops.append({u"palette"_s,
        [&shell] {
            shell.showPage(u"overview"_s);
            shell.commandPalette().open(u"th"_s);
        },
        always, whole, [&shell] { shell.actions().action(u"view.close"_s)->trigger(); }});
    m_stops.append({u"keyboard"_s,
        [this, &shell] {
            m_dialog = new ShortcutsDialog(shell.actions(), window());
            m_dialog->open();
        },
        always, whole, [this] { closeDialog(); }});
    m_stops.append(
        {u"log"_s, [&shell] { shell.setLogVisible(true); }, always, whole, [&shell] { shell.setLogVisible(false); }});
    m_stops.append({u"start-problem"_s,
        [this] {
            const auto bad = Environment::parse(
                "version: 1\nname: treasury\nkind: prodction\nchains:\n  - name: ethereum\n    chainId: many\n",
                u"treasury.yaml"_s);
            m_dialog = new StartProblem(u"treasury.yaml"_s, bad ? Error{} : bad.error(), window());
            m_dialog->open();
        },
        always, [this]() -> QWidget * { return m_dialog; }, [this] { closeDialog(); }});
}

void Tour::planApprovals()
{
    MainWindow &shell = m_application.window();
    const auto always = [] { return true; };
    const auto whole = [this] { return window(); };
    const auto hasProposal = [this] { return m_application.deciding().queue().rowCount() > 0; };
    m_stops.append({u"approvals"_s, [&shell] { shell.showPage(u"approvals"_s); },
        [this] {
            return m_application.deciding().board().facts(m_application.environment().chains.value(0).chainId)
                != nullptr;
        },
        whole, {}});
    m_stops.append({u"approvals-compose-empty"_s, [this] { m_application.approvalsPage()->compose({}); }, always, whole, {}});
    m_stops.append({u"approvals-compose-problems"_s,
        [this] {
            ComposeView *compose = m_application.approvalsPage()->composeView();
            compose->addStep(DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, {}}});
            compose->addStep(RegisterAdapterAction{u"#1"_s, u"treasury"_s, u"0x123"_s});
        },
        [this] { return !m_application.approvalsPage()->composeView()->problems().isEmpty(); }, whole, {}});
    m_stops.append({u"approvals-compose-deploy"_s,
        [this] {
            ComposeRequest request;
            request.rationale = tr("A vault of its own for the settlement desk.");
            const QVector<PartySettings> &parties = m_application.environment().parties;
            request.actions = {DeployAction{.artifact = u"CantonDeFiVault"_s,
                .arguments = {u"registry"_s, parties.isEmpty() ? QString() : parties.first().name}}};
            m_application.approvalsPage()->compose(request);
        },
        [this] { return !m_application.approvalsPage()->composeView()->proposals().isEmpty(); }, whole, {}});
    m_stops.append({u"approvals-compose"_s,
        [this] {
            ComposeRequest request;
            request.rationale = tr("The desk's key was seen in a support log.");
            const QVector<PartySettings> &parties = m_application.environment().parties;
            request.actions = {RevokeKeyAction{{}, parties.isEmpty() ? QString() : parties.last().name}};
            m_application.approvalsPage()->compose(request);
        },
        [this] { return !m_application.approvalsPage()->composeView()->proposals().isEmpty(); }, whole, {}});
    m_stops.append({u"approvals-propose"_s,
        [this, hasProposal] {
            m_dialog = m_application.approvalsPage()->publish();
            auto *propose = qobject_cast<ProposeDialog *>(m_dialog);
            m_acts = propose && !hasProposal() && typePin(*propose);
        },
        [this] {
            auto *propose = qobject_cast<ProposeDialog *>(m_dialog);
            if (!m_acts || !propose)
                return true;
            if (propose->goButton()->isEnabled() && !propose->isFinished())
                propose->goButton()->click();
            return propose->isFinished();
        },
        whole,
        [this] {
            closeDialog();
            m_application.approvalsPage()->showQueue();
        }});
    m_stops.append({u"approvals-queue"_s, {}, [this, hasProposal] { return !m_acts || hasProposal(); }, whole, {}});
    m_stops.append({u"approvals-review"_s,
        [this, hasProposal] {
            if (hasProposal())
                m_application.approvalsPage()->openReview(m_application.deciding().queue().entry(0).item.id());
        },
        [this, hasProposal] {
            return !hasProposal() || m_application.deciding().reviewModel().state() == ReviewModel::State::Ready
                || m_application.deciding().reviewModel().state() == ReviewModel::State::Failed;
        },
        whole, {}});
    m_stops.append({u"approvals-sign"_s,
        [this, hasProposal] {
            if (hasProposal())
                m_dialog = m_application.approvalsPage()->sign();
            const std::optional<Review> &review = m_application.deciding().reviewModel().review();
            if (auto *sign = qobject_cast<SignDialog *>(m_dialog); sign && review) {
                const QString hash = review->hashes.safeTx.toString();
                sign->firstEdit(ComparedHash::SafeTx)->setText(hash.sliced(2, 4).toUpper());
                sign->lastEdit(ComparedHash::SafeTx)->setText(hash.last(4).toUpper());
                typePin(*sign);
            }
        },
        always, whole, [this] { closeDialog(); }});
    const auto opens = [this](const QString &name, std::function<QDialog *(ApprovalsPage &)> open) {
        m_stops.append({name, [this, open = std::move(open)] { m_dialog = open(*m_application.approvalsPage()); },
            [] { return true; }, [this] { return window(); }, [this] { closeDialog(); }});
    };
    opens(u"approvals-mismatch"_s, [](ApprovalsPage &page) { return page.reportMismatch(); });
    opens(u"approvals-reject"_s, [](ApprovalsPage &page) { return page.say(StatementKind::Rejection); });
    opens(u"approvals-note"_s, [](ApprovalsPage &page) { return page.say(StatementKind::Note); });
    opens(u"approvals-send"_s, [](ApprovalsPage &page) { return page.send(); });
    opens(u"approvals-import"_s, [](ApprovalsPage &page) { return page.import(); });
    m_stops.append({u"approvals-execute"_s,
        [this, hasProposal] {
            if (hasProposal())
                m_dialog = m_application.approvalsPage()->execute();
        },
        always, whole,
        [this] {
            closeDialog();
            m_application.approvalsPage()->showQueue();
        }});
}

bool Tour::typePin(const FlowDialog &dialog)
{
    // Only the practice network lays its PINs beside its environment; nowhere else does the tour hold one.
    const Environment &environment = m_application.environment();
    if (environment.kind != EnvironmentKind::Practice || !environment.practice)
        return false;
    QFile file(environment.practice->pins);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray name = m_application.deciding().holder().toUtf8() + ' ';
    while (!file.atEnd()) {
        const QByteArray line = file.readLine(200).trimmed();
        if (!line.startsWith(name))
            continue;
        const QByteArray keys = line.sliced(name.size());
        for (const char key : keys) {
            QKeyEvent press(QEvent::KeyPress, Qt::Key_unknown, Qt::NoModifier, QString(QLatin1Char(key)));
            QCoreApplication::sendEvent(dialog.pinEntry(), &press);
        }
        return true;
    }
    return false;
}

void Tour::closeDialog()
{
    if (m_dialog)
        m_dialog->close();
    m_dialog = nullptr;
}

void Tour::next()
{
    ++m_at;
    if (m_at == m_stops.size()) {
        ++m_themeAt;
        if (m_themeAt == m_line.themes.size()) {
            m_timer.stop();
            emit finished(m_problems.join(u'\n'));
            return;
        }
        m_at = 0;
        m_theme.apply(m_line.themes[m_themeAt]);
    }
    m_waited = 0;
    if (m_stops[m_at].arrange)
        m_stops[m_at].arrange();
    m_timer.start();
}

void Tour::check()
{
    m_waited += pollMilliseconds;
    const bool ready = m_stops[m_at].ready();
    if (!ready && m_waited < patienceMilliseconds)
        return;
    m_timer.stop();
    QTimer::singleShot(settleMilliseconds, this, &Tour::take);
}

void Tour::take()
{
    const Stop &stop = m_stops[m_at];
    const QString theme = m_theme.scheme() == Scheme::Dark ? u"dark"_s : u"light"_s;
    if (QWidget *subject = stop.subject())
        shoot(*subject, u"%1-%2.png"_s.arg(stop.name, theme));
    else
        m_problems.append(tr("%1: there was nothing to photograph").arg(stop.name));
    if (stop.leave)
        stop.leave();
    next();
}

void Tour::shoot(QWidget &subject, const QString &name)
{
    const QSize size = subject.size();
    QPixmap picture(size * m_line.scale);
    picture.setDevicePixelRatio(m_line.scale);
    picture.fill(Qt::transparent);
    subject.render(&picture);
    // A modal dialog is a window of its own; it belongs into the picture of the window that it covers.
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
    }
    const QString path = m_folder.filePath(name);
    if (!picture.save(path, "PNG"))
        m_problems.append(tr("%1 could not be written").arg(path));
}

} // namespace countersign
