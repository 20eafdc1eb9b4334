#pragma once

#include "ui/pages/approvals/flowdialog.h"

namespace countersign {

class KeyValueView;
class ReviewModel;

/// Executing a transaction that has its signatures, and reading its effect back.
class ExecuteDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ExecuteDialog)

public:
    ExecuteDialog(ApprovalDesk &desk, const ReviewModel &review, QWidget *parent = nullptr);

protected:
    void start(SecretBuffer pin) override;

private:
    void showReport(const ExecutionReport &report);

    Hash32 m_id;
    KeyValueView *m_effects;
};

} // namespace countersign
