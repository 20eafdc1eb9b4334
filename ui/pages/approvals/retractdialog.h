#pragma once

#include "ui/pages/approvals/flowdialog.h"

#include <QList>

class QComboBox;
class QPlainTextEdit;

namespace countersign {

/// The overrides that the active holder made for a proposal and has not taken back.
QList<Statement> ownOverrides(const ApprovalDesk &desk, const ExchangeItem &item);

/// Taking back, under one's own key and with a reason, what one answered for. One person is enough for that.
class RetractDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RetractDialog)

public:
    static constexpr qsizetype maxReason = 2000;

    /// \a overrides: of the active holder, at least one.
    RetractDialog(ApprovalDesk &desk, const Hash32 &id, const QList<Statement> &overrides, QWidget *parent = nullptr);

    QComboBox *choice() const { return m_choice; }
    QPlainTextEdit *reasonEdit() const { return m_reason; }

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override;

private:
    Hash32 m_id;
    QList<Statement> m_overrides;
    QComboBox *m_choice;
    QPlainTextEdit *m_reason;
};

} // namespace countersign
