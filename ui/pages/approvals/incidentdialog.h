#pragma once

#include "ui/pages/approvals/flowdialog.h"

class QPlainTextEdit;

namespace countersign {

/// Opening a proposal again that an incident has closed at this console: somebody says what came of it.
class IncidentDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IncidentDialog)

public:
    IncidentDialog(ApprovalDesk &desk, const Hash32 &id, const QString &subject, QWidget *parent = nullptr);

    QPlainTextEdit *reasonEdit() const { return m_reason; }

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    Hash32 m_id;
    QPlainTextEdit *m_reason;
};

} // namespace countersign
