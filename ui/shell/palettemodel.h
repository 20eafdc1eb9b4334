#pragma once

#include "ui/shell/commandpalette.h"

#include <QAbstractListModel>
#include <QStyledItemDelegate>

namespace countersign {

/// The entries that the palette shows at the moment, best first.
class PaletteModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaletteModel)

public:
    enum Role { GroupRole = Qt::UserRole, ShortcutRole };

    explicit PaletteModel(QObject *parent = nullptr);

    void setEntries(QVector<PaletteEntry> entries);
    const PaletteEntry &entry(int row) const { return m_entries[row]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QVector<PaletteEntry> m_entries;
};

/// One line of the palette: icon, text, group in quiet ink, shortcut at the right.
class PaletteDelegate final : public QStyledItemDelegate {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PaletteDelegate)

public:
    explicit PaletteDelegate(QObject *parent = nullptr);
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace countersign
