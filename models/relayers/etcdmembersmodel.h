#pragma once

#include "backend/relayer/etcdclusterreader.h"
#include "models/sources/tone.h"

#include <QAbstractTableModel>
#include <QString>

namespace countersign {

/// The members of the cluster of etcd that elects the relayers' leader.
class EtcdMembersModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EtcdMembersModel)

public:
    enum Column { HealthColumn, MemberColumn, RoleColumn, SizeColumn, VersionColumn, IndexColumn, ColumnCount };
    enum Role { ToneRole = Qt::UserRole + 1 }; ///< int of Tone

    explicit EtcdMembersModel(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    void setCluster(const EtcdClusterState &state);

    /// "3 of 3 healthy, raft term 7", or what is wrong; for people. Empty before the first answer.
    QString summary() const;
    Tone tone() const; ///< of the summary
    const EtcdClusterState &state() const { return m_state; }

signals:
    void changed();

private:
    QString tip(const EtcdMemberState &member) const;

    EtcdClusterState m_state;
    QVector<EtcdMemberState> m_rows;
};

} // namespace countersign
