#pragma once

#include "ui/pages/approvals/flowdialog.h"

#include <optional>

class QComboBox;
class QPlainTextEdit;

namespace countersign {

class Prompter;

/// Publishing the sources of what an execution created: what leaves this machine, for where, before it does.
class PublishDialog final : public FlowDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PublishDialog)

public:
    /// Both desk and prompter outlive the dialog. Directly after the execution: what was verified then.
    PublishDialog(ApprovalDesk &desk, const ExecutionReport &report, Prompter &prompter, QWidget *parent = nullptr);
    /// Later: verified again first.
    PublishDialog(ApprovalDesk &desk, const Hash32 &id, Prompter &prompter, QWidget *parent = nullptr);
    ~PublishDialog() override;

    QComboBox *publisherChoice() const { return m_choice; }
    QPlainTextEdit *contents() const { return m_list; }
    QPushButton *keyButton() const { return m_keyButton; }
    QPushButton *stopButton() const { return m_stop; }

protected:
    void start(SecretBuffer pin) override;
    void tryAgain() override;
    QString missing() const override { return m_problem; }
    void reject() override;

private:
    PublishDialog(ApprovalDesk &desk, const Hash32 &id, const std::optional<ExecutionReport> &report, Prompter &prompter,
        QWidget *parent);
    void build();
    void look();
    void showContents();
    void showFound(const Result<ExecutionReport> &report);
    void conclude(const Result<PublishedSources> &published);
    void enterKey();
    void setProblem(const QString &problem);
    DeskPublisher publisher() const;

    PublicationDesk &m_publication;
    Prompter &m_prompter;
    Hash32 m_id;
    std::optional<ExecutionReport> m_report;
    QList<DeskPublisher> m_publishers;
    QComboBox *m_choice;
    QPlainTextEdit *m_list;
    QWidget *m_keyRow;
    QLabel *m_keyState;
    QPushButton *m_keyButton;
    QPushButton *m_stop;
    QString m_problem;
};

} // namespace countersign
