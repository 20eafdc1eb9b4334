#pragma once

#include "models/intents/intentfilter.h"
#include "ui/shell/page.h"

class QLabel;
class QPushButton;

namespace countersign {

class DataTable;
class FilterLine;
class IntentDetails;
class IntentLanesModel;
class IntentTableModel;
class IntentTimelineModel;
class LaneStrip;

/// Where each intent is and what holds it: lanes, a table that filters as one types, and the way of one intent.
class IntentsPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IntentsPage)

public:
    /// The models outlive the page.
    IntentsPage(
        IntentTableModel &table, IntentLanesModel &lanes, IntentTimelineModel &timeline, QWidget *parent = nullptr);

    void registerActions(ActionRegistry &registry) override;
    void refresh() override;
    void focusFilter() override;
    bool closeInnermost() override;
    bool copySelection() override;

    void setFilterText(const QString &text);
    QString filterText() const;
    /// Opens the details of an intent by its id; false when it is unknown.
    bool openIntent(const QString &id);
    DataTable *table() const { return m_view; }
    /// Whether a participant has answered; until then an empty table is "loading". `problem`: why rows are missing or old.
    void setConnected(bool connected, const QString &problem = {});

signals:
    void logRequested(const QString &id); ///< what the relayers' logs say about an intent

private:
    void applyFilter(const IntentFilter &filter, const QString &text);
    void showCounts();
    void updateHold();
    void release();
    void openCurrent();

    IntentTableModel &m_table;
    IntentTimelineModel &m_timeline;
    LaneStrip *m_lanes;
    FilterLine *m_filter;
    QLabel *m_count;
    QPushButton *m_new;
    DataTable *m_view;
    IntentDetails *m_details;
    bool m_connected = false;
    QString m_problem;
};

} // namespace countersign
