#include "models/approvals/effectsmodel.h"

namespace countersign {

EffectsModel::EffectsModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

int EffectsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_effects.size());
}

int EffectsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EffectsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Effect &effect = m_effects[index.row()];
    switch (role) {
    case AsPromisedRole:
        return effect.isAsPromised();
    case VariableRole:
        return effect.variable;
    case Qt::ToolTipRole:
        return tr("%1\nbefore: %2\nafter: %3")
            .arg(effect.variable, effect.before, effect.after.isEmpty() ? tr("unknown") : effect.after);
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case NameColumn:
        return effect.name;
    case BeforeColumn:
        return effect.before;
    case AfterColumn:
        return effect.after.isEmpty() ? tr("unknown") : effect.after;
    case PromisedColumn:
        return effect.promised;
    default:
        return {};
    }
}

QVariant EffectsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case NameColumn:
        return tr("What changes");
    case BeforeColumn:
        return tr("Before");
    case AfterColumn:
        return tr("After");
    case PromisedColumn:
        return tr("Promised");
    default:
        return {};
    }
}

void EffectsModel::setEffects(const QList<Effect> &effects)
{
    beginResetModel();
    m_effects = effects;
    endResetModel();
}

} // namespace countersign
