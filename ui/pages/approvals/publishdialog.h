#pragma once

#include "ui/pages/approvals/flowdialog.h"

namespace countersign {

/// Publishing the sources of what an execution created: what leaves this machine, for where, before it does.
class PublishDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PublishDialog)

public:
    PublishDialog(ApprovalDesk &desk, const ExecutionReport &report, QWidget *parent = nullptr);

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override { return m_problem; }

private:
    ExecutionReport m_report;
    QString m_problem;
};

} // namespace countersign
