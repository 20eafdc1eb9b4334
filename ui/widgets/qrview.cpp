#include "ui/widgets/qrview.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTimerEvent>

#include <algorithm>
#include <limits>

namespace countersign {

namespace {

constexpr int margin = 4; // for the ring of the focus
constexpr int captionGap = 4;

int captionHeight()
{
    return QFontMetrics(uiFont(TextSize::Small)).height() + captionGap;
}

} // namespace

QrView::QrView(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Message for a camera"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    describe();
}

void QrView::setFrames(const QrFrames &frames)
{
    m_frames = frames;
    m_paused = false;
    showFrame(1);
    runOrRest();
}

void QrView::clear()
{
    m_frames.reset();
    m_symbol.reset();
    m_number = 0;
    runOrRest();
    describe();
    update();
}

void QrView::setFrameRate(int perSecond)
{
    m_rate = std::clamp(perSecond, slowest, fastest);
    m_timer.stop();
    runOrRest();
}

void QrView::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    runOrRest();
    describe();
    update();
    emit pausedChanged(paused);
}

void QrView::showFrame(quint32 number)
{
    m_number = number;
    m_symbol = m_frames->symbol(number);
    describe();
    update();
    emit frameShown(number);
}

void QrView::runOrRest()
{
    const bool runs = m_frames && m_frames->partCount() > 1 && !m_paused && isVisible();
    if (runs && !m_timer.isActive())
        m_timer.start(1000 / m_rate, Qt::PreciseTimer, this);
    else if (!runs)
        m_timer.stop();
}

void QrView::describe()
{
    QString text = tr("Nothing to show");
    if (m_frames && m_frames->partCount() == 1)
        text = tr("One frame holds the whole message");
    else if (m_frames)
        text = m_paused ? tr("Frame %1, paused; the message has %2 parts").arg(m_number).arg(m_frames->partCount())
                        : tr("Frame %1; the message has %2 parts").arg(m_number).arg(m_frames->partCount());
    setAccessibleDescription(text);
}

QSize QrView::sizeHint() const
{
    return {420, 420 + captionHeight()};
}

QSize QrView::minimumSizeHint() const
{
    return {220, 220 + captionHeight()};
}

void QrView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect caption(0, height() - captionHeight(), width(), captionHeight());
    painter.setFont(uiFont(TextSize::Small));
    painter.setPen(tokenColor(Token::Muted, palette()));
    painter.drawText(caption, Qt::AlignHCenter | Qt::AlignBottom,
        painter.fontMetrics().elidedText(accessibleDescription(), Qt::ElideRight, width()));
    if (hasFocus()) {
        painter.setPen(QPen(tokenColor(Token::Accent, palette()), 1.5));
        painter.drawRect(QRectF(0, 0, width(), height() - captionHeight()).adjusted(0.75, 0.75, -0.75, -0.75));
    }
    if (!m_symbol)
        return;
    // In pixels of the screen: a module that is a fraction wider than its neighbour is what cameras misread.
    const qreal ratio = devicePixelRatioF();
    const int modules = m_symbol->size() + 2 * QrSymbol::quietZone;
    const int roomWide = static_cast<int>((width() - 2 * margin) * ratio);
    const int roomHigh = static_cast<int>((height() - captionHeight() - 2 * margin) * ratio);
    const int scale = std::min(roomWide, roomHigh) / modules;
    if (scale < 1) {
        painter.setPen(tokenColor(Token::Bad, palette()));
        painter.drawText(rect(), Qt::AlignCenter, tr("Too small to be read"));
        return;
    }
    painter.scale(1 / ratio, 1 / ratio);
    const int side = modules * scale;
    const int left = static_cast<int>(margin * ratio) + (roomWide - side) / 2;
    const int top = static_cast<int>(margin * ratio) + (roomHigh - side) / 2;
    // No theme's colours: readers expect dark on light.
    painter.fillRect(left, top, side, side, Qt::white);
    for (int row = 0; row < m_symbol->size(); ++row) {
        for (int column = 0; column < m_symbol->size(); ++column) {
            int run = 0;
            while (m_symbol->isDark(column + run, row))
                ++run;
            if (run > 0)
                painter.fillRect(left + (QrSymbol::quietZone + column) * scale,
                    top + (QrSymbol::quietZone + row) * scale, run * scale, scale, Qt::black);
            column += run;
        }
    }
}

void QrView::keyPressEvent(QKeyEvent *event)
{
    if (!m_frames || m_frames->partCount() == 1) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Space:
        setPaused(!m_paused);
        break;
    case Qt::Key_Left:
        setPaused(true);
        showFrame(std::max(1U, m_number - 1));
        break;
    case Qt::Key_Right:
        setPaused(true);
        showFrame(m_number == std::numeric_limits<quint32>::max() ? 1 : m_number + 1);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void QrView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    runOrRest();
}

void QrView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    runOrRest();
}

void QrView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() == m_timer.timerId())
        showFrame(m_number == std::numeric_limits<quint32>::max() ? 1 : m_number + 1);
    else
        QWidget::timerEvent(event);
}

} // namespace countersign
