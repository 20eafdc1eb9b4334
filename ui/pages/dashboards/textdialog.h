#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace countersign {

/// A longer text to read and to copy; deletes itself when it is closed.
class TextDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextDialog)

public:
    TextDialog(const QString &title, const QString &text, QWidget *parent = nullptr);

    QPlainTextEdit *textEdit() const { return m_text; }

private:
    QPlainTextEdit *m_text;
};

} // namespace countersign
