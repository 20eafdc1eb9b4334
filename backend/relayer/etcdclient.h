#pragma once

#include "backend/relayer/etcdtypes.h"
#include "backend/rpc/channel.h"
#include "backend/rpc/serverstream.h"
#include "backend/types/error.h"

#include <QCoroTask>
#include <QFuture>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace countersign {

/// How a cluster of etcd is reached.
struct EtcdAccess {
    QVector<QUrl> endpoints; ///< "http://host:2379": plain text, "https://host:2379": TLS
    std::optional<TlsSettings> tls = std::nullopt; ///< of https endpoints; nullopt: the system's certificates
    QString user; ///< empty: none
    /// The user's password, asked for when etcd wants it. Not sent in plain text beyond this machine.
    std::function<QFuture<Result<QByteArray>>()> password = {};
};

/// One endpoint of etcd by gRPC. It only reads: there is no call here that changes anything. A cheap handle; copies
/// share the connection and the token. A token that etcd no longer takes is replaced once by a new one.
class EtcdClient final {
public:
    /// Connects at the first call. \a needsLeader: a member that has lost its cluster refuses, instead of waiting.
    /// Invalid: no http or https address, or a password that would travel readable.
    [[nodiscard]] static Result<EtcdClient> open(const QUrl &endpoint, const EtcdAccess &access, bool needsLeader);

    [[nodiscard]] const QString &target() const; ///< host:port

    using Deadline = std::chrono::milliseconds;
    QCoro::Task<Result<EtcdRange>> range(EtcdRangeQuery query, Deadline deadline, std::stop_token stop) const;
    QCoro::Task<Result<EtcdLease>> timeToLive(qint64 lease, Deadline deadline, std::stop_token stop) const;
    QCoro::Task<Result<QVector<qint64>>> leases(Deadline deadline, std::stop_token stop) const;
    QCoro::Task<Result<EtcdMembers>> members(Deadline deadline, std::stop_token stop) const;
    QCoro::Task<Result<EtcdStatus>> status(Deadline deadline, std::stop_token stop) const; ///< of this endpoint's member
    QCoro::Task<Result<QVector<EtcdAlarm>>> alarms(Deadline deadline, std::stop_token stop) const;

    using Watch = ServerStream<EtcdWatchReply>;
    /// Every change of the keys under \a prefix from a revision on. Needs a call before it when there is a user.
    [[nodiscard]] std::unique_ptr<Watch> watch(
        const Bytes &prefix, qint64 fromRevision, Watch::OnRows onRows, Watch::OnEnd onEnd) const;

private:
    struct Shared;
    explicit EtcdClient(std::shared_ptr<Shared> shared);

    template <class T>
    static QCoro::Task<Result<T>> call(std::shared_ptr<Shared> shared, QByteArray method, Bytes request,
        Result<T> (*decode)(QByteArrayView), CallOptions options);
    static QCoro::Task<Result<void>> authenticate(std::shared_ptr<Shared> shared, CallOptions options);

    std::shared_ptr<Shared> m_shared;
};

} // namespace countersign
