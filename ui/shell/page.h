#pragma once

#include <QWidget>

namespace countersign {

class ActionRegistry;

/// What the shell asks of a page. Everything is optional: a page without a filter has none to focus.
class Page : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Page)

public:
    explicit Page(QWidget *parent = nullptr)
        : QWidget(parent)
    {
    }

    /// Called once, when the page is first built; actions carry the page's id as their context.
    virtual void registerActions(ActionRegistry &) { }
    virtual void refresh() { }
    virtual void focusFilter() { }
    /// Esc: closes the innermost thing that is open; false when there is none.
    virtual bool closeInnermost() { return false; }
    /// Copies what is selected as text for a machine (Ctrl+Shift+C); false when nothing is.
    virtual bool copySelection() { return false; }
};

} // namespace countersign
