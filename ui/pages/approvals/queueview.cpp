#include "ui/pages/approvals/queueview.h"

#include "backend/types/strings.h"
#include "models/approvals/approvalqueuemodel.h"
#include "models/approvals/exchangenoticesmodel.h"
#include "ui/pages/approvals/queueside.h"
#include "ui/pages/approvals/stagetone.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/stalestrip.h"
#include "ui/widgets/stateoverlay.h"
#include "ui/widgets/statusbadge.h"

#include <QButtonGroup>
#include <QFrame>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

namespace countersign {

namespace {

/// A queue is short: a proxy is cheap enough here.
class GroupProxy final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setGroup(int group)
    {
        m_group = group;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        return m_group < 0
            || sourceModel()->index(row, 0, parent).data(ApprovalQueueModel::GroupRole).toInt() == m_group;
    }

private:
    int m_group = -1;
};

/// A bar that says that something is wrong; its colour follows the theme.
class AlarmBar final : public QFrame {
public:
    using QFrame::QFrame;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), tokenColor(Token::BadFill, palette()));
    }
};

} // namespace

QueueView::QueueView(const ApprovalsContent &content, ExchangeDesk &exchange, QWidget *parent)
    : QWidget(parent)
    , m_queue(content.queue)
    , m_notices(content.notices)
    , m_proxy(new GroupProxy(this))
    , m_groups(new QButtonGroup(this))
    , m_table(new DataTable(tr("Proposals"), this))
    , m_drafts(new QToolButton(this))
    , m_import(new QPushButton(tr("Import…"), this))
    , m_propose(new QPushButton(themeIcon("plus"_L1), tr("Propose…"), this))
    , m_alarm(new AlarmBar(this))
    , m_alarmText(new QLabel(m_alarm))
    , m_showAlarm(new QPushButton(tr("Show"), m_alarm))
    , m_side(new QueueSide(content, exchange, this))
{
    m_proxy->setSourceModel(&m_queue);
    m_proxy->setSortRole(ApprovalQueueModel::SortRole);
    m_table->setModel(m_proxy);
    using Model = ApprovalQueueModel;
    QVector<TableColumn> columns(Model::ColumnCount);
    columns[Model::TitleColumn] = {240, {}};
    columns[Model::ChainColumn] = {84, {}};
    columns[Model::NonceColumn] = {54, {.alignment = Qt::AlignRight}};
    columns[Model::SignaturesColumn] = {82, {.alignment = Qt::AlignRight}};
    columns[Model::StageColumn] = {158, {.mark = true}};
    columns[Model::ProposerColumn] = {96, {.quiet = true}};
    columns[Model::CreatedColumn] = {152, {.quiet = true}};
    m_table->setColumns(columns, Model::TitleColumn);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->glyphs()->setToneOf([](const QModelIndex &index) {
        if (index.data(ApprovalQueueModel::ContestedRole).toBool())
            return Tone::Bad;
        return index.data(ApprovalQueueModel::GroupRole).toInt() == int(ApprovalQueueModel::Group::WaitsForMe)
            ? Tone::Info
            : toneOfStage(static_cast<ProposalStage>(index.data(ApprovalQueueModel::StageRole).toInt()));
    });

    auto *split = new QSplitter(Qt::Horizontal, this);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(10);
    m_side->setMinimumWidth(260);
    split->addWidget(m_table);
    split->addWidget(m_side);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 1);
    split->setSizes({900, 320});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addWidget(buildHead());
    layout->addWidget(m_alarm);
    layout->addWidget(m_table->strip());
    layout->addWidget(split, 1);

    // As it is read: the head, the alarm under it, the table, what stands beside it.
    QWidget *before = m_groups->buttons().constLast();
    for (QWidget *next : {static_cast<QWidget *>(m_drafts), static_cast<QWidget *>(m_import), static_cast<QWidget *>(m_propose),
             static_cast<QWidget *>(m_showAlarm), static_cast<QWidget *>(m_table), static_cast<QWidget *>(m_side->lanes())}) {
        setTabOrder(before, next);
        before = next;
    }

    const auto open = [this](const QModelIndex &index) { emit reviewRequested(m_proxy->mapToSource(index).row()); };
    connect(m_table, &DataTable::rowActivated, this, open);
    connect(m_table, &QAbstractItemView::clicked, this, open);
    connect(m_propose, &QPushButton::clicked, this, &QueueView::proposeRequested);
    connect(m_import, &QPushButton::clicked, this, &QueueView::importRequested);
    connect(m_groups, &QButtonGroup::idClicked, this, [this](int id) { showGroup(id - 1); });
    connect(m_table->overlay(), &StateOverlay::retryRequested, this, &QueueView::retryRequested);
    connect(m_side, &QueueSide::proposalRequested, this, &QueueView::proposalRequested);
    connect(m_side, &QueueSide::acknowledgeRequested, this, &QueueView::acknowledgeRequested);
    connect(m_side, &QueueSide::tokenRequested, this, &QueueView::tokenRequested);
    connect(m_side, &QueueSide::delegatesRequested, this, &QueueView::delegatesRequested);
    connect(&m_queue, &ApprovalQueueModel::countsChanged, this, &QueueView::showCounts);
    connect(&m_notices, &ExchangeNoticesModel::countsChanged, this, &QueueView::showAlarms);
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, &QueueView::showCounts);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, &QueueView::showCounts);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, &QueueView::showCounts);
    showCounts();
    showAlarms();
}

QWidget *QueueView::buildHead()
{
    auto *head = new QWidget(this);
    auto *title = new QLabel(tr("Approvals"), head);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_propose->setAccessibleName(tr("Propose a transaction"));
    m_import->setAccessibleName(tr("Import proposals and signatures"));
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(title);
    row->addSpacing(12);
    for (int group = -1; group <= int(ApprovalQueueModel::Group::Done); ++group) {
        auto *button = new QPushButton(head);
        button->setCheckable(true);
        button->setChecked(group < 0);
        m_groups->addButton(button, group + 1);
        row->addWidget(button);
    }
    row->addStretch();
    m_drafts->setPopupMode(QToolButton::InstantPopup);
    m_drafts->setAccessibleName(tr("Drafts on this machine"));
    m_drafts->hide();
    row->addWidget(m_drafts);
    row->addWidget(m_import);
    row->addWidget(m_propose);

    m_alarm->setObjectName(u"exchangeAlarm"_s);
    m_alarmText->setWordWrap(true);
    m_alarmText->setTextFormat(Qt::PlainText);
    auto *badge = new StatusBadge(m_alarm);
    badge->setState(Tone::Bad, tr("exchange"));
    m_showAlarm->setAccessibleName(tr("Show what is not well with the exchange"));
    connect(m_showAlarm, &QPushButton::clicked, this, [this] { m_side->notices()->setFocus(Qt::OtherFocusReason); });
    auto *line = new QHBoxLayout(m_alarm);
    line->setContentsMargins(10, 6, 8, 6);
    line->setSpacing(10);
    line->addWidget(badge);
    line->addWidget(m_alarmText, 1);
    line->addWidget(m_showAlarm);
    return head;
}

void QueueView::showAlarms()
{
    const int alarms = m_notices.alarmCount();
    m_alarm->setVisible(alarms > 0);
    if (alarms == 0)
        return;
    const QString first = m_notices.index(0).data().toString();
    m_alarmText->setText(alarms == 1 ? first : tr("%1 And %n more.", nullptr, alarms - 1).arg(first));
}

void QueueView::showGroup(int group)
{
    m_groups->button(group + 1)->setChecked(true);
    static_cast<GroupProxy *>(m_proxy)->setGroup(group);
    showCounts();
}

void QueueView::setDrafts(QMenu *menu)
{
    QMenu *before = m_drafts->menu();
    m_drafts->setMenu(menu);
    m_drafts->setText(tr("Drafts: %1").arg(menu->actions().size()));
    m_drafts->setVisible(!menu->isEmpty());
    if (before)
        before->deleteLater();
}

void QueueView::setProblem(const QString &problem)
{
    m_problem = problem;
    showCounts();
}

void QueueView::showCounts()
{
    const auto name
        = [](const QString &text, int count) { return count > 0 ? u"%1  %2"_s.arg(text).arg(count) : text; };
    m_groups->button(0)->setText(name(tr("All"), m_queue.rowCount()));
    m_groups->button(0)->setAccessibleName(tr("Show all proposals"));
    for (int group = 0; group <= int(ApprovalQueueModel::Group::Done); ++group) {
        const auto of = static_cast<ApprovalQueueModel::Group>(group);
        QAbstractButton *button = m_groups->button(group + 1);
        button->setText(name(ApprovalQueueModel::groupText(of), m_queue.count(of)));
        button->setAccessibleName(ApprovalQueueModel::groupText(of));
    }
    StateOverlay *overlay = m_table->overlay();
    if (m_proxy->rowCount() > 0)
        m_problem.isEmpty() ? overlay->clear() : overlay->showStale(m_problem);
    else if (!m_problem.isEmpty())
        overlay->showError(tr("The proposals cannot be read"), m_problem);
    else if (m_queue.rowCount() > 0)
        overlay->showEmpty(tr("Nothing here"), tr("No proposal is in this state."));
    else
        overlay->showEmpty(tr("No proposals yet"), tr("Propose a change, or wait for another holder to do so."));
}

} // namespace countersign
