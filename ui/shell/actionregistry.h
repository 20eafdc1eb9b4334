#pragma once

#include "backend/types/error.h"

#include <QHash>
#include <QKeySequence>
#include <QObject>
#include <QVector>

#include <functional>

class QAction;
class QMenu;
class QWidget;

namespace countersign {

/// What an action is before it exists. Ids are stable words such as "page.intents"; groups are the headings of menus
/// and palette.
struct ActionSpec {
    QString id;
    QString group;
    QString text;
    QString hint; ///< one line for tooltip and palette
    QLatin1StringView icon;
    QVector<QKeySequence> shortcuts;
    /// Where the shortcuts count: empty is everywhere in the window, otherwise the name of one page or dialog.
    QString context;
};

/// Every action of the window, once. Menus, shortcuts, the list of shortcuts and the palette are views of it.
class ActionRegistry final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ActionRegistry)

public:
    explicit ActionRegistry(QWidget *window);

    /// Conflict when the id exists, or when a shortcut is taken in the same context or by a window-wide action.
    Result<QAction *> add(const ActionSpec &spec, std::function<void()> run);

    QAction *action(const QString &id) const { return m_actions.value(id); }
    const QVector<ActionSpec> &specs() const { return m_specs; }
    QStringList groups() const;
    void fill(QMenu &menu, const QString &group) const;
    /// Shortcuts of a context work only while it is the current one.
    void setContext(const QString &context);

signals:
    void triggered(const QString &id);

private:
    QWidget *m_window;
    QVector<ActionSpec> m_specs;
    QHash<QString, QAction *> m_actions;
    QString m_context;
};

} // namespace countersign
