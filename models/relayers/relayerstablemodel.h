#pragma once

#include "backend/types/clock.h"
#include "models/overview/overviewstate.h"

#include <QAbstractTableModel>
#include <QString>
#include <QVector>

#include <optional>

namespace countersign {

/// What is known of one relayer, from its metrics, its log and etcd.
struct RelayerFacts {
    enum class Metrics : quint8 { NotKnown, Prometheus, Direct, Down }; ///< who reads them
    RelayerReading reading;
    Metrics metrics = Metrics::NotKnown;
    QString metricsProblem; ///< why they are not read, or why Prometheus would not
    std::optional<Timestamp> lastLine; ///< of its log
    std::optional<Timestamp> lastAct; ///< when it last sent a transaction, by its log
    QString logProblem;
    bool operator==(const RelayerFacts &) const = default;
};

/// The relayers of the environment, in its order.
class RelayersTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RelayersTableModel)

public:
    enum Column { RelayerColumn, QueueColumn, RateColumn, SuccessColumn, BehindColumn, LogColumn, MetricsColumn, ColumnCount };
    enum Role { ToneRole = Qt::UserRole + 1 }; ///< int of Tone

    explicit RelayersTableModel(const Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setRelayers(const QVector<RelayerFacts> &relayers);
    void tick();
    const QVector<RelayerFacts> &relayers() const { return m_rows; }
    /// Of a relayer whose metrics answer, or whose log was written lately when nobody reads them.
    bool isUp(const RelayerFacts &relayer) const;

private:
    QString behindText(const RelayerFacts &relayer) const;
    QString metricsText(const RelayerFacts &relayer) const;
    QString tip(const RelayerFacts &relayer) const;

    const Clock &m_clock;
    QVector<RelayerFacts> m_rows;
};

} // namespace countersign
