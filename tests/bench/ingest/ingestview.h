#pragma once

#include "backend/canton/ledgerevent.h"

#include <QAbstractTableModel>
#include <QList>
#include <QTableView>

#include <vector>

namespace countersign::bench {

/// The rows as they come: appended as one range a batch. Any model with append() takes its place.
class IngestModel final : public QAbstractTableModel {
public:
    int rowCount(const QModelIndex &parent) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    int columnCount(const QModelIndex &parent) const override { return parent.isValid() ? 0 : 5; }
    QVariant data(const QModelIndex &index, int role) const override;
    void append(const QList<LedgerEvent> &rows);
    void clear();
    [[nodiscard]] const QList<LedgerEvent> &rows() const { return m_rows; }

private:
    QList<LedgerEvent> m_rows;
};

/// Says how old each row was when it was first painted.
class IngestView final : public QTableView {
public:
    explicit IngestView(IngestModel &model);

    void restart(bool measure);
    [[nodiscard]] qsizetype painted() const { return m_painted; }
    [[nodiscard]] const std::vector<double> &latencies() const { return m_latencies; } ///< ms

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    IngestModel &m_model;
    qsizetype m_painted = 0;
    bool m_measure = false;
    std::vector<double> m_latencies;
};

} // namespace countersign::bench
