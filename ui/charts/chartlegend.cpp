#include "ui/charts/chartlegend.h"

#include "backend/types/strings.h"
#include "ui/charts/chartpalette.h"
#include "ui/theme/fonts.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPalette>

#include <algorithm>

namespace countersign {

namespace {

constexpr int keyWidth = 20;
constexpr int columnGap = 14;
constexpr int itemGap = 18;
constexpr int margin = 8;
constexpr double mostOfHeight = 0.45; ///< that a legend takes of its chart
constexpr double mostOfWidth = 0.5;
constexpr int widestName = 220;
constexpr int narrowestName = 70;

QStringList valuesOf(const ChartScene &scene, const ChartLine &line)
{
    QStringList values;
    for (const Reducer reducer : scene.legend.columns) {
        std::optional<double> value = line.totals.value(reducer);
        if (reducer == Reducer::Median || reducer == Reducer::DistinctCount) {
            std::vector<double> samples(line.series.size());
            for (std::size_t i = 0; i < samples.size(); ++i)
                samples[i] = line.series.value(i);
            value = reduce(reducer, samples);
        }
        values.append(value ? scene.format(line.style.axis, *value) : u"–"_s);
    }
    return values;
}

}

void paintSeriesKey(QPainter &painter, const QRectF &rect, const QColor &color, LinePattern pattern, bool filled)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    if (filled) {
        QColor fill = color;
        fill.setAlphaF(0.45F);
        painter.fillRect(rect.adjusted(0, 2, 0, -2), fill);
    }
    QPen pen(color, 2, Qt::SolidLine, Qt::FlatCap);
    QVector<qreal> lengths = patternLengths(pattern);
    for (qreal &length : lengths)
        length /= 2;
    if (!lengths.isEmpty())
        pen.setDashPattern(lengths);
    painter.setPen(pen);
    const double y = filled ? rect.top() + 3 : rect.center().y();
    painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y));
    painter.restore();
}

QVector<ChartLegend::Row> ChartLegend::rowsOf(const ChartScene &scene, Scheme scheme)
{
    QVector<Row> rows;
    for (std::size_t i = 0; i < scene.lines.size(); ++i) {
        const ChartLine &line = scene.lines[i];
        if (!line.style.inLegend || !line.style.visible)
            continue;
        const bool filled = line.style.stack != StackMode::None || line.style.draw == DrawStyle::Bars;
        rows.append({i, line.name, valuesOf(scene, line), scene.colorOf(i, scheme), scene.patternOf(i), filled, line.hidden});
    }
    return rows;
}

QStringList ChartLegend::headings(const ChartScene &scene)
{
    QStringList headings;
    for (const Reducer reducer : scene.legend.columns)
        headings.append(reducerLabel(reducer));
    return headings;
}

QRect ChartLegend::place(const ChartScene &scene, const QRect &room, const QFont &font, Scheme scheme)
{
    const LegendPlace where = scene.legend.place;
    if (where != LegendPlace::Bottom && where != LegendPlace::Right) {
        m_rows.clear();
        m_rect = {};
        return room;
    }
    m_rows = rowsOf(scene, scheme);
    m_headings = headings(scene);
    m_table = scene.legend.table || where == LegendPlace::Right;
    if (m_rows.isEmpty()) {
        m_rect = {};
        return room;
    }
    return m_table ? placeTable(room, font, where == LegendPlace::Right) : placeList(room, font);
}

QRect ChartLegend::placeTable(const QRect &room, const QFont &font, bool right)
{
    const QFontMetrics metrics(font);
    m_widths.fill(0, m_headings.size() + 1);
    for (const Row &row : std::as_const(m_rows)) {
        m_widths[0] = std::max(m_widths[0], keyWidth + metrics.horizontalAdvance(row.name) + 2);
        for (qsizetype i = 0; i < row.values.size(); ++i)
            m_widths[i + 1] = std::max(m_widths[i + 1], metrics.horizontalAdvance(row.values[i]) + columnGap);
    }
    for (qsizetype i = 0; i < m_headings.size(); ++i)
        m_widths[i + 1] = std::max(m_widths[i + 1], metrics.horizontalAdvance(m_headings[i]) + columnGap);
    int values = 0;
    for (qsizetype i = 1; i < m_widths.size(); ++i)
        values += m_widths[i];
    const int heading = m_headings.isEmpty() ? 0 : rowHeight;
    const int wanted = heading + rowCount() * rowHeight;
    if (right) {
        // Figures go before names: a name can be cut, a figure cannot.
        const int most = static_cast<int>(room.width() * mostOfWidth);
        m_widths[0] = std::clamp(m_widths[0], narrowestName, std::max(narrowestName, std::min(widestName, most - values)));
        while (m_widths.size() > 1 && m_widths[0] + values > most) {
            values -= m_widths.last();
            m_widths.removeLast();
        }
        const int width = std::min(m_widths[0] + values + 2, most);
        m_rect = QRect(room.right() + 1 - width, room.top() + margin / 2, width, room.height() - margin / 2);
        m_scrolls = wanted > m_rect.height();
        return room.adjusted(0, 0, -width - margin, 0);
    }
    const int height = std::min(wanted, heading + std::max(1, static_cast<int>(room.height() * mostOfHeight - heading) / rowHeight) * rowHeight);
    m_scrolls = height < wanted;
    while (m_widths.size() > 1 && values > room.width() - narrowestName) {
        values -= m_widths.last();
        m_widths.removeLast();
    }
    m_widths[0] = room.width() - values;
    m_rect = QRect(room.left(), room.bottom() + 1 - height, room.width(), height);
    return room.adjusted(0, 0, 0, -height - margin / 2);
}

QRect ChartLegend::placeList(const QRect &room, const QFont &font)
{
    const QFontMetrics metrics(font);
    m_cells.clear();
    int x = 0;
    int y = 0;
    for (Row &row : m_rows) {
        for (qsizetype i = 0; i < row.values.size(); ++i)
            row.values[i] = m_headings.value(i) + u": "_s + row.values[i];
        QString text = row.name;
        if (!row.values.isEmpty())
            text += u"  "_s + row.values.join(u"  "_s);
        const int width = std::min(room.width(), keyWidth + metrics.horizontalAdvance(text) + 4);
        if (x > 0 && x + width > room.width()) {
            x = 0;
            y += rowHeight;
        }
        m_cells.append(QRect(x, y, width, rowHeight));
        x += width + itemGap;
    }
    const int wanted = y + rowHeight;
    const int height = std::min(wanted, std::max(1, static_cast<int>(room.height() * mostOfHeight) / rowHeight) * rowHeight);
    m_scrolls = height < wanted;
    m_rect = QRect(room.left(), room.bottom() + 1 - height, room.width(), height);
    return room.adjusted(0, 0, 0, -height - margin / 2);
}

int ChartLegend::visibleRows() const
{
    const int heading = m_table && !m_headings.isEmpty() ? 1 : 0;
    return std::max(1, m_rect.height() / rowHeight - heading);
}

QRect ChartLegend::rowRect(int row) const
{
    if (!m_table)
        return m_cells.value(row).translated(m_rect.left(), m_rect.top() - m_top * rowHeight);
    const int heading = m_headings.isEmpty() ? 0 : 1;
    return {m_rect.left(), m_rect.top() + (row - m_top + heading) * rowHeight, m_rect.width(), rowHeight};
}

bool ChartLegend::scroll(int rows)
{
    if (!m_scrolls)
        return false;
    const int lines = m_table ? rowCount() : m_cells.isEmpty() ? 0 : m_cells.last().bottom() / rowHeight + 1;
    m_top = std::clamp(m_top + rows, 0, std::max(0, lines - visibleRows()));
    return true;
}

void ChartLegend::reveal(int row)
{
    const int line = m_table ? row : m_cells.value(row).top() / rowHeight;
    if (line < m_top)
        scroll(line - m_top);
    else if (line >= m_top + visibleRows())
        scroll(line - m_top - visibleRows() + 1);
}

int ChartLegend::lineOfRow(int row) const
{
    return row >= 0 && row < rowCount() ? static_cast<int>(m_rows[row].line) : -1;
}

int ChartLegend::lineAt(const QPoint &position) const
{
    if (!m_rect.contains(position))
        return -1;
    const int heading = m_table && !m_headings.isEmpty() ? rowHeight : 0;
    for (int row = 0; row < rowCount(); ++row) {
        const QRect cell = rowRect(row);
        if (cell.contains(position) && cell.top() >= m_rect.top() + heading)
            return static_cast<int>(m_rows[row].line);
    }
    return -1;
}

void ChartLegend::paintRow(
    QPainter &painter, const QPalette &palette, const Row &row, const QRect &rect, bool focused) const
{
    if (focused) {
        painter.setPen(QPen(tokenColor(Token::Accent, palette), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect).adjusted(-2.5, 1.5, 1.5, -1.5), 3, 3);
    }
    const QColor muted = tokenColor(Token::Muted, palette);
    const QRectF key(rect.left(), rect.top() + rect.height() / 2.0 - 5, keyWidth - 6, 10);
    paintSeriesKey(painter, key, row.hidden ? muted : row.color, row.pattern, row.filled && !row.hidden);
    QFont font = painter.font();
    font.setStrikeOut(row.hidden);
    painter.setFont(font);
    painter.setPen(tokenColor(row.hidden ? Token::Muted : Token::Text, palette));
    const QFontMetrics metrics(font);
    const int nameWidth = (m_table ? m_widths.first() : rect.width()) - keyWidth;
    QString name = row.name;
    if (!m_table && !row.values.isEmpty())
        name += u"  "_s + row.values.join(u"  "_s);
    painter.drawText(QRect(rect.left() + keyWidth, rect.top(), nameWidth, rect.height()), Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(name, Qt::ElideMiddle, nameWidth));
    font.setStrikeOut(false);
    painter.setFont(font);
    if (!m_table)
        return;
    int x = rect.left() + m_widths.first();
    for (qsizetype i = 1; i < m_widths.size(); ++i) {
        painter.drawText(
            QRect(x, rect.top(), m_widths[i], rect.height()), Qt::AlignRight | Qt::AlignVCenter, row.values.value(i - 1));
        x += m_widths[i];
    }
}

void ChartLegend::paint(QPainter &painter, const QPalette &palette, int focused) const
{
    if (m_rows.isEmpty())
        return;
    painter.save();
    painter.setClipRect(m_rect.adjusted(-3, 0, 3, 0));
    painter.setFont(uiFont(TextSize::Small));
    const bool heading = m_table && !m_headings.isEmpty();
    if (heading) {
        painter.setPen(tokenColor(Token::Muted, palette));
        int x = m_rect.left() + m_widths.first();
        for (qsizetype i = 1; i < m_widths.size(); ++i) {
            painter.drawText(QRect(x, m_rect.top(), m_widths[i], rowHeight), Qt::AlignRight | Qt::AlignVCenter, m_headings[i - 1]);
            x += m_widths[i];
        }
    }
    const int top = m_rect.top() + (heading ? rowHeight : 0);
    for (int row = 0; row < rowCount(); ++row) {
        const QRect cell = rowRect(row);
        if (cell.top() >= top && cell.top() < m_rect.bottom())
            paintRow(painter, palette, m_rows[row], cell, static_cast<int>(m_rows[row].line) == focused);
    }
    if (m_scrolls) { // a short bar that says: there is more
        const int rows = m_table ? rowCount() : m_cells.last().bottom() / rowHeight + 1;
        const double share = double(visibleRows()) / rows;
        const double from = double(m_top) / rows;
        const int height = m_rect.bottom() - top;
        painter.fillRect(QRectF(m_rect.right() + 1, top + from * height, 2, share * height), tokenColor(Token::BorderStrong, palette));
    }
    painter.restore();
}

}
