#pragma once

#include "models/dashboards/dashboardsession.h"

#include <QWidget>

class QHBoxLayout;

namespace countersign {

/// The variables of a dashboard, each with what can be chosen.
class VariableBar final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(VariableBar)

public:
    /// Outlives the bar.
    explicit VariableBar(DashboardSession &session, QWidget *parent = nullptr);

    QWidget *field(const QString &variable) const { return m_fields.value(variable); }

private:
    void rebuild();
    QWidget *choiceField(const VariableChoice &choice);
    QWidget *textField(const VariableChoice &choice);

    DashboardSession &m_session;
    QHBoxLayout *m_layout;
    QHash<QString, QWidget *> m_fields;
};

} // namespace countersign
