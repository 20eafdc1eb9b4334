#pragma once

#include "ui/pages/approvals/flowdialog.h"

class QCheckBox;
class QPlainTextEdit;

namespace countersign {

/// Saying something about a proposal under one's own key: a note, a rejection, a withdrawal.
class StatementDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StatementDialog)

public:
    static constexpr qsizetype maxText = 2000;

    /// \a kind: Note, Rejection or Withdrawal. \a subject: the proposal's title.
    StatementDialog(
        ApprovalDesk &desk, StatementKind kind, const Hash32 &id, const QString &subject, QWidget *parent = nullptr);

    QPlainTextEdit *textEdit() const { return m_text; }
    QCheckBox *deleteBox() const { return m_delete; } ///< null where there is nothing to delete

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    StatementKind m_kind;
    Hash32 m_id;
    QPlainTextEdit *m_text;
    QCheckBox *m_delete = nullptr;
};

} // namespace countersign
