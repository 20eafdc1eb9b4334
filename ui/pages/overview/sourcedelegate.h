#pragma once

#include <QStyledItemDelegate>

namespace countersign {

/// One source of the list on the overview: mark, name, kind, state with age, and the error in words.
class SourceDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourceDelegate)

public:
    explicit SourceDelegate(QObject *parent = nullptr);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace countersign
