#pragma once

#include "backend/review/review.h"

#include <QAbstractTableModel>

namespace countersign {

/// What a transaction changes: variable, before, after as simulated, and what the proposer promised.
class EffectsModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EffectsModel)

public:
    enum Column { NameColumn, BeforeColumn, AfterColumn, PromisedColumn, ColumnCount };
    enum Role {
        AsPromisedRole = Qt::UserRole + 1, ///< bool; true when nothing was promised
        VariableRole, ///< QString, the contract's variable
    };

    explicit EffectsModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setEffects(const QList<Effect> &effects);

private:
    QList<Effect> m_effects;
};

} // namespace countersign
