#pragma once

#include "backend/review/review.h"

#include <QAbstractListModel>

#include <optional>

namespace countersign {

/// The Safe's owners in its order, who of them signed, and below them signatures by strangers.
class SignersModel final : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SignersModel)

public:
    enum Role {
        AddressRole = Qt::UserRole + 1, ///< Address
        HasSignedRole, ///< bool
        HowRole, ///< QString
        IsMeRole, ///< bool
        IsStrangerRole, ///< bool: signed, but is no owner
    };

    explicit SignersModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(
        const QModelIndex &index, int role = Qt::DisplayRole) const override; ///< DisplayRole: name, or the address

    void setSigners(const QList<ReviewSigner> &signers, const QList<Address> &strangers);
    void setHolder(const std::optional<Address> &holder);

private:
    QList<ReviewSigner> m_signers;
    QList<Address> m_strangers;
    std::optional<Address> m_holder;
};

} // namespace countersign
