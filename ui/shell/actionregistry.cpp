#include "ui/shell/actionregistry.h"

#include "backend/types/strings.h"
#include "ui/theme/icons.h"

#include <QAction>
#include <QMenu>
#include <QWidget>

#include <algorithm>

namespace countersign {

ActionRegistry::ActionRegistry(QWidget *window)
    : QObject(window)
    , m_window(window)
{
}

Result<QAction *> ActionRegistry::add(const ActionSpec &spec, std::function<void()> run)
{
    if (m_actions.contains(spec.id))
        return fail(ErrorKind::Conflict, tr("The action “%1” exists already.").arg(spec.id));
    for (const ActionSpec &other : std::as_const(m_specs)) {
        const bool meet = other.context == spec.context || other.context.isEmpty() || spec.context.isEmpty();
        for (const QKeySequence &keys : spec.shortcuts) {
            if (meet && other.shortcuts.contains(keys))
                return fail(ErrorKind::Conflict,
                    tr("%1 is taken by “%2”.").arg(keys.toString(QKeySequence::NativeText), other.text));
        }
    }
    auto *action = new QAction(spec.text, this);
    if (!spec.icon.isEmpty())
        action->setIcon(themeIcon(spec.icon));
    action->setShortcuts(QList<QKeySequence>(spec.shortcuts.begin(), spec.shortcuts.end()));
    action->setShortcutContext(Qt::WindowShortcut);
    action->setToolTip(spec.hint.isEmpty() ? spec.text : spec.hint);
    action->setObjectName(spec.id);
    action->setEnabled(spec.context.isEmpty() || spec.context == m_context);
    connect(action, &QAction::triggered, this, [this, id = spec.id, run = std::move(run)] {
        run();
        emit triggered(id);
    });
    m_window->addAction(action);
    m_specs.append(spec);
    m_actions.insert(spec.id, action);
    return action;
}

QStringList ActionRegistry::groups() const
{
    QStringList result;
    for (const ActionSpec &spec : m_specs) {
        if (!result.contains(spec.group))
            result.append(spec.group);
    }
    return result;
}

void ActionRegistry::fill(QMenu &menu, const QString &group) const
{
    for (const ActionSpec &spec : m_specs) {
        if (spec.group == group)
            menu.addAction(m_actions.value(spec.id));
    }
}

void ActionRegistry::setContext(const QString &context)
{
    m_context = context;
    for (const ActionSpec &spec : std::as_const(m_specs)) {
        if (!spec.context.isEmpty())
            m_actions.value(spec.id)->setEnabled(spec.context == context);
    }
}

} // namespace countersign
