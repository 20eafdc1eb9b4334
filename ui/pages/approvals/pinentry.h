#pragma once

#include "models/approvals/approvaldesk.h"

#include <QWidget>

namespace countersign {

/// Takes a PIN key by key straight into a wiped buffer: no text field, no undo, no clipboard, no input method. Shows
/// one dot a key. A token, which nobody types, may be pasted where that is allowed.
class PinEntry final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PinEntry)

public:
    explicit PinEntry(QWidget *parent = nullptr);

    /// For what is too long to be typed; \a name is what it is called then.
    void allowPasting(const QString &name);
    /// What the clipboard has, without the white space around it, instead of what was there. False when that is nothing,
    /// or nothing that can be one; then nothing has changed.
    bool paste();
    /// Hands the PIN over and is empty afterwards.
    SecretBuffer take();
    void clear();
    bool isEmpty() const { return m_pin.isEmpty(); }
    qsizetype length() const { return m_pin.size(); }

    QSize sizeHint() const override;

signals:
    void changed();
    void submitted();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void announce();

    SecretBuffer m_pin;
    bool m_takesPasted = false;
};

} // namespace countersign
