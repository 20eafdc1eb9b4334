#pragma once

#include "models/dashboards/panelcontent.h"

#include <QWidget>

namespace countersign {

class ChartGroup;
class TimeSeriesView;

/// What is inside a panel's frame: one widget for the type, which is told what to show.
class PanelView : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PanelView)

public:
    explicit PanelView(QWidget *parent = nullptr) : QWidget(parent) {}

    virtual void show(const PanelContent &content, qint64 from, qint64 to) = 0;
    /// The chart over time, where it is one; null otherwise.
    virtual TimeSeriesView *chart() const { return nullptr; }
    /// What can be taken along, as text with tabs or commas; empty: nothing.
    virtual QByteArray toCsv() const { return {}; }
};

/// The view of a panel's type. \a group: of charts that look at the same time; outlives the view.
PanelView *makePanelView(const Panel &panel, const QString &title, ChartGroup &group, QWidget *parent);

} // namespace countersign
