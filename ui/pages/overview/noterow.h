#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace countersign {

/// A sentence that may lead somewhere: mark, words, and a button that says where to.
class NoteRow final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NoteRow)

public:
    NoteRow(Tone tone, const QString &text, const QString &action, QWidget *parent = nullptr);

    void setText(const QString &text);
    void setNote(const QString &note);

signals:
    void activated();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone;
    QLabel *m_text;
    QLabel *m_note;
    QPushButton *m_button = nullptr;
};

} // namespace countersign
