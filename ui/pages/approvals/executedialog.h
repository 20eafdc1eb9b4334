#pragma once

#include "ui/pages/approvals/flowdialog.h"
#include "ui/widgets/keyvalueview.h"

class QPushButton;

namespace countersign {

class ReviewModel;

/// Executing a transaction that has its signatures, and reading its effect back.
class ExecuteDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExecuteDialog)

public:
    ExecuteDialog(ApprovalDesk &desk, const ReviewModel &review, QWidget *parent = nullptr);

    QPushButton *publishButton() const { return m_publish; }

signals:
    /// The person wants the sources of what was created to be published. The dialog closes.
    void publishRequested(const countersign::ExecutionReport &report);

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    void showQuote(const Result<FeeQuote> &quote);
    void showReport(const ExecutionReport &report);
    void showIncluded(const ExecutionReport &report);
    void offerActs(bool offered);
    void act(ExecutionAct act);
    QVector<KeyValue> rowsOf(const ExecutionReport &report) const;

    Hash32 m_id;
    QString m_chain;
    KeyValueView *m_effects;
    KeyValueView *m_cost;
    QWidget *m_acts;
    QPushButton *m_publish;
    ExecutionReport m_report;
    QString m_problem;
    bool m_isIncluded = false;
};

} // namespace countersign
