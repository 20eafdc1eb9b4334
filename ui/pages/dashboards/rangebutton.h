#pragma once

#include <QPushButton>

class QLineEdit;

namespace countersign {

class DashboardSession;

/// The range that a dashboard shows: usual ones, or any that one types.
class RangeButton final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RangeButton)

public:
    /// Outlives the button.
    explicit RangeButton(DashboardSession &session, QWidget *parent = nullptr);

    QLineEdit *fromEdit() const { return m_from; }
    QLineEdit *toEdit() const { return m_to; }
    /// Applies what was typed; says what is wrong with it otherwise.
    bool applyTyped();

private:
    void showRange();

    DashboardSession &m_session;
    QLineEdit *m_from;
    QLineEdit *m_to;
};

} // namespace countersign
