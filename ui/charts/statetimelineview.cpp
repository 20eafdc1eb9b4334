#include "ui/charts/statetimelineview.h"

#include "backend/types/strings.h"
#include "ui/charts/chartdecor.h"
#include "ui/charts/chartpalette.h"
#include "ui/theme/fonts.h"

#include <QDateTime>
#include <QFontMetrics>
#include <QImage>
#include <QLocale>
#include <QPainter>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {
constexpr double rowShare = 0.78;
constexpr double highestRow = 44;
constexpr double widestNames = 0.34;
constexpr int nameGap = 8;
constexpr int leastText = 14;

QVector<StateSpan> joined(const QVector<StateSpan> &spans)
{
    QVector<StateSpan> result;
    for (const StateSpan &span : spans) {
        if (!result.isEmpty() && result.last().text == span.text && result.last().color == span.color && result.last().to >= span.from)
            result.last().to = std::max(result.last().to, span.to);
        else
            result.append(span);
    }
    return result;
}

QString timeText(qint64 time)
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time, QTimeZone::utc()), u"d MMM HH:mm:ss"_s);
}
}

StateTimelineView::StateTimelineView(QWidget *parent)
    : StateTimelineView(Kind::Timeline, parent)
{
}

StateTimelineView::StateTimelineView(Kind kind, QWidget *parent)
    : ItemChart(parent)
    , m_kind(kind)
{
}

void StateTimelineView::setRows(const QVector<StateRow> &rows)
{
    m_rows = rows;
    m_firstItems.clear();
    m_count = 0;
    for (StateRow &row : m_rows) {
        if (m_kind == Kind::Timeline)
            row.spans = joined(row.spans);
        m_firstItems.append(m_count);
        m_count += static_cast<int>(row.spans.size());
    }
    m_keys = keys();
    dataChanged();
}

void StateTimelineView::setRange(qint64 from, qint64 to)
{
    m_range = TimeSpan{from, std::max(from + 1, to)};
    update();
}

void StateTimelineView::setLegendShown(bool shown)
{
    m_legend = shown;
    update();
}

void StateTimelineView::setValuesShown(bool shown)
{
    m_values = shown;
    update();
}

StateTimelineView::Place StateTimelineView::placeOf(int item) const
{
    const auto after = std::ranges::upper_bound(m_firstItems, item);
    const auto row = static_cast<int>(after - m_firstItems.begin()) - 1;
    return {row, item - m_firstItems[row]};
}

int StateTimelineView::itemOf(const Place &place) const
{
    return m_firstItems[place.row] + place.span;
}

QString StateTimelineView::itemText(int item) const
{
    const Place place = placeOf(item);
    const StateRow &row = m_rows[place.row];
    const StateSpan &span = row.spans[place.span];
    //: a thing, its state, and from when to when it was in it
    return tr("%1: %2, %3 to %4 UTC").arg(row.name, span.text, timeText(span.from), timeText(span.to));
}

QString StateTimelineView::itemValue(int item) const
{
    const Place place = placeOf(item);
    return m_rows[place.row].spans[place.span].text;
}

TimeSpan StateTimelineView::span() const
{
    if (group() && group()->zoom())
        return *group()->zoom();
    if (m_range)
        return *m_range;
    std::optional<TimeSpan> all;
    for (const StateRow &row : m_rows) {
        if (row.spans.isEmpty())
            continue;
        const TimeSpan own{row.spans.first().from, row.spans.last().to};
        all = all ? TimeSpan{std::min(all->from, own.from), std::max(all->to, own.to)} : own;
    }
    TimeSpan found = all.value_or(TimeSpan());
    found.to = std::max(found.to, found.from + 1);
    return found;
}

QVector<KeyEntry> StateTimelineView::keys() const
{
    QVector<KeyEntry> keys;
    for (const StateRow &row : m_rows) {
        for (const StateSpan &span : row.spans) {
            const auto known = std::ranges::any_of(keys, [&](const KeyEntry &key) { return key.name == span.text && key.color == span.color; });
            if (!known && span.color.isValid() && !span.text.isEmpty())
                keys.append({span.text, span.color, Qt::SolidPattern, static_cast<int>(keys.size())});
        }
    }
    return keys;
}

int StateTimelineView::nameWidth() const
{
    const QFontMetrics metrics(uiFont(TextSize::Small));
    int widest = 0;
    for (const StateRow &row : m_rows)
        widest = std::max(widest, metrics.horizontalAdvance(row.name));
    return std::min(widest + nameGap, static_cast<int>(width() * widestNames));
}

QRect StateTimelineView::plot() const
{
    QImage nowhere(1, 1, QImage::Format_RGB32);
    QPainter measure(&nowhere);
    const QRect room = paintKeys(measure, palette(), area(), m_legend ? m_keys : QVector<KeyEntry>());
    return room.adjusted(nameWidth(), 0, -6, -timeAxisHeight);
}

std::optional<PlotMap> StateTimelineView::timeMap() const
{
    if (m_count == 0)
        return {};
    return PlotMap{QRectF(plot()), span(), {}};
}

QRectF StateTimelineView::spanRect(const PlotMap &map, const Place &place) const
{
    const StateSpan &span = m_rows[place.row].spans[place.span];
    const double room = map.plot.height() / double(m_rows.size());
    const double height = std::min(room * rowShare, highestRow);
    const double top = std::round(map.plot.top() + (place.row + 0.5) * room - height / 2);
    const double left = std::round(std::max(map.x(span.from), map.plot.left()));
    double right = std::round(std::min(map.x(span.to), map.plot.right() + 1));
    if (m_kind == Kind::History && right - left >= 4)
        right -= 2;
    return {QPointF(left, top), QPointF(std::max(right, left + 1), top + std::round(height))};
}

void StateTimelineView::paintItems(QPainter &painter)
{
    paintKeys(painter, palette(), area(), m_legend ? m_keys : QVector<KeyEntry>());
    const auto map = timeMap();
    if (!map || map->plot.width() < 8 || map->plot.height() < 8)
        return;
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintTimeAxis(painter, palette(), map->span, map->plot.toRect(), width(), m_labels);
    const QFont font = uiFont(TextSize::Small);
    painter.setFont(font);
    const QFontMetrics metrics(font);
    const double room = map->plot.height() / double(m_rows.size());
    const int names = nameWidth() - nameGap;
    for (int i = 0; i < m_rows.size(); ++i) {
        painter.setPen(tokenColor(Token::Text, palette()));
        painter.drawText(QRectF(area().left(), map->plot.top() + i * room, names, room), Qt::AlignRight | Qt::AlignVCenter,
            metrics.elidedText(m_rows[i].name, Qt::ElideMiddle, names));
        for (int k = 0; k < m_rows[i].spans.size(); ++k) {
            const StateSpan &span = m_rows[i].spans[k];
            if (span.to < map->span.from || span.from > map->span.to)
                continue;
            const QRectF box = spanRect(*map, {i, k});
            if (!span.color.isValid()) {
                paintHatch(painter, palette(), box.toRect());
                continue;
            }
            painter.fillRect(box, span.color);
            const int width = metrics.horizontalAdvance(span.text);
            if (m_values && box.width() >= width + 8 && box.height() >= leastText) {
                painter.setPen(textOn(span.color));
                const bool left = m_kind == Kind::Timeline;
                painter.drawText(box.adjusted(left ? 5 : 0, 0, 0, 0), Qt::AlignVCenter | int(left ? Qt::AlignLeft : Qt::AlignHCenter), span.text);
            } else {
                const auto key = std::ranges::find_if(m_keys, [&](const KeyEntry &entry) { return entry.name == span.text && entry.color == span.color; });
                paintSign(painter, box, span.color, key == m_keys.end() ? 0 : key->sign);
            }
        }
    }
}

int StateTimelineView::itemAt(const QPoint &position) const
{
    const auto map = timeMap();
    if (!map || !map->plot.contains(position))
        return -1;
    const int row = std::min(static_cast<int>((position.y() - map->plot.top()) / map->plot.height() * double(m_rows.size())), static_cast<int>(m_rows.size()) - 1);
    const qint64 time = map->timeAt(position.x());
    const QVector<StateSpan> &spans = m_rows[row].spans;
    for (int i = 0; i < spans.size(); ++i) {
        if (time >= spans[i].from && time < spans[i].to)
            return itemOf({row, i});
    }
    return -1;
}

QRectF StateTimelineView::itemRect(int item) const
{
    const auto map = timeMap();
    return map ? spanRect(*map, placeOf(item)) : QRectF();
}

int StateTimelineView::neighbour(int item, int key) const
{
    if (item < 0 || key == Qt::Key_Left || key == Qt::Key_Right)
        return ItemChart::neighbour(item, key);
    Place place = placeOf(item);
    const qint64 time = m_rows[place.row].spans[place.span].from;
    const int step = key == Qt::Key_Up ? -1 : 1;
    for (int row = place.row + step; row >= 0 && row < m_rows.size(); row += step) {
        const QVector<StateSpan> &spans = m_rows[row].spans;
        const auto found = std::ranges::find_if(spans, [time](const StateSpan &span) { return span.to > time; });
        if (found != spans.end())
            return itemOf({row, static_cast<int>(found - spans.begin())});
    }
    return item;
}

}
