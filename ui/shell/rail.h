#pragma once

#include <QWidget>

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace countersign {

class RailButton;

/// The pages, from top to bottom, with what waits in each.
class Rail final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Rail)

public:
    explicit Rail(QWidget *parent = nullptr);

    void addPage(const QString &id, const QString &title, QLatin1StringView icon, const QString &shortcut);
    void setCurrent(const QString &id);
    void setCount(const QString &id, int count);
    /// Opens the menu of every action.
    QToolButton *menuButton() const { return m_menu; }

signals:
    void pageRequested(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    RailButton *button(const QString &id) const;

    QVBoxLayout *m_layout;
    QButtonGroup *m_group;
    QToolButton *m_menu;
};

} // namespace countersign
