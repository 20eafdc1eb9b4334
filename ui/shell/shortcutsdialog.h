#pragma once

#include <QDialog>

namespace countersign {

class ActionRegistry;

/// F1: every action with its keys, by group; a view of the registry.
class ShortcutsDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ShortcutsDialog)

public:
    ShortcutsDialog(const ActionRegistry &registry, QWidget *parent);
};

} // namespace countersign
