#pragma once

#include "ui/charts/itemchart.h"
#include "ui/charts/labelcache.h"

namespace countersign {

/// From when to when something was in one state.
struct StateSpan {
    qint64 from; ///< milliseconds
    qint64 to;
    QString text; ///< the state as people read it
    QColor color; ///< invalid: nothing known
    bool operator==(const StateSpan &) const = default;
};

struct StateRow {
    QString name;
    QVector<StateSpan> spans; ///< ascending, without overlap
    bool operator==(const StateRow &) const = default;
};

/// What state each thing was in over time, one row a thing. States that follow on themselves are one.
class StateTimelineView : public ItemChart {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(StateTimelineView)

public:
    explicit StateTimelineView(QWidget *parent = nullptr);

    void setRows(const QVector<StateRow> &rows);
    void setRange(qint64 from, qint64 to);
    void setLegendShown(bool shown);
    /// Writes states into their spans where they have room.
    void setValuesShown(bool shown);

    int itemCount() const override { return m_count; }
    QString itemText(int item) const override;
    QString itemValue(int item) const override;
    QSize sizeHint() const override { return {420, 160}; }
    QSize minimumSizeHint() const override { return {140, 70}; }

protected:
    enum class Kind { Timeline, History };
    StateTimelineView(Kind kind, QWidget *parent);

    void paintItems(QPainter &painter) override;
    int itemAt(const QPoint &position) const override;
    QRectF itemRect(int item) const override;
    int neighbour(int item, int key) const override;
    std::optional<PlotMap> timeMap() const override;

private:
    struct Place {
        int row;
        int span;
    };
    Place placeOf(int item) const;
    int itemOf(const Place &place) const;
    TimeSpan span() const;
    QVector<KeyEntry> keys() const;
    QRect plot() const;
    QRectF spanRect(const PlotMap &map, const Place &place) const;
    int nameWidth() const;

    Kind m_kind;
    QVector<StateRow> m_rows;
    QVector<KeyEntry> m_keys;
    QVector<int> m_firstItems; ///< of each row
    std::optional<TimeSpan> m_range;
    LabelCache m_labels{TextSize::Caption};
    int m_count = 0;
    bool m_legend = true;
    bool m_values = true;
};

}
