#pragma once

#include "ui/widgets/prompter.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace countersign {

/// Says what will happen and what cannot be taken back; Cancel is the default. Without a label for the act there is
/// nothing to choose, and it only closes.
class ConfirmDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfirmDialog)

public:
    explicit ConfirmDialog(const ConfirmRequest &request, QWidget *parent = nullptr);

private:
    QString m_expected;
    QLineEdit *m_typed;
    QPushButton *m_confirm;
};

} // namespace countersign
