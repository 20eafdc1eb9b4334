#include "app/console/approvalstour.h"

#include "app/console/application.h"
#include "backend/evm/selector.h"
#include "backend/safe/safecalls.h"
#include "backend/safe/safehash.h"
#include "backend/safe/safesignature.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"
#include "ui/pages/approvals/approvalspage.h"
#include "ui/pages/approvals/carrydialogs.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/delegatesdialog.h"
#include "ui/pages/approvals/dependencychooser.h"
#include "ui/pages/approvals/documentsdialog.h"
#include "ui/pages/approvals/environmentdialog.h"
#include "ui/pages/approvals/flowdialog.h"
#include "ui/pages/approvals/mismatchdialog.h"
#include "ui/pages/approvals/overridedialog.h"
#include "ui/pages/approvals/proposalform.h"
#include "ui/pages/approvals/queueview.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/statementdialog.h"
#include "ui/pages/approvals/stepform.h"
#include "ui/pages/approvals/tokendialog.h"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <chrono>

namespace countersign {

namespace {

constexpr int stillSeconds = 10; ///< how long the chain stands still, so that an execution is seen on its way
constexpr quint64 burntGas = 45'746; ///< as in the transaction that took Bybit's Safe
constexpr std::chrono::seconds shortLife(10); ///< of the proposal that expires

} // namespace

QVector<TourStop> ApprovalsTour::stops()
{
    planComposing();
    const qsizetype asked = m_stops.size();
    planReview();
    planSaying();
    planSigning();
    planExecution();
    restrict(asked, [this] { return deciding().queue().rowCount() > 0; });
    const qsizetype twoChains = m_stops.size();
    planSiblings();
    planSealing();
    planFailure();
    planBurning();
    restrict(twoChains, [this] { return acts() && m_application.environment().chains.size() > 1; });
    const qsizetype trouble = m_stops.size();
    planRivals();
    planEndings();
    planAlarm();
    restrict(trouble, [this] { return acts(); });
    return m_stops;
}

void ApprovalsTour::planComposing()
{
    show(u"approvals"_s, [this] { m_application.window().showPage(u"approvals"_s); },
        [this] { return m_application.environment().chains.isEmpty() || deciding().board().facts(chain().chainId); });
    show(u"approvals-compose-empty"_s, [this] { page().compose({}); });
    show(u"approvals-compose-problems"_s,
        [this] {
            ComposeView *compose = page().composeView();
            compose->addStep(DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, {}}});
            compose->addStep(RegisterAdapterAction{u"#1"_s, u"treasury"_s, u"0x123"_s});
        },
        [this] { return !page().composeView()->problems().isEmpty(); });
    compose(u"approvals-compose-deploy"_s, [this] {
        ComposeRequest request;
        request.rationale = tr("A vault of its own for the settlement desk.");
        request.actions
            = {DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, party(false)}}};
        return request;
    });
    m_stops.last().leave = [this] {
        if (acts())
            page().composeView()->keep(); // a draft, to be seen in the queue
    };
    open(u"approvals-attach"_s, [this] {
        page().composeView()->about()->documentsButton()->click();
        return page().findChild<DocumentsDialog *>();
    });
    compose(u"approvals-compose"_s, [this] {
        ComposeRequest request;
        request.rationale = tr("The desk's key was seen in a support log.");
        request.actions = {RevokeKeyAction{{}, party(true)}};
        return request;
    });
    proposeComposed(u"approvals-propose"_s, Revocation, {});
}

void ApprovalsTour::planReview()
{
    show(u"approvals-queue"_s, [this] { page().showQueue(); });
    show(u"approvals-review"_s, [this] { page().openReview(deciding().queue().entry(0).item.id()); },
        [this] { return isReviewed(); });
    show(u"approvals-menu"_s, [this] {
        const QToolButton *more = page().reviewView()->moreButton();
        const QSize size = more->menu()->sizeHint();
        more->menu()->popup(more->mapToGlobal(QPoint(more->width() - size.width(), -size.height())));
    });
    m_stops.last().leave = [this] { page().reviewView()->moreButton()->menu()->close(); };
}

// The practice network has no service: one is made up, and never asked.
DeskCarrier ApprovalsTour::madeUpService()
{
    DeskCarrier service;
    service.name = u"service https://safe-service.example"_s;
    service.token = DeskToken{u"https://safe-service.example"_s, tr("No token is kept for it."), false};
    return service;
}

void ApprovalsTour::planSaying()
{
    open(u"approvals-mismatch"_s, [this] { return page().reportMismatch(); });
    open(u"approvals-send"_s, [this] { return page().send(); });
    open(u"approvals-import"_s, [this] { return page().import(); });
    open(u"approvals-token"_s, [this]() -> QDialog * {
        emit page().queueView()->tokenRequested(madeUpService());
        return page().findChild<TokenDialog *>();
    });
    open(u"approvals-delegates"_s, [this]() -> QDialog * {
        emit page().queueView()->delegatesRequested(madeUpService());
        return page().findChild<DelegatesDialog *>();
    });
    act(u"approvals-acknowledge"_s, u"carol"_s, [this]() -> QDialog * {
        const std::optional<Review> &review = deciding().reviewModel().review();
        return review ? page().acknowledge(review->chainId, review->safe) : nullptr;
    });
    act(u"approvals-note"_s, u"bob"_s, [this] { return page().say(StatementKind::Note); },
        [](FlowDialog &dialog) {
            if (auto *note = qobject_cast<StatementDialog *>(&dialog))
                note->textEdit()->setPlainText(tr("The desk confirmed by telephone that it uses the new key since Friday."));
        });
}

void ApprovalsTour::standing(const QString &name, int id, ProposalStage stage)
{
    show(name, {}, [this, id, stage] { return !acts() || (hasStage(id, stage) && isReviewed()); });
}

void ApprovalsTour::planSigning()
{
    const auto compare = [this](FlowDialog &dialog) { compareHash(dialog); };
    act(u"approvals-sign"_s, u"alice"_s, [this] { return page().sign(); }, compare);
    standing(u"approvals-collecting"_s, Revocation, ProposalStage::Collecting);
    act(u"approvals-sign-second"_s, u"bob"_s, [this] { return page().sign(); }, compare);
    standing(u"approvals-ready"_s, Revocation, ProposalStage::Ready);
}

void ApprovalsTour::planExecution()
{
    act(u"approvals-execute"_s, {}, [this] { return page().execute(); });
    m_stops.removeLast();
    restrict(m_stops.size() - 1, [this] { return page().reviewView()->executeButton()->isVisible(); });
    // The chain stands still for a while: else the block is there before the picture.
    const qsizetype from = m_stops.size();
    fault([this] { return QStringList{u"stop-blocks"_s, QString::number(stillSeconds), chain().name}; });
    show(u"approvals-executing"_s,
        [this] {
            if (flow())
                flow()->goButton()->click();
        },
        [this] { return hasStage(Revocation, ProposalStage::Executing); });
    show(u"approvals-execute-done"_s, {}, [this] { return !flow() || flow()->isFinished(); });
    m_stops.last().leave = [this] { closeDialog(); };
    standing(u"approvals-executed"_s, Revocation, ProposalStage::Executed);
    restrict(from, [this] { return acts(); });
    show(u"approvals-queue-done"_s, [this] { page().showQueue(); });
}

// Two chains, one question: what does the same there is shown beside it.
void ApprovalsTour::planSiblings()
{
    compose(u"approvals-compose-chains"_s, [this] {
        ComposeRequest request;
        request.rationale = tr("The same vault on both chains, at one address.");
        const Bytes minutes = tr("The committee decided on a vault of its own for the settlement desk.").toUtf8();
        request.documents = {{Attachment{u"minutes.txt"_s, u"text/plain"_s, static_cast<quint64>(minutes.size()), keccak256(minutes)}, minutes}};
        for (const ChainSettings &chain : m_application.environment().chains)
            request.chains.append(chain.chainId);
        request.actions = {DeployAction{.artifact = u"CantonDeFiVault"_s, .arguments = {u"registry"_s, party(false)}}};
        return request;
    });
    proposeComposed(u"approvals-propose-chains"_s, Vault, u"alice"_s);
    show(u"approvals-siblings"_s, [this] { page().openReview(made(Vault)); }, [this] { return isReviewed(); });
    open(u"approvals-attachments"_s, [this] { return page().showAttachments(); });
    planOverriding();
}

// What the policy lets two people answer for. The default one has nothing of the kind on a practice network.
void ApprovalsTour::planOverriding()
{
    const auto mayOverride = [this] { return deciding().reviewModel().findings().firstOverridable() >= 0; };
    show({}, {}, [this] { return isReviewed(); });
    m_stops.last().leave = [this, mayOverride] { m_overrides = mayOverride(); };
    const qsizetype from = m_stops.size();
    const auto overriding = [this]() -> QDialog * {
        const FindingsModel &findings = deciding().reviewModel().findings();
        return page().overrideFinding(findings.finding(findings.firstOverridable()));
    };
    const auto why = [](FlowDialog &dialog) {
        if (auto *override = qobject_cast<OverrideDialog *>(&dialog))
            override->reasonEdit()->setPlainText(tr("The desk needs its vault before the market closes; we have read it together."));
    };
    act(u"approvals-override"_s, u"bob"_s, overriding, why);
    show({}, {}, [this] { return isReviewed(); });
    act(u"approvals-override-second"_s, u"carol"_s, overriding, why);
    show(u"approvals-overridden"_s, {}, [this, mayOverride] { return isReviewed() && !mayOverride(); });
    open(u"approvals-retract"_s, [this] { return page().say(StatementKind::Retraction); });
    restrict(from, [this] { return m_overrides; });
}

// Bob gives his signature to carol alone, who is to execute.
void ApprovalsTour::planSealing()
{
    act(u"approvals-announce-key"_s, u"carol"_s, [this] { return page().announceKey(); });
    open(u"approvals-send-encrypted"_s, [this] { return page().sendEncrypted(); });
    sign(u"alice"_s);
    standing({}, Vault, ProposalStage::Collecting);
    act(u"approvals-sign-sealed"_s, u"bob"_s, [this] { return page().sign(); },
        [this](FlowDialog &dialog) {
            compareHash(dialog);
            if (auto *sign = qobject_cast<SignDialog *>(&dialog))
                sign->giveBox()->setCurrentIndex(1);
        });
    standing(u"approvals-sealed"_s, Vault, ProposalStage::Collecting);
    show(u"approvals-sealed-opened"_s, [this] { deciding().chooseHolder(u"carol"_s); },
        [this] { return hasStage(Vault, ProposalStage::Ready) && isReviewed(); });
}

// The node goes away between the question and the answer.
void ApprovalsTour::planFailure()
{
    act({}, u"carol"_s, [this] { return page().execute(); });
    m_stops.removeLast();
    fault([this] { return QStringList{u"stop"_s, u"chain-"_s + chain().name}; });
    show(u"approvals-execute-failed"_s,
        [this] {
            if (flow())
                flow()->goButton()->click();
        },
        [this] { return flow() && !flow()->isRunning() && !flow()->message().isEmpty(); });
    m_stops.last().leave = [this] { closeDialog(); };
    show(u"approvals-review-failed"_s, [this] { deciding().review(made(Vault)); },
        [this] { return deciding().reviewModel().state() == ReviewModel::State::Failed; });
    fault([this] { return QStringList{u"start"_s, u"chain-"_s + chain().name}; });
    show({}, {}, [this] {
        const ReviewModel::State state = deciding().reviewModel().state();
        if (state == ReviewModel::State::Failed)
            deciding().review(made(Vault));
        return state == ReviewModel::State::Ready;
    });
    act(u"approvals-execute-deployment"_s, u"carol"_s, [this] { return page().execute(); });
    standing(u"approvals-deployed"_s, Vault, ProposalStage::Executed);
    planAfterwards();
}

// What is done with a contract once it is there.
void ApprovalsTour::planAfterwards()
{
    const auto entering = [this] { return qobject_cast<EnvironmentDialog *>(m_dialog); };
    show(u"approvals-enter"_s, [this] { m_dialog = page().addToEnvironment(); },
        [entering] { return entering() && entering()->writeButton()->isEnabled(); });
    show(u"approvals-enter-done"_s,
        [entering] {
            if (entering())
                entering()->writeButton()->click();
        },
        [entering] { return entering() && entering()->undoButton()->isEnabled(); });
    m_stops.last().leave = [this] { closeDialog(); };
    // Nobody listens there.
    show(u"approvals-sources"_s, [this] { m_dialog = page().publishSources(); },
        [this] { return flow() && flow()->goButton()->isEnabled(); });
    show(u"approvals-sources-failed"_s,
        [this] {
            if (flow())
                flow()->goButton()->click();
        },
        [this] { return flow() && !flow()->isRunning() && !flow()->message().isEmpty(); });
    m_stops.last().leave = [this] { closeDialog(); };
}

// Accepting an ownership that nobody offered: it reverts, and with safeTxGas the Safe counts that as done.
SafeTransaction ApprovalsTour::burning() const
{
    SafeTransaction transaction;
    transaction.to = chain().vaults.constFirst().address;
    transaction.data = Selector::ofSignature(u"acceptOwnership()"_s).bytes();
    transaction.safeTxGas = burntGas;
    if (const SafeFacts *facts = deciding().board().facts(chain().chainId))
        transaction.nonce = facts->state.nonce;
    return transaction;
}

JsonRpcCall ApprovalsTour::sendFrom(const Address &owner, const Bytes &data) const
{
    return {u"eth_sendTransaction"_s, {QJsonObject{{u"from"_s, owner.toString()}, {u"to"_s, chain().safe->toString()},
        {u"data"_s, toHex(data)}, {u"gas"_s, u"0x7a120"_s}}}};
}

// Two owners who approve and execute with another tool what this console would not have signed.
void ApprovalsTour::planBurning()
{
    const auto owner = [this](qsizetype index) { return m_application.environment().holders.at(index).address; };
    const auto impersonate = [owner](qsizetype index) { return JsonRpcCall{u"anvil_impersonateAccount"_s, {owner(index).toString()}}; };
    const auto importing = [this] { return qobject_cast<ReceiveDialog *>(m_dialog); };
    show({}, [this] { page().showQueue(); });
    show(u"approvals-import-done"_s,
        [this, importing] {
            m_burning = burning();
            note(Burnt, safeTxHash(chain().chainId, *chain().safe, m_burning));
            m_dialog = page().import();
            if (!importing())
                return;
            const QJsonObject transaction{{u"chainId"_s, QString::number(chain().chainId.value())}, {u"safe"_s, chain().safe->toString()},
                {u"to"_s, m_burning.to.toString()}, {u"value"_s, u"0"_s}, {u"data"_s, toHex(m_burning.data)}, {u"operation"_s, 0},
                {u"safeTxGas"_s, m_burning.safeTxGas.toDecimal()}, {u"nonce"_s, m_burning.nonce.toDecimal()}};
            importing()->textEdit()->setPlainText(QString::fromUtf8(QJsonDocument(transaction).toJson()));
            importing()->takeButton()->click();
        },
        [this] { return deciding().queue().rowOf(made(Burnt)) >= 0; });
    m_stops.last().leave = [this] { closeDialog(); };
    show(u"approvals-imported"_s, [this] { page().openReview(made(Burnt)); }, [this] { return isReviewed(); });
    ask([this, owner, impersonate] {
        return QList{impersonate(0), impersonate(1), sendFrom(owner(0), encodeApproveHash(made(Burnt)))};
    });
    standing(u"approvals-approved-elsewhere"_s, Burnt, ProposalStage::Collecting);
    ask([this, owner] {
        const auto blob = encodeSafeSignatures({SafeSignature::approved(owner(0)), SafeSignature::approved(owner(1))}, made(Burnt));
        return QList{sendFrom(owner(1), encodeExecTransaction(m_burning, blob.value_or(Bytes())))};
    });
    standing(u"approvals-failed"_s, Burnt, ProposalStage::Failed);
    show(u"approvals-queue-failed"_s, [this] { page().showQueue(); });
}

ComposeRequest ApprovalsTour::pause(qsizetype vault) const
{
    ComposeRequest request;
    request.rationale = tr("Until the desk has answered.");
    request.actions = {PauseAction{chain().vaults.value(vault).name}};
    request.chains = {chain().chainId};
    // All of them use the nonce that is next: only one of them can ever be executed.
    if (const SafeFacts *facts = deciding().board().facts(chain().chainId))
        request.nonce = facts->state.nonce;
    return request;
}

ComposeRequest ApprovalsTour::pauseBoth() const
{
    ComposeRequest request = pause(0);
    request.actions += pause(1).actions;
    return request;
}

void ApprovalsTour::planRivals()
{
    propose(First, [this] { return pause(0); });
    propose(Second, [this] { return pause(1); });
    show(u"approvals-rivals"_s, [this] { page().showQueue(); });
    compose({}, [this] { return pauseBoth(); });
    show(u"approvals-compose-wait"_s, [this] {
        auto *after = page().composeView()->findChild<DependencyChooser *>();
        after->menu()->popup(after->mapToGlobal(QPoint(0, -after->menu()->sizeHint().height())));
    });
    m_stops.last().leave = [this] { page().composeView()->findChild<DependencyChooser *>()->menu()->close(); };
    show(u"approvals-rival-review"_s, [this] { page().openReview(made(Second)); }, [this] { return isReviewed(); });
    act(u"approvals-reject"_s, u"bob"_s, [this] { return page().say(StatementKind::Rejection); },
        [](FlowDialog &dialog) {
            if (auto *reject = qobject_cast<StatementDialog *>(&dialog))
                reject->textEdit()->setPlainText(tr("The other proposal stops the right vault."));
        });
    act(u"approvals-incident"_s, u"carol"_s, [this] { return page().reportMismatch(); },
        [](FlowDialog &dialog) {
            if (auto *mismatch = qobject_cast<MismatchDialog *>(&dialog))
                mismatch->shownEdit()->setText(u"0x"_s + QString(u'6').repeated(64));
        });
    show(u"approvals-closed"_s, {}, [this] { return isReviewed(); });
    open(u"approvals-incident-close"_s, [this] { return page().closeIncident(); });
}

// Every way in which a proposal ends without being executed.
void ApprovalsTour::planEndings()
{
    propose(Instead, [this] {
        ComposeRequest request = pauseBoth();
        request.replaces = made(First);
        return request;
    });
    show(u"approvals-replaced"_s, [this] { page().openReview(made(First)); },
        [this] { return hasStage(First, ProposalStage::Replaced) && isReviewed(); });
    propose(Late, [this] {
        ComposeRequest request = pauseBoth();
        std::ranges::reverse(request.actions); // what is proposed once is not proposed again
        request.expiresAt = SystemClock().now() + shortLife;
        return request;
    });
    show({}, [this] { page().openReview(made(Instead)); }, [this] { return isReviewed(); });
    act(u"approvals-withdraw"_s, u"alice"_s, [this] { return page().say(StatementKind::Withdrawal); },
        [](FlowDialog &dialog) {
            if (auto *withdraw = qobject_cast<StatementDialog *>(&dialog))
                withdraw->textEdit()->setPlainText(tr("The desk has answered."));
        });
    standing(u"approvals-withdrawn"_s, Instead, ProposalStage::Rejected);
    show(u"approvals-expired"_s, [this] { page().openReview(made(Late)); },
        [this] { return hasStage(Late, ProposalStage::Expired) && isReviewed(); });
    show(u"approvals-queue-endings"_s, [this] { page().showQueue(); });
}

void ApprovalsTour::planAlarm()
{
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
}

QString ApprovalsTour::party(bool last) const
{
    const QVector<PartySettings> &parties = m_application.environment().parties;
    if (parties.isEmpty())
        return {};
    return last ? parties.constLast().name : parties.constFirst().name;
}

} // namespace countersign
