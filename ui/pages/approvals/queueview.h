#pragma once

#include "models/approvals/approvalscontent.h"
#include "models/approvals/exchangedesk.h"

#include <QWidget>

class QButtonGroup;
class QFrame;
class QLabel;
class QMenu;
class QPushButton;
class QSortFilterProxyModel;
class QToolButton;

namespace countersign {

class DataTable;
class QueueSide;

/// The queue: what waits for me, for others, is ready, is done; beside it the nonces and the exchange.
class QueueView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QueueView)

public:
    QueueView(const ApprovalsContent &content, ExchangeDesk &exchange, QWidget *parent = nullptr);

    DataTable *table() const { return m_table; }
    QueueSide *side() const { return m_side; }
    QPushButton *proposeButton() const { return m_propose; }
    QPushButton *importButton() const { return m_import; }
    /// -1 shows all.
    void showGroup(int group);
    /// Why the queue cannot be read; empty when it can.
    void setProblem(const QString &problem);
    /// Takes the menu over; an empty one hides the button.
    void setDrafts(QMenu *menu);

signals:
    void reviewRequested(int sourceRow);
    void proposalRequested(const countersign::Hash32 &id);
    void acknowledgeRequested(countersign::ChainId chain, const countersign::Address &safe);
    void tokenRequested(const countersign::DeskCarrier &carrier);
    void delegatesRequested(const countersign::DeskCarrier &carrier);
    void proposeRequested();
    void importRequested();
    void retryRequested();

private:
    QWidget *buildHead();
    void showCounts();
    void showAlarms();

    ApprovalQueueModel &m_queue;
    ExchangeNoticesModel &m_notices;
    QSortFilterProxyModel *m_proxy;
    QButtonGroup *m_groups;
    DataTable *m_table;
    QToolButton *m_drafts;
    QPushButton *m_import;
    QPushButton *m_propose;
    QFrame *m_alarm;
    QLabel *m_alarmText;
    QPushButton *m_showAlarm;
    QueueSide *m_side;
    QString m_problem;
};

} // namespace countersign
