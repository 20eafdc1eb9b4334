#pragma once

#include "models/approvals/environmententry.h"
#include "models/approvals/approvaldesk.h"
#include "ui/theme/tokens.h"

#include <QDialog>

#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace countersign {

class StatusBadge;

/// Entering what an execution created into the environment file: which contract under which name, the lines before they
/// are written, and the way back.
class EnvironmentDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EnvironmentDialog)

public:
    /// Looks at once what the proposal created; \a subject: its title.
    EnvironmentDialog(ApprovalDesk &desk, ChainId chain, const Hash32 &id, const QString &subject, QWidget *parent = nullptr);

    QComboBox *contractBox() const { return m_contracts; }
    QLineEdit *nameEdit() const { return m_name; }
    QPlainTextEdit *diffView() const { return m_diff; }
    QPushButton *writeButton() const { return m_write; }
    QPushButton *undoButton() const { return m_undo; }
    QString message() const;

private:
    void showDeployments(const Result<QList<DeploymentVerification>> &result);
    void chooseContract();
    void plan();
    void write();
    void undo();
    void say(Tone tone, const QString &word, const QString &text);
    void note(const QString &what);

    ApprovalDesk &m_desk;
    ChainId m_chain;
    Hash32 m_id;
    QList<NewContract> m_found;
    EnvironmentEntry m_entry;

    QComboBox *m_contracts;
    QLabel *m_nameLabel;
    QLineEdit *m_name;
    QPlainTextEdit *m_diff;
    StatusBadge *m_badge;
    QLabel *m_message;
    QPushButton *m_write;
    QPushButton *m_undo;
};

} // namespace countersign
