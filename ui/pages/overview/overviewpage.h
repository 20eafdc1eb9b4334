#pragma once

#include "models/overview/overviewstate.h"
#include "ui/shell/page.h"

#include <QHash>

#include <span>

class QVBoxLayout;
class QLabel;
class QListView;

namespace countersign {

class Card;
class FlowMap;
class SourceListModel;
class StatTile;
class TimeSeriesView;

/// A proposal that waits, as the overview mentions it.
struct WaitingProposal {
    QString id;
    QString title;
    QString note; ///< "1 of 2 signatures"
    bool forMe = false;
    bool operator==(const WaitingProposal &) const = default;
};

/// Charts of the overview, fed from Prometheus.
enum class OverviewChart { Throughput, Waiting, Latency };

/// Are we well, and if not, where? The sentence, the map, the figures, the sources, and what waits for me.
class OverviewPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OverviewPage)

public:
    /// Both outlive the page.
    OverviewPage(OverviewState &state, SourceListModel &sources, QWidget *parent = nullptr);

    void refresh() override { emit refreshRequested(); }

    void setWaiting(const QVector<WaitingProposal> &proposals);
    /// Replaces one named line of a chart; times in milliseconds since 1970.
    void setSeries(
        OverviewChart chart, const QString &name, std::span<const qint64> times, std::span<const float> values);
    /// Why the charts show nothing.
    void setChartsUnavailable(const QString &reason);
    /// History of a tile from before this console was started.
    void setTileHistory(OverviewTile::Kind kind, std::span<const qint64> times, std::span<const float> values);
    /// Adds the present figures to the tiles' lines; about once a second.
    void sample(qint64 now);

signals:
    void refreshRequested();
    void filterRequested(const QString &filter);
    void sourceRequested(const QString &id);
    void proposalRequested(const QString &id);

private:
    void showState();
    void showTiles();
    void showNotes();
    void openNode(const QString &id);
    QWidget *buildTiles();
    QWidget *buildCharts();

    OverviewState &m_state;
    SourceListModel &m_sources;
    QVBoxLayout *m_notes;
    FlowMap *m_map;
    QHash<int, StatTile *> m_tiles;
    QHash<int, TimeSeriesView *> m_charts;
    QHash<QString, int> m_lines;
    Card *m_waiting;
    QLabel *m_nothing;
    QVBoxLayout *m_waitingRows;
    QVector<WaitingProposal> m_proposals;
    QVector<OverviewNote> m_shownNotes;
    QListView *m_sourceList;
};

} // namespace countersign
