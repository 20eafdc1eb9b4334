#pragma once

#include "models/approvals/approvaldesk.h"

#include <QDialog>
#include <QList>

#include <optional>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace countersign {

class Prompter;

/// What goes with a proposal: name, size and hash of each file, and saving one where the person says. Nothing is opened.
class AttachmentsDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AttachmentsDialog)

public:
    AttachmentsDialog(ApprovalDesk &desk, const Proposal &proposal, Prompter &prompter, QWidget *parent = nullptr);

    QTreeWidget *list() const { return m_list; }
    QPushButton *saveButton() const { return m_save; }
    QPushButton *folderButton() const { return m_folder; }
    QString message() const;

private:
    void save();
    void write(const QString &path, const Attachment &attachment);
    void take(const Result<Bytes> &content);

    ApprovalDesk &m_desk;
    Prompter &m_prompter;
    QList<Attachment> m_attachments;
    struct Wanted {
        QString path;
        Attachment attachment;
    };
    std::optional<Wanted> m_wanted; // while it is read
    QString m_savedIn;
    QTreeWidget *m_list;
    QLabel *m_message;
    QPushButton *m_save;
    QPushButton *m_folder;
};

} // namespace countersign
