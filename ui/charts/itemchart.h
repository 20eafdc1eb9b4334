#pragma once

#include "ui/charts/chartcurve.h"
#include "ui/charts/chartgroup.h"

#include <QPointer>
#include <QWidget>

#include <optional>

namespace countersign {

/// What charts of separate things (figures, bars, slices, cells) have in common: one of them can be pointed at or
/// reached with the arrow keys, says what it is in a tooltip and to a screen reader, and is copied with Ctrl+C. Also what
/// stands there without data, and when data are too old.
class ItemChart : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ItemChart)

public:
    /// Not painted: a panel has a heading of its own. It is the accessible name.
    void setTitle(const QString &title);
    void setEmptyText(const QString &text);
    /// Data that are too old: hatched under `text`, which says how old; empty: fresh again.
    void setStale(const QString &text);
    /// Charts over time share crosshair and zoom with the group; nullptr: alone. The group outlives the view.
    void setGroup(ChartGroup *group);

    int current() const { return m_current; }
    void setCurrent(int item);
    virtual int itemCount() const = 0;
    /// Name and value as people read them.
    virtual QString itemText(int item) const = 0;
    /// What is copied.
    virtual QString itemValue(int item) const = 0;
    /// Title and what each item is, as far as it can be listened to.
    QString accessibleSummary() const;

signals:
    void activated(int item);

protected:
    explicit ItemChart(QWidget *parent);

    virtual void paintItems(QPainter &painter) = 0;
    virtual int itemAt(const QPoint &position) const = 0;
    virtual QRectF itemRect(int item) const = 0;
    /// Item that an arrow key leads to.
    virtual int neighbour(int item, int key) const;
    /// Where times stand; absent in charts that know no time.
    virtual std::optional<PlotMap> timeMap() const { return {}; }

    /// The whole widget without its edge.
    QRect area() const { return rect().adjusted(4, 4, -4, -4); }
    const ChartGroup *group() const { return m_group; }
    void dataChanged();

    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    void paintState(QPainter &painter);

    QString m_emptyText;
    QString m_stale;
    QPointer<ChartGroup> m_group;
    int m_current = -1;
};

/// `count` cells in `room`, as near to `aspect` (width by height) as they can be; \a gap between them.
QVector<QRect> gridCells(const QRect &room, int count, double aspect, int gap);
/// The largest font up to `most` pixels high in which `text` fits `room`.
QFont fittingFont(const QString &text, const QSizeF &room, int least, int most);

struct KeyEntry {
    QString name;
    QColor color;
    Qt::BrushStyle brush = Qt::SolidPattern;
    int sign = 0; ///< a texture over the colour, see paintSign
};
/// A texture that tells `index` from its neighbours without colour; 0 has none.
void paintSign(QPainter &painter, const QRectF &rect, const QColor &ground, int index);
/// Keys in lines that wrap, at the lower edge of `room`; says what is left above them.
QRect paintKeys(QPainter &painter, const QPalette &palette, const QRect &room, const QVector<KeyEntry> &keys);

}
