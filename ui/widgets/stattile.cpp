#include "ui/widgets/stattile.h"

#include "backend/types/strings.h"
#include "ui/charts/timeseriesview.h"
#include "ui/theme/fonts.h"
#include "ui/theme/marks.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace countersign {

namespace {
constexpr int padding = 12;
} // namespace

StatTile::StatTile(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_title(title)
    , m_figure(u"–"_s)
    , m_spark(new TimeSeriesView(title, this))
{
    setBackgroundRole(QPalette::Base);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_spark->setShape(TimeSeriesView::Shape::Sparkline);
    m_spark->setBackgroundRole(QPalette::Base);
    m_spark->setAttribute(Qt::WA_TransparentForMouseEvents);
    describe();
}

void StatTile::setFigure(const QString &figure, const QString &note, Tone tone, const QString &word)
{
    if (figure == m_figure && note == m_note && tone == m_tone && word == m_word)
        return;
    m_figure = figure;
    m_note = note;
    m_tone = tone;
    m_word = word;
    describe();
    update();
}

void StatTile::setStale(const QString &age)
{
    if (age == m_stale)
        return;
    m_stale = age;
    describe();
    update();
}

void StatTile::describe()
{
    setAccessibleName(u"%1: %2"_s.arg(m_title, m_figure));
    setAccessibleDescription(QStringList{m_word, m_note, m_stale}.join(u' ').simplified());
    setToolTip(m_note);
}

QSize StatTile::sizeHint() const
{
    return {190, 112};
}

QSize StatTile::minimumSizeHint() const
{
    return {130, 112};
}

void StatTile::resizeEvent(QResizeEvent *)
{
    m_spark->setGeometry(padding, height() - 36, width() - 2 * padding, 28);
}

void StatTile::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tokenColor(hasFocus() ? Token::Accent : Token::Border, palette()), hasFocus() ? 1.5 : 1));
    painter.setBrush(palette().brush(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);

    const int width = this->width() - 2 * padding;
    const QColor ink = tokenColor(toneToken(m_tone), palette());
    painter.setFont(uiFont(TextSize::Small, QFont::Medium));
    const QFontMetrics small(painter.font());
    int titleWidth = width;
    if (!m_word.isEmpty()) {
        const int wordWidth = small.horizontalAdvance(m_word);
        painter.setPen(ink);
        painter.drawText(QRect(padding, 9, width, 18), Qt::AlignRight | Qt::AlignVCenter, m_word);
        paintMark(painter, QRectF(padding + width - wordWidth - 14, 13.5, 9, 9), m_tone, ink);
        titleWidth -= wordWidth + 20;
    }
    painter.setPen(tokenColor(Token::Muted, palette()));
    painter.drawText(QRect(padding, 9, titleWidth, 18), Qt::AlignLeft | Qt::AlignVCenter,
        small.elidedText(m_title, Qt::ElideRight, titleWidth));

    const bool judged = m_tone == Tone::Bad || m_tone == Tone::Warn;
    painter.setFont(uiFont(TextSize::Figure, QFont::Medium));
    painter.setPen(!m_stale.isEmpty() ? tokenColor(Token::Muted, palette())
            : judged                  ? ink
                                      : tokenColor(Token::Text, palette()));
    const QFontMetrics large(painter.font());
    painter.drawText(QRect(padding, 28, width, large.height()), Qt::AlignLeft | Qt::AlignVCenter,
        large.elidedText(m_figure, Qt::ElideRight, width));
    const int used = std::min(width, large.horizontalAdvance(m_figure)) + 8;
    painter.setFont(uiFont(TextSize::Small));
    painter.setPen(tokenColor(m_stale.isEmpty() ? Token::Muted : Token::Warn, palette()));
    const QString note = m_stale.isEmpty() ? m_note : m_stale;
    const QFontMetrics plain(painter.font());
    painter.drawText(QRect(padding + used, 28 + large.ascent() - plain.ascent() + 1, width - used, plain.height()),
        Qt::AlignLeft | Qt::AlignVCenter, plain.elidedText(note, Qt::ElideRight, width - used));
}

void StatTile::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        emit activated();
}

void StatTile::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space)
        emit activated();
    else
        QWidget::keyPressEvent(event);
}

} // namespace countersign
