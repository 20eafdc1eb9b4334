#pragma once

#include <QWidget>

class QButtonGroup;
class QPushButton;
class QSortFilterProxyModel;

namespace countersign {

class ApprovalQueueModel;
class DataTable;

/// The queue: what waits for me, for others, is ready, is done.
class QueueView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QueueView)

public:
    explicit QueueView(ApprovalQueueModel &queue, QWidget *parent = nullptr);

    DataTable *table() const { return m_table; }
    QPushButton *proposeButton() const { return m_propose; }
    /// -1 shows all.
    void showGroup(int group);
    /// Why the queue cannot be read; empty when it can.
    void setProblem(const QString &problem);

signals:
    void reviewRequested(int sourceRow);
    void proposeRequested();
    void retryRequested();

private:
    void showCounts();

    ApprovalQueueModel &m_queue;
    QSortFilterProxyModel *m_proxy;
    QButtonGroup *m_groups;
    DataTable *m_table;
    QPushButton *m_propose;
    QString m_problem;
};

} // namespace countersign
