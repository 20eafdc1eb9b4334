#include "ui/shell/lampstrip.h"

#include "backend/types/strings.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"
#include "ui/widgets/format.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

namespace countersign {

Tone toneOf(SourceState state)
{
    switch (state) {
    case SourceState::Live:
        return Tone::Good;
    case SourceState::Lagging:
    case SourceState::Stale:
        return Tone::Warn;
    case SourceState::Down:
        return Tone::Bad;
    case SourceState::Connecting:
        break;
    }
    return Tone::Neutral;
}

QString wordOf(SourceState state)
{
    switch (state) {
    case SourceState::Live:
        return LampStrip::tr("live");
    case SourceState::Lagging:
        return LampStrip::tr("lagging");
    case SourceState::Stale:
        return LampStrip::tr("stale");
    case SourceState::Down:
        return LampStrip::tr("down");
    case SourceState::Connecting:
        break;
    }
    return LampStrip::tr("connecting");
}

LampStrip::LampStrip(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Sources"));
    setFocusPolicy(Qt::TabFocus);
    setFont(uiFont(TextSize::Small));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void LampStrip::setSources(const QVector<SourceStatus> &sources)
{
    if (sources == m_sources)
        return;
    m_sources = sources;
    m_current = std::clamp(m_current, 0, std::max(0, int(sources.size()) - 1));
    QStringList words;
    for (const SourceStatus &source : sources)
        words.append(describe(source));
    setAccessibleDescription(words.join(u"; "_s));
    updateGeometry();
    update();
}

void LampStrip::setNow(Timestamp now)
{
    m_now = now;
    update();
}

QString LampStrip::describe(const SourceStatus &source) const
{
    return source.id + u' ' + wordOf(source.state);
}

QVector<LampStrip::Lamp> LampStrip::arrange() const
{
    const QFontMetrics metrics(font());
    const auto build = [&](bool withAge, bool withQuietNames) {
        QVector<Lamp> lamps;
        int x = 4;
        for (const SourceStatus &source : m_sources) {
            Lamp lamp;
            lamp.text = source.state != SourceState::Live ? describe(source) : withQuietNames ? source.id : QString();
            if (withAge && source.lastData && m_now > *source.lastData)
                lamp.age = ageText(m_now - *source.lastData);
            const int ageWidth = lamp.age.isEmpty() ? 0 : metrics.horizontalAdvance(u"000 min"_s);
            const int width = 16 + metrics.horizontalAdvance(lamp.text) + (ageWidth ? ageWidth + 5 : 0);
            lamp.rect = QRect(x, 0, width, height());
            lamps.append(lamp);
            x += width + 14;
        }
        return lamps;
    };
    QVector<Lamp> lamps = build(true, true);
    const auto tooWide = [&] { return !lamps.isEmpty() && lamps.last().rect.right() > width(); };
    // Names matter more than ages; a narrow window keeps the ages in the tooltips.
    if (tooWide())
        lamps = build(false, true);
    // Before a lamp falls off the end, those that are well keep only their mark.
    if (tooWide())
        lamps = build(false, false);
    return lamps;
}

QSize LampStrip::sizeHint() const
{
    const QFontMetrics metrics(font());
    int width = 8;
    for (const SourceStatus &source : m_sources)
        width += 30 + metrics.horizontalAdvance(describe(source)) + metrics.horizontalAdvance(u"000 min"_s);
    return {width, metrics.height() + 8};
}

QSize LampStrip::minimumSizeHint() const
{
    return {60, QFontMetrics(font()).height() + 8};
}

void LampStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QVector<Lamp> lamps = arrange();
    const QFontMetrics metrics(font());
    for (int i = 0; i < lamps.size(); ++i) {
        const Lamp &lamp = lamps[i];
        const Tone tone = toneOf(m_sources[i].state);
        const QColor ink = tokenColor(toneToken(tone), palette());
        paintMark(painter, QRectF(lamp.rect.left(), (height() - 9) / 2.0, 9, 9), tone, ink);
        const bool quiet = tone == Tone::Good || tone == Tone::Neutral;
        painter.setPen(quiet ? tokenColor(Token::Text, palette()) : ink);
        const QRect text = lamp.rect.adjusted(14, 0, 0, 0);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, lamp.text);
        painter.setPen(tokenColor(Token::Muted, palette()));
        painter.drawText(text.adjusted(metrics.horizontalAdvance(lamp.text) + 5, 0, 0, 0),
            Qt::AlignLeft | Qt::AlignVCenter, lamp.age);
        if (hasFocus() && i == m_current) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(QPen(tokenColor(Token::Accent, palette()), 1.5));
            painter.setBrush(Qt::NoBrush);
            painter.drawRoundedRect(QRectF(lamp.rect).adjusted(-3.5, 1, 2, -1), 3, 3);
        }
    }
}

int LampStrip::lampAt(const QPoint &point) const
{
    const QVector<Lamp> lamps = arrange();
    for (int i = 0; i < lamps.size(); ++i) {
        if (lamps[i].rect.contains(point))
            return i;
    }
    return -1;
}

void LampStrip::mouseReleaseEvent(QMouseEvent *event)
{
    const int index = lampAt(event->position().toPoint());
    if (index >= 0)
        emit sourceActivated(m_sources[index].id);
}

void LampStrip::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        m_current = std::clamp(
            m_current + (event->key() == Qt::Key_Left ? -1 : 1), 0, std::max(0, int(m_sources.size()) - 1));
        update();
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current < m_sources.size())
            emit sourceActivated(m_sources[m_current].id);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool LampStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const int index = lampAt(help->pos());
        if (index < 0) {
            QToolTip::hideText();
            return true;
        }
        const SourceStatus &source = m_sources[index];
        QStringList lines{tr("%1: %2 since %3").arg(source.id, wordOf(source.state), utcTime(source.since))};
        if (source.lastData)
            lines.append(tr("Last data %1").arg(utcDateTime(*source.lastData)));
        if (!source.lastError.isEmpty())
            lines.append(source.lastError);
        QToolTip::showText(help->globalPos(), lines.join(u'\n'), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace countersign
