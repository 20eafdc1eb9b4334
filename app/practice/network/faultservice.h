#pragma once

#include "app/practice/relayer/etcdclient.h"
#include "backend/rpc/httpclient.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/types/error.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <QObject>
#include <QString>
#include <QStringList>

#include <chrono>

namespace countersign {

class Supervisor;
struct ChainLayout;

/// Breaks the running practice network on purpose, for drills and tests. Every fault says what it did and, where it
/// does not heal by itself, how to mend it.
class FaultService final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FaultService)

public:
    /// `supervisor` is prepared, and outlives this.
    explicit FaultService(Supervisor &supervisor, QObject *parent = nullptr);

    /// kill-leader, cut-stream, pause-participant, stop-blocks, flood, reorg, stop, start. Errors: Invalid with the
    /// usage, NotFound, Conflict, and those of the part.
    QCoro::Task<Result<QString>> apply(QString fault, QStringList arguments);

    /// One line a fault.
    static QString usage();

private:
    QCoro::Task<Result<QString>> killLeader();
    QCoro::Task<Result<QString>> cutStream();
    QCoro::Task<Result<QString>> stopBlocks(int seconds, QString chainName);
    QCoro::Task<Result<QString>> reorganise(int depth, QString chainName);
    QCoro::Task<Result<QString>> stopPart(QString name);
    QCoro::Task<Result<QString>> startPart(QString name);
    Result<QString> pauseParticipant(int seconds);
    Result<QString> flood(int count);
    QCoro::Task<> mineAgain(QString chainName, std::chrono::seconds after);
    Result<ChainLayout> chainNamed(const QString &name) const;

    Supervisor &m_supervisor;
    EtcdClient m_etcd;
    HttpClient m_http;
    LifetimeScope m_scope;
};

} // namespace countersign
