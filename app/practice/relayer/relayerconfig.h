#pragma once

#include "backend/types/error.h"
#include "backend/types/ids.h"

#include <QList>
#include <QString>
#include <QUrl>

#include <chrono>

namespace countersign {

struct RelayedChain {
    QString name;
    ChainId chainId;
    QUrl rpc;
    int confirmations = 1;
};

/// What one relayer reads with --config.
struct RelayerConfig {
    QString id;
    QString keyFile;
    QString log;
    quint16 metricsPort = 0;
    QList<QUrl> etcd;
    QString election;
    std::chrono::seconds lease{5};
    QString ledger; ///< host:port
    QString party;
    QString abi; ///< folder of the contracts' interfaces
    QList<RelayedChain> chains;

    /// Errors: NotFound, Invalid with what is missing.
    static Result<RelayerConfig> load(const QString &path);
};

} // namespace countersign
