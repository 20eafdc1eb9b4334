#pragma once

#include "ui/charts/chartscene.h"

#include <QRect>
#include <QStringList>

#include <optional>

class QPainter;
class QPalette;

namespace countersign {

/// Draws the line, its pattern or its fill that stands for a series in legends and tooltips.
void paintSeriesKey(QPainter &painter, const QRectF &rect, const QColor &color, LinePattern pattern, bool filled);

/// What of a chart's legend is shown where. Rows are series; a table has a column for each calculation.
class ChartLegend final {
public:
    struct Row {
        std::size_t line;
        QString name;
        QStringList values;
        QColor color;
        LinePattern pattern;
        bool filled;
        bool hidden;
    };

    /// Rows of all series that want to be in the legend.
    static QVector<Row> rowsOf(const ChartScene &scene, Scheme scheme);
    static QStringList headings(const ChartScene &scene);

    /// Takes what it needs of `room`, from the bottom or the right, and says what is left.
    QRect place(const ChartScene &scene, const QRect &room, const QFont &font, Scheme scheme);
    void paint(QPainter &painter, const QPalette &palette, int focused) const;
    /// Index of the series at `position`; -1: none.
    int lineAt(const QPoint &position) const;
    /// Index of the series of row `row`; -1: none.
    int lineOfRow(int row) const;
    int rowCount() const { return static_cast<int>(m_rows.size()); }
    /// Moves rows that found no room into sight; false where all are.
    bool scroll(int rows);
    void reveal(int row);
    const QRect &rect() const { return m_rect; }

    static constexpr int rowHeight = 20;

private:
    QRect placeTable(const QRect &room, const QFont &font, bool right);
    QRect placeList(const QRect &room, const QFont &font);
    void paintRow(QPainter &painter, const QPalette &palette, const Row &row, const QRect &rect, bool focused) const;
    QRect rowRect(int row) const;
    int visibleRows() const;

    QVector<Row> m_rows;
    QStringList m_headings;
    QVector<int> m_widths; ///< of the columns of a table, the name first
    QVector<QRect> m_cells; ///< of a list
    QRect m_rect;
    bool m_table = false;
    bool m_scrolls = false;
    int m_top = 0;
};

}
