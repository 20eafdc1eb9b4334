#pragma once

#include <QDockWidget>

class QPlainTextEdit;

namespace countersign {

/// The last lines of the console's own log, newest at the bottom.
class LogDock final : public QDockWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogDock)

public:
    explicit LogDock(QWidget *parent = nullptr);

    void appendLine(const QString &line);

private:
    QPlainTextEdit *m_text;
};

} // namespace countersign
