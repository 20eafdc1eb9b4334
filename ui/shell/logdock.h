#pragma once

#include <QDockWidget>
#include <QStringList>

class QPlainTextEdit;

namespace countersign {

/// The last lines of the console's own log, newest at the bottom.
class LogDock final : public QDockWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LogDock)

public:
    explicit LogDock(QWidget *parent = nullptr);

    void appendLine(const QString &line);

protected:
    void showEvent(QShowEvent *event) override;

private:
    static constexpr int mostLines = 2000;

    void makeText();

    QPlainTextEdit *m_text = nullptr;
    QStringList m_waiting; ///< lines that came before the dock was shown
};

} // namespace countersign
