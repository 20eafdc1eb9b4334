#pragma once

#include <QStyledItemDelegate>

namespace countersign {

/// One hop of the timeline: a mark on the line, what happened and who says so, the evidence, and how long it took
/// against what is usual.
class HopDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HopDelegate)

public:
    explicit HopDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace countersign
