#pragma once

#include "models/qr/qrframes.h"

#include <QBasicTimer>
#include <QWidget>

#include <optional>

namespace countersign {

/// Shows a message to a camera: one symbol after the other, black on white in every theme, a whole number of pixels a
/// module. Stands still while it is hidden. Space pauses; left and right go from frame to frame.
class QrView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QrView)

public:
    static constexpr int slowest = 5; ///< frames a second
    static constexpr int fastest = 8;

    explicit QrView(QWidget *parent = nullptr);

    /// Begins with the first frame.
    void setFrames(const QrFrames &frames);
    void clear();
    void setFrameRate(int perSecond); ///< slowest to fastest
    void setPaused(bool paused);

    quint32 frame() const { return m_number; } ///< from 1; 0 when there is nothing to show
    bool isPaused() const { return m_paused; }
    bool isRunning() const { return m_timer.isActive(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void frameShown(quint32 number);
    void pausedChanged(bool paused);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void timerEvent(QTimerEvent *event) override;

private:
    void showFrame(quint32 number);
    void runOrRest();
    void describe();

    std::optional<QrFrames> m_frames;
    std::optional<QrSymbol> m_symbol;
    quint32 m_number = 0;
    int m_rate = 6;
    bool m_paused = false;
    QBasicTimer m_timer;
};

} // namespace countersign
