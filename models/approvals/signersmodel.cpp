#include "models/approvals/signersmodel.h"

namespace countersign {

SignersModel::SignersModel(QObject *parent)
    : QAbstractListModel(parent)
{
}

int SignersModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_signers.size() + m_strangers.size());
}

QVariant SignersModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const bool isStranger = index.row() >= m_signers.size();
    const ReviewSigner stranger{isStranger ? m_strangers[index.row() - m_signers.size()] : Address(), {}, true, {}, false};
    const ReviewSigner &signer = isStranger ? stranger : m_signers[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return signer.name.isEmpty() ? signer.owner.toString() : signer.name;
    case Qt::ToolTipRole:
        return !signer.hasSigned && !signer.how.isEmpty()
            ? tr("%1\n%2. It does not count here").arg(signer.owner.toString(), signer.how)
            : signer.owner.toString();
    case AddressRole:
        return QVariant::fromValue(signer.owner);
    case HasSignedRole:
        return signer.hasSigned;
    case HowRole:
        return signer.how;
    case IsMeRole:
        return m_holder == signer.owner;
    case IsStrangerRole:
        return isStranger;
    default:
        return {};
    }
}

void SignersModel::setSigners(const QList<ReviewSigner> &signers, const QList<Address> &strangers)
{
    beginResetModel();
    m_signers = signers;
    m_strangers = strangers;
    endResetModel();
}

void SignersModel::setHolder(const std::optional<Address> &holder)
{
    m_holder = holder;
    if (const int count = rowCount(); count > 0)
        emit dataChanged(index(0), index(count - 1), {IsMeRole});
}

} // namespace countersign
