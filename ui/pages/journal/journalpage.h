#pragma once

#include "ui/shell/page.h"

#include <QList>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace countersign {

class DataTable;
class JournalDetails;
class JournalModel;
class Prompter;
class StatusBadge;
struct JournalRow;

/// Who did what, when, on what evidence: the hash-chained record, filtered, verified, exported.
class JournalPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JournalPage)

public:
    /// Both outlive the page.
    JournalPage(JournalModel &model, Prompter &prompter, QWidget *parent = nullptr);

    void registerActions(ActionRegistry &registry) override;
    void refresh() override;
    void focusFilter() override;
    bool closeInnermost() override;
    bool copySelection() override;

signals:
    /// The person agreed to go on in a new file beside the damaged one.
    void successorRequested();
    /// The journal could not be opened; try again.
    void retryRequested();

private:
    void applyFilter();
    void showStatus();
    void showCurrent();
    void exportRows();
    struct Export;
    void beginExport(const QString &path);
    void exportNext();
    void writeRows(const QList<JournalRow> &rows);
    void endExport(const QString &outcome);
    void askSuccessor();

    JournalModel &m_model;
    Prompter &m_prompter;
    StatusBadge *m_badge;
    QLabel *m_status;
    QPushButton *m_verify;
    QPushButton *m_export;
    QPushButton *m_successor;
    QComboBox *m_kind;
    QLineEdit *m_filter;
    QLabel *m_count;
    DataTable *m_table;
    JournalDetails *m_details;
    qint64 m_wantedId = 0; // the row whose details are shown, or being read
    std::shared_ptr<Export> m_running;
};

} // namespace countersign
