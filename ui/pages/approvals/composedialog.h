#pragma once

#include "ui/pages/approvals/flowdialog.h"

#include <optional>

class QComboBox;
class QLineEdit;

namespace countersign {

class KeyValueView;

/// Proposing that the key of a Canton party be revoked: whose, why, and what will be different afterwards.
class ComposeDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ComposeDialog)

public:
    explicit ComposeDialog(ApprovalDesk &desk, QWidget *parent = nullptr);

    QComboBox *partyBox() const { return m_party; }
    QLineEdit *reasonEdit() const { return m_reason; }

signals:
    void proposed(const countersign::Hash32 &id);

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    void draft();
    void showDraft(const Result<ProposalDraft> &draft);

    QComboBox *m_chain;
    QComboBox *m_party;
    QLineEdit *m_reason;
    KeyValueView *m_effect;
    std::optional<ProposalDraft> m_draft;
    QString m_problem;
};

} // namespace countersign
