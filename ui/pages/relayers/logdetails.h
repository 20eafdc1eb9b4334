#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace countersign {

class CopyButton;

/// One line of a log as it was written, a field a line.
class LogDetails final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogDetails)

public:
    explicit LogDetails(QWidget *parent = nullptr);

    /// \a indented is shown, \a raw is copied; \a intent may be empty.
    void setLine(const QString &title, const QString &indented, const QString &raw, const QString &intent);

signals:
    void closeRequested();
    void intentRequested(const QString &intent);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_title;
    QPlainTextEdit *m_text;
    CopyButton *m_copy;
    QPushButton *m_intentButton;
    QString m_intent;
};

} // namespace countersign
