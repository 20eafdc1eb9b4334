#pragma once

#include <QStyledItemDelegate>

namespace countersign {

/// What is left of a lease: a bar, and the figure beside it.
class LeaseDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LeaseDelegate)

public:
    explicit LeaseDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace countersign
