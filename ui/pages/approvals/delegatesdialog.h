#pragma once

#include "ui/pages/approvals/flowdialog.h"

#include <optional>

class QComboBox;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;

namespace countersign {

/// Who may propose for owners at a transaction service, as it claims; and adding or removing one for the active holder,
/// with what is signed before it is.
class DelegatesDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DelegatesDialog)

public:
    /// The desk outlives the dialog. \a carrier: the name of the service.
    DelegatesDialog(ApprovalDesk &desk, const QString &carrier, QWidget *parent = nullptr);

    QListWidget *list() const { return m_list; }
    QComboBox *act() const { return m_act; }
    QLineEdit *addressEdit() const { return m_address; }
    QLineEdit *labelEdit() const { return m_label; }
    QLineEdit *endEdit() const { return m_end; }
    QPlainTextEdit *words() const { return m_words; }

protected:
    void start(SecretBuffer pin) override;
    QString missing() const override { return m_problem; }

private:
    void showDelegates();
    void showRequest();
    void setEditable(bool on);
    Result<SafeServiceDelegate> entered() const;

    DelegateDesk &m_delegates;
    QString m_carrier;
    DeskDelegates m_known;
    std::optional<DelegateRequest> m_request; // what is shown
    QLabel *m_state;
    QListWidget *m_list;
    QComboBox *m_act;
    QWidget *m_fields;
    QLineEdit *m_address;
    QLineEdit *m_label;
    QLineEdit *m_end;
    QPlainTextEdit *m_words;
    QString m_problem;
};

} // namespace countersign
