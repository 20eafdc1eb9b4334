#pragma once

#include "models/approvals/composedesk.h"

#include <QToolButton>

namespace countersign {

/// Which open proposals are to be executed before the one that is composed.
class DependencyChooser final : public QToolButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DependencyChooser)

public:
    /// \a desk outlives the widget.
    explicit DependencyChooser(const ComposeDesk &desk, QWidget *parent = nullptr);

    /// What is not open any more stays chosen, and is said, until the person takes it off.
    void setChosen(const QList<Hash32> &chosen);
    const QList<Hash32> &chosen() const { return m_chosen; }

signals:
    void chosenChanged();

private:
    void fillMenu();
    void toggle(const Hash32 &id, bool isOn);
    void showChosen();

    const ComposeDesk &m_desk;
    QList<Hash32> m_chosen;
};

} // namespace countersign
