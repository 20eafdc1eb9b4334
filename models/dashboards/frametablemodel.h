#pragma once

#include "models/dashboards/display.h"
#include "models/dashboards/frame.h"

#include <QAbstractTableModel>

namespace countersign {

/// A frame as a table: values in their units, sorted by a column where a person asks for it.
class FrameTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FrameTableModel)

public:
    enum Role { ColorRole = Qt::UserRole + 1, NumberRole };

    explicit FrameTableModel(QObject *parent = nullptr);

    /// Columns that stay keep their place; the model is reset only when they change.
    void setFrame(const Frame &frame);
    const Frame &frame() const { return m_frame; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

private:
    DisplayValue cell(int row, int column) const;
    void reorder();

    Frame m_frame;
    QVector<qsizetype> m_order;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace countersign
