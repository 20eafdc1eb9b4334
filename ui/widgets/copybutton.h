#pragma once

#include <QToolButton>

namespace countersign {

/// Copies one value and says so in place, without a message that has to be closed.
class CopyButton final : public QToolButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CopyButton)

public:
    explicit CopyButton(const QString &what, QWidget *parent = nullptr);

    void setValue(const QString &value);

private:
    void copy();

    QString m_what;
    QString m_value;
};

} // namespace countersign
