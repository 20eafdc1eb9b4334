#include "app/console/approvalstour.h"

#include "app/console/application.h"
#include "backend/types/strings.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/mismatchdialog.h"
#include "ui/pages/approvals/pinentry.h"
#include "ui/pages/approvals/queueview.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/statementdialog.h"
#include "ui/pages/approvals/stepform.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QToolButton>

namespace countersign {

namespace {

constexpr int stillSeconds = 10; ///< how long the chain stands still, so that an execution is seen on its way

} // namespace

ApprovalsTour::ApprovalsTour(Application &application, QObject *parent)
    : QObject(parent)
    , m_application(application)
{
}

QVector<TourStop> ApprovalsTour::stops()
{
    planComposing();
    const qsizetype from = m_stops.size();
    planSigning();
    planSaying();
    planExecution();
    for (qsizetype at = from; at < m_stops.size(); ++at)
        if (!m_stops[at].applies)
            m_stops[at].applies = [this] { return deciding().queue().rowCount() > 0; };
    planSiblings();
    planTrouble();
    return m_stops;
}

void ApprovalsTour::planComposing()
{
    show(u"approvals"_s, [this] { m_application.window().showPage(u"approvals"_s); },
        [this] { return deciding().board().facts(m_application.environment().chains.value(0).chainId) != nullptr; });
    show(u"approvals-compose-empty"_s, [this] { page().compose({}); });
    show(u"approvals-compose-problems"_s,
        [this] {
            ComposeView *compose = page().composeView();
            compose->addStep(DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, {}}});
            compose->addStep(RegisterAdapterAction{u"#1"_s, u"treasury"_s, u"0x123"_s});
        },
        [this] { return !page().composeView()->problems().isEmpty(); });
    m_stops.append(composed(u"approvals-compose-deploy"_s, [this] {
        ComposeRequest request;
        request.rationale = tr("A vault of its own for the settlement desk.");
        request.actions
            = {DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, party(false)}}};
        return request;
    }));
    m_stops.append(composed(u"approvals-compose"_s, [this] {
        ComposeRequest request;
        request.rationale = tr("The desk's key was seen in a support log.");
        request.actions = {RevokeKeyAction{{}, party(true)}};
        return request;
    }));
    done(u"approvals-propose"_s, {}, [this] { return page().publish(); });
}

void ApprovalsTour::planSigning()
{
    show(u"approvals-queue"_s, [this] { page().showQueue(); });
    show(u"approvals-review"_s,
        [this] { page().openReview(deciding().queue().entry(0).item.id()); }, [this] { return isReviewed(); });
    show(u"approvals-menu"_s, [this] {
        const QToolButton *more = page().reviewView()->moreButton();
        const QSize size = more->menu()->sizeHint();
        more->menu()->popup(more->mapToGlobal(QPoint(more->width() - size.width(), -size.height())));
    });
    m_stops.last().leave = [this] { page().reviewView()->moreButton()->menu()->close(); };
}

void ApprovalsTour::planSaying()
{
    opened(u"approvals-mismatch"_s, [this] { return page().reportMismatch(); });
    opened(u"approvals-send"_s, [this] { return page().send(); });
    opened(u"approvals-import"_s, [this] { return page().import(); });
    opened(u"approvals-announce-key"_s, [this] { return page().announceKey(); });
    done(u"approvals-acknowledge"_s, u"carol"_s, [this]() -> QDialog * {
        const std::optional<Review> &review = deciding().reviewModel().review();
        return review ? page().acknowledge(review->chainId, review->safe) : nullptr;
    });
    done(u"approvals-note"_s, u"bob"_s, [this] { return page().say(StatementKind::Note); },
        [](FlowDialog &dialog) {
            if (auto *note = qobject_cast<StatementDialog *>(&dialog))
                note->textEdit()->setPlainText(tr("The desk confirmed by telephone that it uses the new key since Friday."));
        });
}

void ApprovalsTour::planExecution()
{
    const auto compare = [this](FlowDialog &dialog) {
        const std::optional<Review> &review = deciding().reviewModel().review();
        auto *sign = qobject_cast<SignDialog *>(&dialog);
        if (!sign || !review)
            return;
        const QString hash = review->hashes.safeTx.toString();
        sign->firstEdit(ComparedHash::SafeTx)->setText(hash.sliced(2, 4).toUpper());
        sign->lastEdit(ComparedHash::SafeTx)->setText(hash.last(4).toUpper());
    };
    const auto stands = [this](ProposalStage stage) {
        return [this, stage] { return !acts() || (hasStage(m_made.value(0), stage) && isReviewed()); };
    };
    done(u"approvals-sign"_s, u"alice"_s, [this] { return page().sign(); }, compare);
    show(u"approvals-collecting"_s, {}, stands(ProposalStage::Collecting));
    done(u"approvals-sign-second"_s, u"bob"_s, [this] { return page().sign(); }, compare);
    show(u"approvals-ready"_s, {}, stands(ProposalStage::Ready));
    m_stops.append({.name = u"approvals-execute"_s,
        .arrange =
            [this] {
                m_dialog = page().execute();
                if (auto *execute = qobject_cast<FlowDialog *>(m_dialog))
                    typePin(*execute);
            },
        .ready =
            [this] {
                auto *execute = qobject_cast<FlowDialog *>(m_dialog);
                return !acts() || (execute && execute->goButton()->isEnabled());
            },
        .leave =
            [this] {
                if (!acts())
                    closeDialog();
            },
        .applies = [this] { return page().reviewView()->executeButton()->isVisible(); }});
    // The chain stands still for a while: else the block is there before the picture.
    m_stops.append({.name = u"approvals-executing"_s,
        .arrange =
            [this] {
                const PracticeSettings &practice = *m_application.environment().practice;
                QProcess::startDetached(QDir(QCoreApplication::applicationDirPath()).filePath(u"countersign-practice"_s),
                    {u"fault"_s, u"--data"_s, QFileInfo(practice.control).absolutePath(), u"stop-blocks"_s,
                        QString::number(stillSeconds), m_application.environment().chains.value(0).name});
            },
        .ready =
            [this] {
                auto *execute = qobject_cast<FlowDialog *>(m_dialog);
                if (execute && !execute->isRunning() && execute->goButton()->isEnabled())
                    execute->goButton()->click();
                return hasStage(m_made.value(0), ProposalStage::Executing);
            },
        .applies = [this] { return acts(); }});
    m_stops.append({.name = u"approvals-execute-done"_s,
        .ready =
            [this] {
                auto *execute = qobject_cast<FlowDialog *>(m_dialog);
                return !execute || execute->isFinished();
            },
        .leave = [this] { closeDialog(); },
        .applies = [this] { return acts(); }});
    show(u"approvals-executed"_s, {}, stands(ProposalStage::Executed));
    m_stops.last().applies = [this] { return acts(); };
    show(u"approvals-queue-done"_s, [this] { page().showQueue(); });
}

// Two chains, one question: what does the same there is shown beside it.
void ApprovalsTour::planSiblings()
{
    const auto twoChains = [this] { return acts() && m_application.environment().chains.size() > 1; };
    const qsizetype from = m_stops.size();
    m_stops.append(composed(u"approvals-compose-chains"_s, [this] {
        ComposeRequest request;
        request.rationale = tr("The same vault on both chains, at one address.");
        for (const ChainSettings &chain : m_application.environment().chains)
            request.chains.append(chain.chainId);
        request.actions = {DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, party(false)}}};
        return request;
    }));
    done(u"approvals-propose-chains"_s, u"alice"_s, [this] { return page().publish(); });
    show(u"approvals-siblings"_s, {}, [this] { return isReviewed(); });
    for (qsizetype at = from; at < m_stops.size(); ++at)
        m_stops[at].applies = twoChains;
}

void ApprovalsTour::planTrouble()
{
    const qsizetype from = m_stops.size();
    const auto pause = [this](qsizetype vault) {
        ComposeRequest request;
        const ChainSettings chain = m_application.environment().chains.value(0);
        request.rationale = tr("Until the desk has answered.");
        request.actions = {PauseAction{chain.vaults.value(vault).name}};
        request.chains = {chain.chainId};
        // Both use the nonce that is next: only one of them can ever be executed.
        if (const SafeFacts *facts = deciding().board().facts(chain.chainId))
            request.nonce = facts->state.nonce;
        return request;
    };
    publish([pause] { return pause(0); });
    publish([pause] { return pause(1); });
    show(u"approvals-rivals"_s, [this] { page().showQueue(); });
    show(u"approvals-rival-review"_s, [this] { page().openReview(m_made.last()); }, [this] { return isReviewed(); });
    done(u"approvals-reject"_s, u"bob"_s, [this] { return page().say(StatementKind::Rejection); },
        [](FlowDialog &dialog) {
            if (auto *reject = qobject_cast<StatementDialog *>(&dialog))
                reject->textEdit()->setPlainText(tr("The other proposal stops the right vault."));
        });
    done(u"approvals-incident"_s, u"carol"_s, [this] { return page().reportMismatch(); },
        [](FlowDialog &dialog) {
            if (auto *mismatch = qobject_cast<MismatchDialog *>(&dialog))
                mismatch->shownEdit()->setText(u"0x"_s + QString(u'6').repeated(64));
        });
    show(u"approvals-closed"_s, {}, [this] { return isReviewed(); });
    opened(u"approvals-incident-close"_s, [this] { return page().closeIncident(); });
    // Somebody with access to the folder takes the latest entry out of it.
    show(u"approvals-alarm"_s,
        [this] {
            page().showQueue();
            const QDir folder(m_application.environment().proposals);
            const QFileInfoList files = folder.entryInfoList(QDir::Files, QDir::Time);
            if (!files.isEmpty())
                QFile::remove(files.constFirst().absoluteFilePath());
            deciding().refresh();
        },
        [this] { return !deciding().exchange().snapshot().alarms.isEmpty(); });
    for (qsizetype at = from; at < m_stops.size(); ++at)
        m_stops[at].applies = [this] { return acts(); };
}

TourStop ApprovalsTour::composed(const QString &name, const std::function<ComposeRequest()> &request)
{
    return {.name = name,
        .arrange = [this, request] { page().compose(request()); },
        .ready = [this] { return !page().composeView()->proposals().isEmpty(); }};
}

void ApprovalsTour::opened(const QString &name, const std::function<QDialog *()> &open)
{
    m_stops.append({.name = name, .arrange = [this, open] { m_dialog = open(); }, .leave = [this] { closeDialog(); }});
}

void ApprovalsTour::done(const QString &name, const QString &holder, const std::function<QDialog *()> &open,
    const std::function<void(FlowDialog &)> &fill)
{
    m_stops.append({.name = name,
        .arrange =
            [this, holder, open, fill] {
                if (acts() && !holder.isEmpty())
                    deciding().chooseHolder(holder);
                m_dialog = open();
                auto *flow = qobject_cast<FlowDialog *>(m_dialog);
                if (flow && fill)
                    fill(*flow);
                if (flow)
                    typePin(*flow);
            },
        .ready =
            [this] {
                auto *flow = qobject_cast<FlowDialog *>(m_dialog);
                return !acts() || (flow && flow->goButton()->isEnabled());
            },
        .leave =
            [this] {
                if (!acts())
                    closeDialog();
            }});
    m_stops.append({.name = name + u"-done"_s,
        .ready = [this] { return press(); },
        .leave =
            [this] {
                closeDialog();
                if (const Hash32 made = newest(); made != Hash32())
                    m_made.append(made);
            },
        .applies = [this] { return acts(); }});
}

void ApprovalsTour::publish(const std::function<ComposeRequest()> &request)
{
    m_stops.append(composed({}, request));
    done({}, u"alice"_s, [this] { return page().publish(); });
    m_stops.last().name.clear();
}

void ApprovalsTour::show(
    const QString &name, const std::function<void()> &arrange, const std::function<bool()> &ready)
{
    m_stops.append({.name = name, .arrange = arrange, .ready = ready});
}

// Only the practice network lays its PINs beside its environment; nowhere else does the tour hold one.
bool ApprovalsTour::acts() const
{
    const Environment &environment = m_application.environment();
    return environment.kind == EnvironmentKind::Practice && environment.practice && !environment.proposals.isEmpty();
}

bool ApprovalsTour::isReviewed() const
{
    const ReviewModel::State state = deciding().reviewModel().state();
    return state == ReviewModel::State::Ready || state == ReviewModel::State::Failed;
}

bool ApprovalsTour::hasStage(const Hash32 &id, ProposalStage stage) const
{
    const int row = deciding().queue().rowOf(id);
    return row >= 0 && deciding().queue().entry(row).standing.stage == stage;
}

Hash32 ApprovalsTour::newest() const
{
    for (int row = 0; row < deciding().queue().rowCount(); ++row)
        if (const Hash32 id = deciding().queue().entry(row).item.id(); !m_made.contains(id))
            return id;
    return {};
}

bool ApprovalsTour::press()
{
    auto *flow = qobject_cast<FlowDialog *>(m_dialog);
    if (!flow)
        return true;
    if (flow->goButton()->isEnabled() && !flow->isRunning() && !flow->isFinished())
        flow->goButton()->click();
    return flow->isFinished();
}

bool ApprovalsTour::typePin(const FlowDialog &dialog) const
{
    if (!acts())
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
            QCoreApplication::sendEvent(dialog.pinEntry(), &press);
        }
        return true;
    }
    return false;
}

void ApprovalsTour::closeDialog()
{
    if (m_dialog)
        m_dialog->close();
    m_dialog = nullptr;
}

QString ApprovalsTour::party(bool last) const
{
    const QVector<PartySettings> &parties = m_application.environment().parties;
    if (parties.isEmpty())
        return {};
    return last ? parties.constLast().name : parties.constFirst().name;
}

ApprovalsPage &ApprovalsTour::page() const
{
    return *m_application.approvalsPage();
}

Deciding &ApprovalsTour::deciding() const
{
    return m_application.deciding();
}

} // namespace countersign
