#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace countersign {

class StaleStrip;

/// What a view says when it has nothing good to show: empty, loading, failed, or showing old data. Lies over its parent
/// and follows its size; a stale view keeps its content, hatched, with the reason and the age in the strip above it.
class StateOverlay final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StateOverlay)

public:
    enum class State { None, Empty, Loading, Error, Stale };

    /// \a strip: laid out above the view, where it hides nothing.
    StateOverlay(StaleStrip *strip, QWidget *parent);

    void clear();
    void showEmpty(const QString &message, const QString &hint = {});
    void showLoading(const QString &message);
    void showError(const QString &message, const QString &hint, bool canRetry = true);
    void showStale(const QString &message);

    State state() const { return m_state; }
    const QString &message() const { return m_text; }

signals:
    void retryRequested();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void show(State state, const QString &message, const QString &hint, bool canRetry);
    void cover();

    State m_state = State::None;
    StaleStrip *m_strip;
    QString m_text;
    QLabel *m_message;
    QLabel *m_hint;
    QPushButton *m_retry;
};

} // namespace countersign
