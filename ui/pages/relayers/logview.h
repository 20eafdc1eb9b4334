#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTimer;

namespace countersign {

class DataTable;
class LogDetails;
class LogTableModel;
class ToneLabel;

/// The relayers' log: a filter line, what is written now or was found in the history, and one line in whole.
class LogView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogView)

public:
    /// The model outlives the view.
    explicit LogView(LogTableModel &log, QWidget *parent = nullptr);

    void setFilterText(const QString &text);
    QString filterText() const;
    QString errorText() const; ///< what is wrong in the filter line; empty: nothing
    void focusFilter();
    bool closeInnermost();
    bool copySelection();
    void searchHistory();
    void setPaused(bool paused);
    bool isPaused() const;
    void goToNewest();
    void openIntent(); ///< of the current line
    /// Why lines are missing or old; empty: nothing.
    void setProblem(const QString &problem);
    DataTable *table() const { return m_table; }

signals:
    void intentRequested(const QString &intent);

private:
    void parse();
    void updateHold();
    void showState();
    void showOverlay();
    void showCurrent();
    QString stateText() const;

    LogTableModel &m_log;
    QLineEdit *m_filter;
    ToneLabel *m_error;
    QComboBox *m_level;
    QLabel *m_count;
    QPushButton *m_new;
    QPushButton *m_pause;
    QPushButton *m_history;
    DataTable *m_table;
    LogDetails *m_details;
    QTimer *m_delay;
    QTimer *m_progress;
    QString m_problem;
};

} // namespace countersign
