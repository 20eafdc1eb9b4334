#pragma once

#include "backend/relayer/etcdtypes.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"

#include <QByteArrayView>
#include <QString>

/// etcd's requests and answers as bytes (contracts/proto/etcd): protobuf stays behind this header. Reading is total:
/// Corrupt for what is no such message, Exhausted for more keys, events or members than any election has.
namespace countersign::etcdmessages {

inline constexpr qsizetype mostKeys = 20'000; ///< in one answer

[[nodiscard]] Bytes rangeRequest(const EtcdRangeQuery &query);
[[nodiscard]] Bytes watchRequest(const Bytes &prefix, qint64 fromRevision);
[[nodiscard]] Bytes leaseRequest(qint64 lease);
[[nodiscard]] Bytes alarmsRequest();
[[nodiscard]] Bytes authenticateRequest(const QString &user, const QByteArray &password);

[[nodiscard]] Result<EtcdRange> range(QByteArrayView message);
[[nodiscard]] Result<EtcdWatchReply> watch(QByteArrayView message);
[[nodiscard]] Result<EtcdLease> lease(QByteArrayView message);
[[nodiscard]] Result<QVector<qint64>> leases(QByteArrayView message);
[[nodiscard]] Result<EtcdMembers> members(QByteArrayView message);
[[nodiscard]] Result<EtcdStatus> status(QByteArrayView message);
[[nodiscard]] Result<QVector<EtcdAlarm>> alarms(QByteArrayView message);
[[nodiscard]] Result<QByteArray> token(QByteArrayView message);

} // namespace countersign::etcdmessages
