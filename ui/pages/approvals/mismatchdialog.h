#pragma once

#include "ui/pages/approvals/flowdialog.h"

class QLineEdit;
class QPlainTextEdit;

namespace countersign {

/// The device shows another hash: an incident. It closes the proposal here and warns the other holders.
class MismatchDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MismatchDialog)

public:
    MismatchDialog(ApprovalDesk &desk, const Hash32 &id, const QString &subject, QWidget *parent = nullptr);

    QLineEdit *shownEdit() const { return m_shown; }

protected:
    void start(SecretBuffer pin) override;
    bool isPinOptional() const override { return true; }

private:
    Hash32 m_id;
    QLineEdit *m_shown;
    QPlainTextEdit *m_text;
};

} // namespace countersign
