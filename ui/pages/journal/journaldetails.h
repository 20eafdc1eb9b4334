#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace countersign {

class CopyButton;
class KeyValueView;
struct JournalRow;

/// One row of the journal in full, with its evidence as JSON.
class JournalDetails final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JournalDetails)

public:
    explicit JournalDetails(QWidget *parent = nullptr);

    void setRow(const JournalRow &row);
    QString text() const { return m_text; }

signals:
    void closeRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_title;
    KeyValueView *m_rows;
    QPlainTextEdit *m_evidence;
    CopyButton *m_copy;
    QString m_text;
};

} // namespace countersign
