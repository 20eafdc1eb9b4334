#pragma once

#include <QWidget>

class QLabel;
class QListView;
class QPlainTextEdit;

namespace countersign {

class CopyButton;
class ElidedLabel;
class IntentTableModel;
class IntentTimelineModel;
class KeyValueView;
class StatusBadge;

/// One intent: where it is and why, what happens next, and its way with the evidence of each hop.
class IntentDetails final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntentDetails)

public:
    IntentDetails(IntentTimelineModel &timeline, const IntentTableModel &table, QWidget *parent = nullptr);

    QString json() const;
    QString id() const; ///< of the intent; empty: none

signals:
    void closeRequested();
    void logRequested(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    void showHop();

    IntentTimelineModel &m_timeline;
    const IntentTableModel &m_table;
    ElidedLabel *m_title;
    StatusBadge *m_badge;
    QLabel *m_reason;
    QLabel *m_next;
    KeyValueView *m_terms;
    QListView *m_hops;
    QPlainTextEdit *m_detail;
    CopyButton *m_copy;
};

} // namespace countersign
