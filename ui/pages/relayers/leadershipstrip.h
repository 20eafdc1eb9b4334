#pragma once

#include "backend/types/clock.h"

#include <QRect>
#include <QWidget>

#include <vector>

namespace countersign {

class ElectionModel;

/// Who led when, as one strip of time up to now. Arrow keys go from one leader to the one before; what is chosen is told
/// in words under the strip.
class LeadershipStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LeadershipStrip)

public:
    /// Both outlive the strip.
    LeadershipStrip(const ElectionModel &election, const Clock &clock, QWidget *parent = nullptr);

    /// The chosen leadership in words, with its duration; what the strip shows when none is chosen.
    QString summary() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    void refresh();
    void choose(int span);
    std::vector<QRect> layoutSpans() const;
    int spanAt(const QPoint &at) const;
    QString textOf(int span) const;
    int seriesOf(const QString &relayer) const;

    const ElectionModel &m_election;
    const Clock &m_clock;
    int m_chosen = -1;
};

} // namespace countersign
