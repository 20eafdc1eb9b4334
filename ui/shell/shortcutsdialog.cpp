#include "ui/shell/shortcutsdialog.h"

#include "backend/types/strings.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/fonts.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

ShortcutsDialog::ShortcutsDialog(const ActionRegistry &registry, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"shortcutsDialog"_s);
    setWindowTitle(tr("Keyboard"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 14);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(28);
    grid->setVerticalSpacing(4);
    int row = 0;
    for (const QString &group : registry.groups()) {
        const bool hasKeys = std::ranges::any_of(
            registry.specs(), [&](const ActionSpec &spec) { return spec.group == group && !spec.shortcuts.isEmpty(); });
        if (!hasKeys)
            continue;
        auto *heading = new QLabel(group, this);
        heading->setFont(uiFont(TextSize::Strong, QFont::Medium));
        if (row > 0)
            grid->setRowMinimumHeight(row++, 6);
        grid->addWidget(heading, row++, 0, 1, 2);
        for (const ActionSpec &spec : registry.specs()) {
            if (spec.group != group || spec.shortcuts.isEmpty())
                continue;
            QStringList keys;
            for (const QKeySequence &sequence : spec.shortcuts)
                keys.append(sequence.toString(QKeySequence::NativeText));
            auto *text = new QLabel(spec.text, this);
            auto *shortcut = new QLabel(keys.join(tr(" or ")), this);
            shortcut->setFont(monoFont());
            shortcut->setForegroundRole(QPalette::PlaceholderText);
            grid->addWidget(text, row, 0);
            grid->addWidget(shortcut, row++, 1);
        }
    }
    grid->setColumnStretch(0, 1);
    layout->addLayout(grid);
    layout->addSpacing(10);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

} // namespace countersign
