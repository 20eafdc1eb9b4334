#pragma once

#include "models/approvals/composedesk.h"

#include <QDialog>
#include <QList>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace countersign {

class Prompter;

/// The files that go with the proposal that is composed: name, size and hash; adding and removing.
class DocumentsDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DocumentsDialog)

public:
    DocumentsDialog(const QList<ComposeDocument> &documents, Prompter &prompter, QWidget *parent = nullptr);

    const QList<ComposeDocument> &documents() const { return m_documents; }
    QTreeWidget *list() const { return m_list; }
    QPushButton *addButton() const { return m_add; }
    QPushButton *removeButton() const { return m_remove; }
    QString message() const;

signals:
    void documentsChanged();

private:
    void add();
    void take(const QStringList &paths);
    void remove();
    void fill(int current);

    QList<ComposeDocument> m_documents;
    Prompter &m_prompter;
    QTreeWidget *m_list;
    QLabel *m_message;
    QPushButton *m_add;
    QPushButton *m_remove;
};

} // namespace countersign
