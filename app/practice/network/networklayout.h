#pragma once

#include "app/practice/network/datafolder.h"
#include "app/practice/network/networkoptions.h"
#include "app/practice/network/toollocations.h"
#include "app/practice/support/freeport.h"
#include "backend/types/ids.h"

#include <QList>
#include <QString>
#include <QUrl>

namespace countersign {

struct ChainLayout {
    QString name; ///< as the environment names it: "ethereum"
    QString part; ///< as status names it: "chain-ethereum"
    ChainId chainId;
    quint16 port = 0;
    QUrl rpc() const;
    QString ws() const;
};

struct RelayerLayout {
    QString id; ///< "relayer-1", in the environment and as a part
    quint16 metricsPort = 0;
    QString keyFile;
    QString configFile;
    QString log; ///< JSON lines
    QString metricsUrl() const;
};

/// Names, ports and files of every part, settled before anything starts, so that a part can be started again as it was.
struct NetworkLayout {
    DataFolder folder{QString()};
    quint16 etcdClient = 0;
    quint16 etcdPeer = 0;
    quint16 prometheus = 0;
    quint16 ledger = 0;
    quint16 participantAdmin = 0;
    quint16 participantMetrics = 0;
    quint16 participantControl = 0;
    quint16 generatorMetrics = 0;
    QList<ChainLayout> chains;
    QList<RelayerLayout> relayers;

    static constexpr int confirmations = 2;
    static constexpr int leaseSeconds = 5;

    /// Error: Exhausted when the machine has no free ports.
    static Result<NetworkLayout> plan(const NetworkOptions &options, FreePorts &ports);

    QString etcdUrl() const;
    QString prometheusUrl() const;
    QString ledgerAddress() const;
    QString adminAddress() const;
    QString generatorConfig() const { return folder.part(u"generator.json"); }
    QString prometheusConfig() const { return folder.part(u"prometheus.yml"); }
    QList<quint16> allPorts() const;
};

/// "127.0.0.1:port".
QString loopback(quint16 port);

inline constexpr QStringView electionName = u"relayer-leader";
inline constexpr QStringView participantId = u"vault-operator";

} // namespace countersign
