#include "app/console/toursteps.h"

#include "app/console/application.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/signdialog.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace countersign {

TourSteps::TourSteps(Application &application, QObject *parent)
    : QObject(parent)
    , m_application(application)
{
}

void TourSteps::show(const QString &name, const std::function<void()> &arrange, const std::function<bool()> &ready)
{
    m_stops.append({.name = name, .arrange = arrange, .ready = ready});
}

void TourSteps::compose(const QString &name, const Request &request)
{
    show(name, [this, request] { page().compose(request()); },
        [this] { return !page().composeView()->proposals().isEmpty(); });
}

void TourSteps::open(const QString &name, const Opening &opening)
{
    m_stops.append(
        {.name = name, .arrange = [this, opening] { m_dialog = opening(); }, .leave = [this] { closeDialog(); }});
}

void TourSteps::act(const QString &name, const QString &holder, const Opening &opening, const Filling &fill)
{
    m_stops.append({.name = name,
        .arrange =
            [this, holder, opening, fill] {
                if (acts() && !holder.isEmpty())
                    deciding().chooseHolder(holder);
                m_dialog = opening();
                if (flow() && fill)
                    fill(*flow());
                typePin();
            },
        .ready = [this] { return !acts() || (flow() && flow()->goButton()->isEnabled()); },
        .leave =
            [this] {
                if (!acts())
                    closeDialog();
            }});
    m_stops.append({.name = name.isEmpty() ? QString() : name + u"-done"_s,
        .ready = [this] { return press(); },
        .leave = [this] { closeDialog(); },
        .applies = [this] { return acts(); }});
}

void TourSteps::propose(int id, const Request &request)
{
    compose({}, request);
    proposeComposed({}, id, u"alice"_s);
}

void TourSteps::proposeComposed(const QString &name, int id, const QString &holder)
{
    act(name, holder, [this] { return page().publish(); });
    const auto leave = std::exchange(m_stops.last().leave, {});
    m_stops.last().leave = [this, id, leave] {
        leave();
        for (int row = 0; row < deciding().queue().rowCount(); ++row) {
            const Hash32 one = deciding().queue().entry(row).item.id();
            if (m_known.contains(one))
                continue;
            m_known.insert(one);
            // Of several chains: the environment's first.
            const ChainId first = m_application.environment().chains.constFirst().chainId;
            if (!m_made.contains(id) || deciding().queue().entry(row).item.proposal.chainId == first)
                m_made.insert(id, one);
        }
    };
}

void TourSteps::sign(const QString &holder)
{
    act({}, holder, [this] { return page().sign(); }, [this](FlowDialog &dialog) { compareHash(dialog); });
}

void TourSteps::execute(const QString &holder)
{
    act({}, holder, [this] { return page().execute(); });
}

void TourSteps::fault(const std::function<QStringList()> &words)
{
    show({},
        [this, words] {
            const PracticeSettings &practice = *m_application.environment().practice;
            m_fault.setStandardOutputFile(QProcess::nullDevice());
            m_fault.start(QDir(QCoreApplication::applicationDirPath()).filePath(u"countersign-practice"_s),
                QStringList{u"fault"_s, u"--data"_s, QFileInfo(practice.control).absolutePath()} + words());
        },
        [this] { return m_fault.state() == QProcess::NotRunning && m_fault.exitCode() == 0; });
}

void TourSteps::ask(const std::function<QList<JsonRpcCall>()> &calls)
{
    show({}, [this, calls] { spawn(runAsk(calls())); }, [this] { return m_answered; });
}

QCoro::Task<> TourSteps::runAsk(QList<JsonRpcCall> calls)
{
    const std::stop_token stop = m_scope.token();
    m_answered = false;
    JsonRpcClient node(m_application.environment().chains.constFirst().rpc.constFirst());
    const auto answers = co_await node.batch(std::move(calls), stop);
    if (stop.stop_requested())
        co_return;
    m_answered = answers && std::ranges::all_of(*answers, [](const JsonRpcResult &answer) { return answer.has_value(); });
}

void TourSteps::restrict(qsizetype stop, const std::function<bool()> &condition)
{
    for (; stop < m_stops.size(); ++stop)
        m_stops[stop].applies = [condition, own = m_stops[stop].applies] { return condition() && (!own || own()); };
}

// Only the practice network lays its PINs beside its environment; nowhere else does the tour hold one.
bool TourSteps::acts() const
{
    const Environment &environment = m_application.environment();
    return environment.kind == EnvironmentKind::Practice && environment.practice && !environment.proposals.isEmpty();
}

bool TourSteps::isReviewed() const
{
    const ReviewModel::State state = deciding().reviewModel().state();
    return state == ReviewModel::State::Ready || state == ReviewModel::State::Failed;
}

bool TourSteps::hasStage(int id, ProposalStage stage) const
{
    const int row = deciding().queue().rowOf(made(id));
    return row >= 0 && deciding().queue().entry(row).standing.stage == stage;
}

void TourSteps::note(int id, const Hash32 &proposal)
{
    m_known.insert(proposal);
    m_made.insert(id, proposal);
}

FlowDialog *TourSteps::flow() const
{
    return qobject_cast<FlowDialog *>(m_dialog);
}

bool TourSteps::press()
{
    FlowDialog *dialog = flow();
    if (!dialog)
        return true;
    // Once: what failed is to be seen.
    if (m_pressed != dialog && dialog->goButton()->isEnabled()) {
        m_pressed = dialog;
        dialog->goButton()->click();
    }
    return dialog->isFinished();
}

bool TourSteps::typePin()
{
    if (!acts() || !flow())
        return false;
    QFile file(m_application.environment().practice->pins);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray name = deciding().holder().toUtf8() + ' ';
    while (!file.atEnd()) {
        const QByteArray line = file.readLine(200).trimmed();
        if (!line.startsWith(name))
            continue;
        const QByteArray keys = line.sliced(name.size());
        for (const char key : keys) {
            QKeyEvent press(QEvent::KeyPress, Qt::Key_unknown, Qt::NoModifier, QString(QLatin1Char(key)));
            QCoreApplication::sendEvent(flow()->pinEntry(), &press);
        }
        return true;
    }
    return false;
}

void TourSteps::closeDialog()
{
    if (m_dialog)
        m_dialog->close();
    m_dialog = nullptr;
}

void TourSteps::compareHash(FlowDialog &dialog) const
{
    const std::optional<Review> &review = deciding().reviewModel().review();
    auto *sign = qobject_cast<SignDialog *>(&dialog);
    if (!sign || !review)
        return;
    const QString hash = review->hashes.safeTx.toString();
    sign->firstEdit(ComparedHash::SafeTx)->setText(hash.sliced(2, 4).toUpper());
    sign->lastEdit(ComparedHash::SafeTx)->setText(hash.last(4).toUpper());
}

ApprovalsPage &TourSteps::page() const
{
    return *m_application.approvalsPage();
}

Deciding &TourSteps::deciding() const
{
    return m_application.deciding();
}

} // namespace countersign
