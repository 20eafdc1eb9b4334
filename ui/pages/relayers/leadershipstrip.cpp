#include "ui/pages/relayers/leadershipstrip.h"

#include "backend/types/strings.h"
#include "models/relayers/electionmodel.h"
#include "ui/theme/fonts.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/format.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace countersign {

namespace {

constexpr int stripHeight = 22;
constexpr int textHeight = 18;
constexpr int narrowestLabel = 46;
constexpr int narrowestSpan = 3; // a leader of a moment is seen as well
constexpr int seriesCount = 6;
constexpr int fillOpacity = 70; // of 255: text stands on it

} // namespace

LeadershipStrip::LeadershipStrip(const ElectionModel &election, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_election(election)
    , m_clock(clock)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("History of the leadership"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&m_election, &ElectionModel::changed, this, &LeadershipStrip::refresh);
    connect(&m_election, &ElectionModel::dataChanged, this, &LeadershipStrip::refresh);
    refresh();
}

QSize LeadershipStrip::sizeHint() const
{
    return {300, stripHeight + textHeight};
}

QSize LeadershipStrip::minimumSizeHint() const
{
    return {120, stripHeight + textHeight};
}

void LeadershipStrip::refresh()
{
    if (m_chosen >= m_election.history().size())
        m_chosen = -1;
    setAccessibleDescription(summary());
    update();
}

int LeadershipStrip::seriesOf(const QString &relayer) const
{
    QStringList names;
    for (const LeadershipSpan &span : m_election.history()) {
        if (!span.relayer.isEmpty() && !names.contains(span.relayer))
            names.append(span.relayer);
    }
    names.sort();
    return static_cast<int>(names.indexOf(relayer)) % seriesCount;
}

QString LeadershipStrip::textOf(int number) const
{
    const LeadershipSpan &span = m_election.history().at(number);
    const QString who = span.relayer.isEmpty() ? tr("Nobody") : span.relayer;
    const QString duration = ageText(span.until.value_or(m_clock.now()) - span.since);
    const QString since = utcTime(span.since);
    if (!span.until && span.isEarlier)
        return tr("%1 led already at %2, over %3 ago").arg(who, since, duration);
    if (!span.until)
        return tr("%1 leads since %2, for %3").arg(who, since, duration);
    if (span.isEarlier)
        return tr("%1 led until %2, for over %3").arg(who, utcTime(*span.until), duration);
    return tr("%1 led from %2 to %3, for %4").arg(who, since, utcTime(*span.until), duration);
}

QString LeadershipStrip::summary() const
{
    const auto &history = m_election.history();
    if (history.isEmpty())
        return tr("No leader has been seen yet");
    if (m_chosen >= 0)
        return textOf(m_chosen);
    const auto leaders = std::ranges::count_if(history, [](const LeadershipSpan &span) { return !span.relayer.isEmpty(); });
    return tr("%1; changes seen: %2").arg(textOf(static_cast<int>(history.size()) - 1)).arg(std::max<qsizetype>(0, leaders - 1));
}

std::vector<QRect> LeadershipStrip::layoutSpans() const
{
    const auto &history = m_election.history();
    std::vector<QRect> rects;
    if (history.isEmpty())
        return rects;
    const Timestamp begin = history.constFirst().since;
    const auto whole = std::max<std::chrono::microseconds>(m_clock.now() - begin, std::chrono::seconds(1));
    const auto at = [&](Timestamp time) {
        return qRound(static_cast<double>((time - begin).count()) / static_cast<double>(whole.count()) * (width() - 1));
    };
    for (const LeadershipSpan &span : history) {
        const int left = at(span.since);
        const int right = std::max(at(span.until.value_or(m_clock.now())), left + narrowestSpan);
        rects.emplace_back(left, 0, right - left, stripHeight);
    }
    return rects;
}

int LeadershipStrip::spanAt(const QPoint &at) const
{
    const std::vector<QRect> rects = layoutSpans();
    for (size_t i = rects.size(); i-- > 0;) {
        if (rects[i].contains(at))
            return static_cast<int>(i);
    }
    return -1;
}

void LeadershipStrip::choose(int span)
{
    m_chosen = span;
    refresh();
}

void LeadershipStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const auto &history = m_election.history();
    const std::vector<QRect> rects = layoutSpans();
    painter.setFont(uiFont(TextSize::Small));
    if (rects.empty())
        painter.fillRect(QRect(0, 0, width(), stripHeight), tokenColor(Token::ChartGrid, palette()));
    for (size_t i = 0; i < rects.size(); ++i) {
        const LeadershipSpan &span = history.at(static_cast<qsizetype>(i));
        const QRect rect = rects[i];
        if (span.relayer.isEmpty()) {
            painter.fillRect(rect, QBrush(tokenColor(Token::Bad, palette()), Qt::BDiagPattern));
        } else {
            const QColor ink = tokenColor(seriesToken(seriesOf(span.relayer)), palette());
            QColor fill = ink;
            fill.setAlpha(fillOpacity);
            painter.fillRect(rect, fill);
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), ink);
        }
        if (static_cast<int>(i) == m_chosen) {
            painter.setPen(QPen(tokenColor(Token::Accent, palette()), 2));
            painter.drawRect(rect.adjusted(1, 1, -1, -1));
        }
        if (rect.width() < narrowestLabel)
            continue;
        painter.setPen(tokenColor(Token::Text, palette()));
        const QRect label = rect.adjusted(8, 0, -4, 0);
        const QString name = span.relayer.isEmpty() ? tr("nobody") : span.relayer;
        painter.drawText(label, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(name, Qt::ElideRight, label.width()));
    }
    painter.setPen(tokenColor(Token::Muted, palette()));
    const QRect line(0, stripHeight, width(), textHeight);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, painter.fontMetrics().elidedText(summary(), Qt::ElideRight, line.width()));
    if (hasFocus() && m_chosen < 0) {
        painter.setPen(QPen(tokenColor(Token::Accent, palette()), 1));
        painter.drawRect(QRect(0, 0, width() - 1, stripHeight - 1));
    }
}

void LeadershipStrip::keyPressEvent(QKeyEvent *event)
{
    const int last = static_cast<int>(m_election.history().size()) - 1;
    if (last < 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        choose(m_chosen < 0 ? last : std::max(0, m_chosen - 1));
        return;
    case Qt::Key_Right:
        choose(m_chosen < 0 ? last : std::min(last, m_chosen + 1));
        return;
    case Qt::Key_Home:
        choose(0);
        return;
    case Qt::Key_End:
        choose(last);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void LeadershipStrip::mousePressEvent(QMouseEvent *event)
{
    choose(spanAt(event->pos()));
}

void LeadershipStrip::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void LeadershipStrip::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    choose(-1);
}

bool LeadershipStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int span = spanAt(help->pos());
    QToolTip::showText(help->globalPos(), span < 0 ? QString() : textOf(span), this);
    return true;
}

} // namespace countersign
