#include "ui/pages/approvals/approvalspage.h"

#include "backend/types/strings.h"
#include "models/approvals/acknowledgements.h"
#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/discussionmodel.h"
#include "models/approvals/reviewmodel.h"
#include "ui/pages/approvals/acknowledgedialog.h"
#include "ui/pages/approvals/announcekeydialog.h"
#include "ui/pages/approvals/attachmentsdialog.h"
#include "ui/pages/approvals/carrydialogs.h"
#include "ui/pages/approvals/composeview.h"
#include "ui/pages/approvals/delegatesdialog.h"
#include "ui/pages/approvals/environmentdialog.h"
#include "ui/pages/approvals/executedialog.h"
#include "ui/pages/approvals/incidentdialog.h"
#include "ui/pages/approvals/mismatchdialog.h"
#include "ui/pages/approvals/overridedialog.h"
#include "ui/pages/approvals/proposedialog.h"
#include "ui/pages/approvals/publishdialog.h"
#include "ui/pages/approvals/queueview.h"
#include "ui/pages/approvals/recordexport.h"
#include "ui/pages/approvals/retractdialog.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/stagetone.h"
#include "ui/pages/approvals/statementdialog.h"
#include "ui/pages/approvals/tokendialog.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/icons.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/prompter.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedLayout>
#include <QToolButton>

#include <algorithm>

namespace countersign {

ApprovalsPage::ApprovalsPage(
    const ApprovalsContent &content, const ApprovalDesks &desks, Prompter &prompter, QWidget *parent)
    : Page(parent)
    , m_content(content)
    , m_desk(desks.approval)
    , m_exchange(desks.exchange)
    , m_compose(desks.compose)
    , m_prompter(prompter)
    , m_stack(new QStackedLayout(this))
    , m_queueView(new QueueView(content, desks.exchange, this))
    , m_reviewView(new ReviewView(content.review, content.discussion, this))
    , m_composeView(new ComposeView(desks.compose, prompter, this))
{
    m_stack->addWidget(m_queueView);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_reviewView);
    m_stack->addWidget(scroll);
    m_stack->addWidget(m_composeView);
    connect(m_composeView, &ComposeView::backRequested, this, &ApprovalsPage::leaveComposing);
    connect(m_composeView, &ComposeView::proposeRequested, this, &ApprovalsPage::publish);
    connect(&m_compose, &ComposeDesk::draftsChanged, this, &ApprovalsPage::showDrafts);
    connect(m_queueView, &QueueView::reviewRequested, this,
        [this](int row) { openReview(m_content.queue.entry(row).item.id()); });
    connect(m_queueView, &QueueView::proposalRequested, this, &ApprovalsPage::openReview);
    connect(m_queueView, &QueueView::acknowledgeRequested, this, &ApprovalsPage::acknowledge);
    connect(m_queueView, &QueueView::tokenRequested, this, [this](const DeskCarrier &carrier) {
        if (!isOccupied())
            open(new TokenDialog(m_exchange, carrier, m_prompter, this));
    });
    connect(m_queueView, &QueueView::delegatesRequested, this, [this](const DeskCarrier &carrier) {
        if (!isOccupied())
            open(new DelegatesDialog(m_desk, carrier.name, this));
    });
    connect(m_queueView, &QueueView::proposeRequested, this, [this] { compose({}); });
    connect(m_queueView, &QueueView::importRequested, this, &ApprovalsPage::import);
    connect(m_queueView, &QueueView::retryRequested, this, &ApprovalsPage::refresh);
    connect(m_reviewView, &ReviewView::backRequested, this, &ApprovalsPage::showQueue);
    connect(m_reviewView, &ReviewView::siblingRequested, this, &ApprovalsPage::openReview);
    connect(m_reviewView, &ReviewView::signRequested, this, &ApprovalsPage::sign);
    connect(m_reviewView, &ReviewView::overrideRequested, this, &ApprovalsPage::overrideFinding);
    connect(m_reviewView, &ReviewView::executeRequested, this, &ApprovalsPage::execute);
    connect(m_reviewView, &ReviewView::attachmentsRequested, this, &ApprovalsPage::showAttachments);
    connect(m_reviewView, &ReviewView::retryRequested, this, &ApprovalsPage::refresh);
    connect(&m_content.queue, &ApprovalQueueModel::countsChanged, this, &ApprovalsPage::showStanding);
    connect(&m_content.queue, &QAbstractItemModel::dataChanged, this, &ApprovalsPage::showStanding);
    const auto showHolder = [this] {
        m_reviewView->setHolder(m_desk.holder());
        m_composeView->setHolder(m_desk.holder());
    };
    connect(&m_desk, &ApprovalDesk::holderChanged, this, showHolder);
    connect(&m_desk, &ApprovalDesk::sealedChanged, this, &ApprovalsPage::showStanding);
    showHolder();
    fillMore();
    showDrafts();
}

void ApprovalsPage::fillMore()
{
    auto *menu = new QMenu(m_reviewView->moreButton());
    menu->setToolTipsVisible(true);
    menu->addAction(tr("Add a &note…"), this, [this] { say(StatementKind::Note); });
    menu->addAction(tr("&Reject…"), this, [this] { say(StatementKind::Rejection); });
    QAction *withdraw = menu->addAction(tr("&Withdraw…"), this, [this] { say(StatementKind::Withdrawal); });
    QAction *retract = menu->addAction(tr("Take an override &back…"), this, [this] { say(StatementKind::Retraction); });
    menu->addAction(tr("The &device shows something else…"), this, &ApprovalsPage::reportMismatch);
    QAction *seen = menu->addAction(tr("I have seen the exchange &up to here…"), this, [this] {
        if (const BoardEntry *entry = opened())
            acknowledge(entry->item.proposal.chainId, entry->item.proposal.safe);
    });
    menu->addAction(tr("An incident was &looked into…"), this, &ApprovalsPage::closeIncident);
    menu->addSeparator();
    QAction *edit = menu->addAction(tr("&Edit the words…"), this, [this] { composeFrom(editOf); });
    QAction *replace = menu->addAction(tr("Propose something &instead…"), this, [this] { composeFrom(replacementOf); });
    QAction *cancel = menu->addAction(tr("&Cancel its nonce…"), this, [this] { composeFrom(cancellationOf); });
    menu->addAction(tr("Copy into a new &proposal…"), this, [this] { composeFrom(copyOf); });
    menu->addSeparator();
    menu->addAction(themeIcon("export"_L1), tr("&Give to another holder…"), this, &ApprovalsPage::send);
    menu->addAction(tr("Give to the &owners only, encrypted…"), this, &ApprovalsPage::sendEncrypted);
    menu->addAction(tr("Announce my encr&yption key…"), this, &ApprovalsPage::announceKey);
    QAction *record = menu->addAction(tr("&Save the approval record…"), this, &ApprovalsPage::exportRecord);
    QAction *sources = menu->addAction(tr("Publish t&he sources…"), this, &ApprovalsPage::publishSources);
    connect(menu, &QMenu::aboutToShow, this, [this, sources] { offerSources(sources); });
    QAction *enter = menu->addAction(tr("Add to the en&vironment…"), this, &ApprovalsPage::addToEnvironment);
    connect(menu, &QMenu::aboutToShow, this, [this, withdraw, retract, seen, edit, replace, cancel, record, enter] {
        record->setEnabled(m_open && !m_desk.records(*m_open).isEmpty());
        const BoardEntry *entry = opened();
        seen->setEnabled(entry && m_content.acknowledgements.find(entry->item.proposal.chainId, entry->item.proposal.safe));
        enter->setEnabled(entry && entry->standing.stage == ProposalStage::Executed && !m_desk.environmentFile().isEmpty());
        const bool isMine = entry && entry->proposerName == m_desk.holder();
        const bool isPending = entry && isOpen(entry->standing.stage);
        withdraw->setEnabled(isMine);
        retract->setEnabled(entry && !ownOverrides(m_desk, entry->item).isEmpty());
        // What a service listed has no words of anybody's: an owner gives it some, and stands for it.
        const bool isBare = entry && !entry->item.isDescribed();
        edit->setText(isBare ? tr("D&escribe it…") : tr("&Edit the words…"));
        edit->setEnabled((isMine || isBare) && isPending);
        replace->setEnabled(isPending);
        cancel->setEnabled(isPending);
    });
    m_reviewView->moreButton()->setMenu(menu);
}

void ApprovalsPage::registerActions(ActionRegistry &registry)
{
    const auto add = [&](const ActionSpec &spec, std::function<void()> run) {
        const auto added = registry.add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    const QString group = tr("Approvals");
    add({u"approvals.propose"_s, group, tr("Propose…"), tr("Compose, sign and publish a proposal"),
            "plus"_L1, {QKeySequence(Qt::CTRL | Qt::Key_N)}, u"approvals"_s},
        [this] { compose({}); });
    add({u"approvals.addstep"_s, group, tr("Add a step to the proposal…"), {}, "plus"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_Plus)}, u"approvals"_s},
        [this] {
            if (m_stack->currentWidget() == m_composeView)
                m_composeView->addButton()->showMenu();
        });
    add({u"approvals.keep"_s, group, tr("Keep the proposal as a draft"), {}, "journal"_L1, {QKeySequence(QKeySequence::Save)},
            u"approvals"_s},
        [this] {
            if (m_stack->currentWidget() == m_composeView)
                m_composeView->keep();
        });
    add({u"approvals.publish"_s, group, tr("Sign and publish the composed proposal…"), {}, "sign"_L1,
            {QKeySequence(Qt::ALT | Qt::Key_Return)}, u"approvals"_s},
        [this] {
            if (m_stack->currentWidget() == m_composeView && m_composeView->proposeButton()->isEnabled())
                publish();
        });
    add({u"approvals.import"_s, group, tr("Import…"), tr("Take proposals and signatures from QR symbols, files or text"),
            "export"_L1, {QKeySequence(Qt::CTRL | Qt::Key_I)}, u"approvals"_s},
        [this] { import(); });
    const auto onReview = [this](auto run) {
        return [this, run] {
            if (m_open)
                run();
        };
    };
    add({u"approvals.note"_s, group, tr("Add a note to the proposal…"), {}, "log"_L1,
            {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)}, u"approvals"_s},
        onReview([this] { say(StatementKind::Note); }));
    add({u"approvals.reject"_s, group, tr("Reject the proposal…"), {}, "close"_L1,
            {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)}, u"approvals"_s},
        onReview([this] { say(StatementKind::Rejection); }));
    add({u"approvals.send"_s, group, tr("Give the proposal to another holder…"), tr("As QR symbols or as a file"),
            "export"_L1, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G)}, u"approvals"_s},
        onReview([this] { send(); }));
    add({u"approvals.announcekey"_s, group, tr("Announce my encryption key…"),
            tr("So that others can give signatures sealed to you"), "key"_L1, {}, u"approvals"_s},
        [this] { announceKey(); });
    add({u"approvals.sign"_s, group, tr("Sign the reviewed transaction…"), {}, "sign"_L1,
            {QKeySequence(Qt::CTRL | Qt::Key_Return)}, u"approvals"_s},
        [this] {
            if (m_reviewView->signButton()->isVisible() && m_reviewView->signButton()->isEnabled())
                sign();
        });
    add({u"approvals.execute"_s, group, tr("Execute the reviewed transaction…"), {}, "run"_L1,
            {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return)}, u"approvals"_s},
        [this] {
            if (m_reviewView->executeButton()->isVisible() && m_reviewView->executeButton()->isEnabled())
                execute();
        });
}

void ApprovalsPage::refresh()
{
    m_desk.refresh();
    if (m_open)
        m_desk.review(*m_open);
}

void ApprovalsPage::focusFilter()
{
    m_queueView->table()->setFocus(Qt::ShortcutFocusReason);
}

bool ApprovalsPage::closeInnermost()
{
    if (m_stack->currentWidget() == m_queueView)
        return false;
    if (m_stack->currentWidget() == m_composeView)
        leaveComposing();
    else
        showQueue();
    return true;
}

bool ApprovalsPage::copySelection()
{
    if (m_open)
        QGuiApplication::clipboard()->setText(m_open->toString());
    else
        m_queueView->table()->copySelectedRows();
    return true;
}

bool ApprovalsPage::openReview(const Hash32 &id)
{
    if (m_content.queue.rowOf(id) < 0)
        return false;
    if (m_open != id)
        m_content.review.clear();
    m_open = id;
    m_desk.review(id);
    showStanding();
    m_stack->setCurrentIndex(1);
    return true;
}

void ApprovalsPage::showQueue()
{
    m_open.reset();
    m_stack->setCurrentWidget(m_queueView);
    m_queueView->table()->setFocus();
}

void ApprovalsPage::setProblem(const QString &problem)
{
    m_queueView->setProblem(problem);
}

const BoardEntry *ApprovalsPage::opened() const
{
    const int row = m_open ? m_content.queue.rowOf(*m_open) : -1;
    return row < 0 ? nullptr : &m_content.queue.entry(row);
}

void ApprovalsPage::showStanding()
{
    const BoardEntry *entry = opened();
    if (!entry)
        return;
    QStringList sealed = m_desk.sealedProblems(entry->item.id());
    if (entry->standing.opened > 0)
        sealed.append(entry->standing.opened == 1
                ? tr("1 signature is sealed for you and counts at this console only")
                : tr("%n signatures are sealed for you and count at this console only", nullptr, entry->standing.opened));
    if (entry->standing.sealed > 0)
        sealed.append(entry->standing.sealed == 1
                ? tr("1 more signature is given sealed: claimed, and not counted until its recipient opens it")
                : tr("%n more signatures are given sealed: claimed, and not counted until their recipients open them", nullptr, entry->standing.sealed));
    m_reviewView->setSealed(sealed.join(u". "_s));
    m_reviewView->setClaim(m_desk.delegates().claimOf(entry->item.id()));
    m_reviewView->setStanding(ApprovalQueueModel::isContested(entry->standing) ? Tone::Bad : toneOfStage(entry->standing.stage),
        ApprovalQueueModel::standingText(entry->standing),
        entry->standing.reason, entry->item.proposal.rationale);
    m_reviewView->setAttachments(entry->item.proposal.attachments.size());
    m_content.discussion.setStatements(entry->item.statements);
    showSiblings();
}

void ApprovalsPage::showSiblings()
{
    QList<ReviewView::Sibling> siblings;
    for (const Hash32 &id : m_desk.siblings(*m_open)) {
        const int row = m_content.queue.rowOf(id);
        if (row < 0)
            continue;
        const BoardEntry &entry = m_content.queue.entry(row);
        siblings.append({id, tr("%1: %2").arg(entry.chainName, ApprovalQueueModel::stageText(entry.standing.stage))});
    }
    m_reviewView->setSiblings(siblings);
}

QDialog *ApprovalsPage::open(QDialog *dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog = dialog;
    dialog->open();
    return dialog;
}

// A dialog that was closed lives on until the next turn of the event loop.
bool ApprovalsPage::isOccupied() const
{
    return (m_dialog && m_dialog->isVisible()) || m_desk.isBusy();
}

QDialog *ApprovalsPage::sign()
{
    if (isOccupied())
        return m_dialog;
    auto *dialog = new SignDialog(m_desk, m_content.review, this);
    // When its closing is over: a page shows one dialog at a time.
    connect(dialog, &SignDialog::mismatchRequested, this, &ApprovalsPage::reportMismatch, Qt::QueuedConnection);
    return open(dialog);
}

QDialog *ApprovalsPage::execute()
{
    if (isOccupied())
        return m_dialog;
    auto *dialog = new ExecuteDialog(m_desk, m_content.review, this);
    connect(
        dialog, &ExecuteDialog::publishRequested, this,
        [this](const ExecutionReport &report) {
            if (!isOccupied())
                open(new PublishDialog(m_desk, report, m_prompter, this));
        },
        Qt::QueuedConnection);
    return open(dialog);
}

void ApprovalsPage::offerSources(QAction *action) const
{
    const QString hindrance = m_open ? m_desk.publication().hindrance(*m_open) : QString();
    action->setEnabled(m_open && hindrance.isEmpty());
    action->setToolTip(hindrance);
}

QDialog *ApprovalsPage::publishSources()
{
    if (!opened() || isOccupied())
        return m_dialog;
    return open(new PublishDialog(m_desk, *m_open, m_prompter, this));
}

void ApprovalsPage::compose(const ComposeRequest &request, const QString &draft)
{
    m_open.reset();
    m_composeView->begin(request, draft);
    m_stack->setCurrentWidget(m_composeView);
    m_composeView->addButton()->setFocus(Qt::OtherFocusReason);
}

void ApprovalsPage::composeFrom(const std::function<Result<ComposeRequest>(const Proposal &)> &make)
{
    const BoardEntry *entry = opened();
    if (!entry)
        return;
    const Result<ComposeRequest> request = make(entry->item.proposal);
    if (request)
        compose(*request);
    else
        m_prompter.tell(this, tr("Propose"), request.error().message);
}

// What was typed is not lost by leaving: it becomes a draft.
void ApprovalsPage::leaveComposing()
{
    if (m_composeView->isChanged() && !m_composeView->request().actions.isEmpty() && !m_composeView->keep())
        return;
    showQueue();
}

QDialog *ApprovalsPage::publish()
{
    if (isOccupied())
        return m_dialog;
    auto *dialog = new ProposeDialog(m_desk, m_composeView->proposals(), this);
    connect(dialog, &ProposeDialog::proposed, this, [this](const QList<Hash32> &ids) {
        if (!m_composeView->draft().isEmpty())
            (void)m_compose.discardDraft(m_composeView->draft());
        m_composeView->begin({});
        if (ids.isEmpty() || !openReview(ids.first()))
            showQueue();
    });
    return open(dialog);
}

void ApprovalsPage::showDrafts()
{
    auto *menu = new QMenu(m_queueView);
    for (const DeskDraft &draft : m_compose.drafts()) {
        const QString title = draft.request.title.isEmpty() && !draft.request.actions.isEmpty()
            ? describeAction(draft.request.actions.first())
            : draft.request.title;
        menu->addAction(title, this, [this, draft] { compose(draft.request, draft.id); });
    }
    m_queueView->setDrafts(menu);
}

QDialog *ApprovalsPage::import()
{
    if (isOccupied())
        return m_dialog;
    return open(new ReceiveDialog(m_exchange, m_prompter, this));
}

QDialog *ApprovalsPage::send()
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    const Result<Bytes> content = m_exchange.pack({*m_open});
    if (!content) {
        setProblem(content.error().message);
        return nullptr;
    }
    return open(new SendDialog(*content, entry->item.proposal.title, m_prompter, this));
}

QDialog *ApprovalsPage::sendEncrypted()
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    const Result<DeskPackage> package = m_exchange.packForOwners(*m_open);
    if (!package) {
        m_prompter.tell(this, tr("Not encrypted"), package.error().message);
        return nullptr;
    }
    const QString title = entry->item.proposal.title;
    return open(new SendDialog(package->content,
        package->without.isEmpty() ? tr("%1, encrypted to all owners").arg(title)
                                   : tr("%1, encrypted to the owners; %2 cannot read it").arg(title, package->without.join(u", "_s)),
        m_prompter, this));
}

QDialog *ApprovalsPage::reportMismatch()
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    return open(new MismatchDialog(m_desk, *m_open, entry->item.proposal.title, this));
}

QDialog *ApprovalsPage::closeIncident()
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    return open(new IncidentDialog(m_desk, *m_open, entry->item.proposal.title, this));
}

QDialog *ApprovalsPage::showAttachments()
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    return open(new AttachmentsDialog(m_desk, entry->item.proposal, m_prompter, this));
}

QDialog *ApprovalsPage::addToEnvironment()
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    const Proposal &proposal = entry->item.proposal;
    return open(new EnvironmentDialog(m_desk, proposal.chainId, *m_open, proposal.title, this));
}

QDialog *ApprovalsPage::announceKey()
{
    if (isOccupied())
        return m_dialog;
    return open(new AnnounceKeyDialog(m_desk, this));
}

QDialog *ApprovalsPage::acknowledge(ChainId chain, const Address &safe)
{
    const AcknowledgementState *state = m_content.acknowledgements.find(chain, safe);
    if (!state || isOccupied())
        return m_dialog;
    return open(new AcknowledgeDialog(m_desk, *state, this));
}

QDialog *ApprovalsPage::overrideFinding(const Finding &finding)
{
    const std::optional<Review> &review = m_content.review.review();
    if (!opened() || !review || isOccupied())
        return m_dialog;
    const auto given = std::ranges::find(review->overrides, finding.code, &ReviewedOverride::code);
    return open(new OverrideDialog(
        m_desk, *m_open, finding, given == review->overrides.end() ? nullptr : &*given, this));
}

void ApprovalsPage::exportRecord()
{
    const QList<ApprovalRecord> records = m_open ? m_desk.records(*m_open) : QList<ApprovalRecord>();
    if (!records.isEmpty())
        askToSaveRecord(records.first(), m_prompter, this);
}

QDialog *ApprovalsPage::say(StatementKind kind)
{
    const BoardEntry *entry = opened();
    if (!entry || isOccupied())
        return m_dialog;
    if (kind == StatementKind::Retraction) {
        const QList<Statement> own = ownOverrides(m_desk, entry->item);
        return own.isEmpty() ? nullptr : open(new RetractDialog(m_desk, *m_open, own, this));
    }
    return open(new StatementDialog(m_desk, kind, *m_open, entry->item.proposal.title, this));
}

} // namespace countersign
