#include "ui/pages/approvals/approvalspage.h"

#include "backend/types/strings.h"
#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/reviewmodel.h"
#include "ui/pages/approvals/composedialog.h"
#include "ui/pages/approvals/executedialog.h"
#include "ui/pages/approvals/queueview.h"
#include "ui/pages/approvals/reviewview.h"
#include "ui/pages/approvals/signdialog.h"
#include "ui/pages/approvals/stagetone.h"
#include "ui/shell/actionregistry.h"
#include "ui/widgets/datatable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QRandomGenerator>
#include <QScrollArea>
#include <QStackedLayout>

namespace countersign {

std::array<int, 2> randomGroups(int count)
{
    if (count < 2)
        return {0, 0};
    auto *random = QRandomGenerator::system();
    const int first = random->bounded(count);
    const int second = (first + 1 + random->bounded(count - 1)) % count;
    return {std::min(first, second), std::max(first, second)};
}

ApprovalsPage::ApprovalsPage(
    ApprovalQueueModel &queue, ReviewModel &review, ApprovalDesk &desk, PickGroups pick, QWidget *parent)
    : Page(parent)
    , m_queue(queue)
    , m_review(review)
    , m_desk(desk)
    , m_pick(std::move(pick))
    , m_stack(new QStackedLayout(this))
    , m_queueView(new QueueView(queue, this))
    , m_reviewView(new ReviewView(review, this))
{
    m_stack->addWidget(m_queueView);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_reviewView);
    m_stack->addWidget(scroll);
    connect(
        m_queueView, &QueueView::reviewRequested, this, [this](int row) { openReview(m_queue.entry(row).item.id()); });
    connect(m_queueView, &QueueView::proposeRequested, this, &ApprovalsPage::propose);
    connect(m_queueView, &QueueView::retryRequested, this, &ApprovalsPage::refresh);
    connect(m_reviewView, &ReviewView::backRequested, this, &ApprovalsPage::showQueue);
    connect(m_reviewView, &ReviewView::signRequested, this, &ApprovalsPage::sign);
    connect(m_reviewView, &ReviewView::executeRequested, this, &ApprovalsPage::execute);
    connect(m_reviewView, &ReviewView::retryRequested, this, &ApprovalsPage::refresh);
    connect(&m_queue, &ApprovalQueueModel::countsChanged, this, &ApprovalsPage::showStanding);
    connect(&m_queue, &QAbstractItemModel::dataChanged, this, &ApprovalsPage::showStanding);
    const auto showHolder = [this] { m_reviewView->setHolder(m_desk.holder()); };
    connect(&m_desk, &ApprovalDesk::holderChanged, this, showHolder);
    showHolder();
}

void ApprovalsPage::registerActions(ActionRegistry &registry)
{
    const auto add = [&](const ActionSpec &spec, std::function<void()> run) {
        const auto added = registry.add(spec, std::move(run));
        Q_ASSERT(added.has_value());
    };
    const QString group = tr("Approvals");
    add({u"approvals.propose"_s, group, tr("Propose to revoke a key…"), tr("Compose, sign and publish a proposal"),
            "plus"_L1, {QKeySequence(Qt::CTRL | Qt::Key_N)}, u"approvals"_s},
        [this] { propose(); });
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
    if (m_stack->currentIndex() != 1)
        return false;
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
    if (m_queue.rowOf(id) < 0)
        return false;
    if (m_open != id)
        m_review.clear();
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

void ApprovalsPage::showStanding()
{
    if (!m_open)
        return;
    const int row = m_queue.rowOf(*m_open);
    if (row < 0)
        return;
    const BoardEntry &entry = m_queue.entry(row);
    m_reviewView->setStanding(toneOfStage(entry.standing.stage), ApprovalQueueModel::stageText(entry.standing.stage),
        entry.standing.reason, entry.item.proposal.rationale);
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
    const int count = int(m_review.hashGroups(ReviewModel::Hash::SafeTx).size());
    return open(new SignDialog(m_desk, m_review, m_pick(count), this));
}

QDialog *ApprovalsPage::execute()
{
    if (isOccupied())
        return m_dialog;
    return open(new ExecuteDialog(m_desk, m_review, this));
}

QDialog *ApprovalsPage::propose()
{
    if (isOccupied())
        return m_dialog;
    return open(new ComposeDialog(m_desk, this));
}

} // namespace countersign
