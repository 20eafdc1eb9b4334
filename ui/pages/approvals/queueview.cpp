#include "ui/pages/approvals/queueview.h"

#include "backend/types/strings.h"
#include "models/approvals/approvalqueuemodel.h"
#include "ui/pages/approvals/stagetone.h"
#include "ui/theme/fonts.h"
#include "ui/theme/icons.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/stateoverlay.h"

#include <QButtonGroup>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
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

} // namespace

QueueView::QueueView(ApprovalQueueModel &queue, QWidget *parent)
    : QWidget(parent)
    , m_queue(queue)
    , m_proxy(new GroupProxy(this))
    , m_groups(new QButtonGroup(this))
    , m_table(new DataTable(tr("Proposals"), this))
    , m_propose(new QPushButton(themeIcon("plus"_L1), tr("Propose…"), this))
{
    auto *title = new QLabel(tr("Approvals"), this);
    title->setFont(uiFont(TextSize::Title, QFont::Medium));
    m_propose->setAccessibleName(tr("Propose a revocation"));
    m_proxy->setSourceModel(&m_queue);
    m_proxy->setSortRole(ApprovalQueueModel::SortRole);
    m_table->setModel(m_proxy);
    using Model = ApprovalQueueModel;
    QVector<TableColumn> columns(Model::ColumnCount);
    columns[Model::TitleColumn] = {300, {}};
    columns[Model::ChainColumn] = {110, {}};
    columns[Model::NonceColumn] = {70, {.alignment = Qt::AlignRight}};
    columns[Model::SignaturesColumn] = {96, {.alignment = Qt::AlignRight}};
    columns[Model::StageColumn] = {170, {.mark = true}};
    columns[Model::ProposerColumn] = {130, {.quiet = true}};
    columns[Model::CreatedColumn] = {190, {.quiet = true}};
    m_table->setColumns(columns, Model::TitleColumn);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->glyphs()->setToneOf([](const QModelIndex &index) {
        if (index.data(ApprovalQueueModel::GroupRole).toInt() == int(ApprovalQueueModel::Group::WaitsForMe))
            return Tone::Info;
        return toneOfStage(static_cast<ProposalStage>(index.data(ApprovalQueueModel::StageRole).toInt()));
    });

    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(title);
    head->addSpacing(12);
    for (int group = -1; group <= int(Model::Group::Done); ++group) {
        auto *button = new QPushButton(this);
        button->setCheckable(true);
        button->setChecked(group < 0);
        m_groups->addButton(button, group + 1);
        head->addWidget(button);
    }
    head->addStretch();
    head->addWidget(m_propose);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_table, 1);

    const auto open = [this](const QModelIndex &index) { emit reviewRequested(m_proxy->mapToSource(index).row()); };
    connect(m_table, &DataTable::rowActivated, this, open);
    connect(m_table, &QAbstractItemView::clicked, this, open);
    connect(m_propose, &QPushButton::clicked, this, &QueueView::proposeRequested);
    connect(m_groups, &QButtonGroup::idClicked, this, [this](int id) { showGroup(id - 1); });
    connect(m_table->overlay(), &StateOverlay::retryRequested, this, &QueueView::retryRequested);
    connect(&m_queue, &ApprovalQueueModel::countsChanged, this, &QueueView::showCounts);
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, &QueueView::showCounts);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, &QueueView::showCounts);
    connect(m_proxy, &QAbstractItemModel::modelReset, this, &QueueView::showCounts);
    showCounts();
}

void QueueView::showGroup(int group)
{
    m_groups->button(group + 1)->setChecked(true);
    static_cast<GroupProxy *>(m_proxy)->setGroup(group);
    showCounts();
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
