#include "ui/shell/shortcutsdialog.h"

#include "backend/types/strings.h"
#include "ui/shell/actionregistry.h"
#include "ui/theme/fonts.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace countersign {

namespace {

QGridLayout *addColumn(QHBoxLayout &columns)
{
    auto *beside = new QVBoxLayout;
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(28);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 1);
    beside->addLayout(grid);
    beside->addStretch();
    columns.addLayout(beside);
    return grid;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const ActionRegistry &registry, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"shortcutsDialog"_s);
    setWindowTitle(tr("Keyboard"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 14);
    // Two columns of whole groups: one of them all is taller than a small screen.
    auto *columns = new QHBoxLayout;
    columns->setSpacing(44);
    const auto keysIn = [&](const QString &group) {
        return std::ranges::count_if(
            registry.specs(), [&](const ActionSpec &spec) { return spec.group == group && !spec.shortcuts.isEmpty(); });
    };
    const auto all = std::ranges::count_if(registry.specs(), [](const ActionSpec &spec) { return !spec.shortcuts.isEmpty(); });
    QGridLayout *grid = addColumn(*columns);
    int row = 0;
    auto left = (all + 1) / 2;
    for (const QString &group : registry.groups()) {
        const auto count = keysIn(group);
        if (count == 0)
            continue;
        if (columns->count() == 1 && left <= count / 2) {
            grid = addColumn(*columns);
            row = 0;
        }
        left -= count;
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
    layout->addLayout(columns);
    layout->addSpacing(10);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    buttons->button(QDialogButtonBox::Close)->setAccessibleName(tr("Close"));
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
}

} // namespace countersign
