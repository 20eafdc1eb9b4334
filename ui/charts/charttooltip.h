#pragma once

#include "ui/charts/chartstyle.h"

#include <QWidget>

namespace countersign {

/// The figures at the crosshair of a chart, in a sheet beside it that takes neither pointer nor focus.
class ChartTooltip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ChartTooltip)

public:
    struct Row {
        QString name;
        QString value;
        QColor color;
        LinePattern pattern = LinePattern::Solid;
        bool filled = false;
        bool strong = false; ///< nearest to the pointer
    };

    /// \a window: the sheet lies over it and stays inside it.
    explicit ChartTooltip(QWidget *window);

    /// Shows `rows` under `heading` beside `at`, a place in the window. What finds no room is counted in a last line.
    void showAt(const QPoint &at, const QString &heading, const QVector<Row> &rows, const QString &note = {});
    const QVector<Row> &rows() const { return m_rows; }
    const QString &heading() const { return m_heading; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_heading;
    QString m_note;
    QVector<Row> m_rows;
    int m_shown = 0;
    int m_valueWidth = 0;
};

}
