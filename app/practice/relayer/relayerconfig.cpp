#include "app/practice/relayer/relayerconfig.h"

#include "backend/types/strings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace countersign {

Result<RelayerConfig> RelayerConfig::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, u"Cannot read %1"_s.arg(path), file.errorString());
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    RelayerConfig config;
    config.id = object.value("id"_L1).toString();
    config.keyFile = object.value("keyFile"_L1).toString();
    config.log = object.value("log"_L1).toString();
    config.metricsPort = static_cast<quint16>(object.value("metricsPort"_L1).toInt());
    const QJsonArray endpoints = object.value("etcd"_L1).toArray();
    for (const QJsonValue &endpoint : endpoints)
        config.etcd.append(QUrl(endpoint.toString()));
    config.election = object.value("election"_L1).toString();
    config.lease = std::chrono::seconds(std::clamp(object.value("leaseSeconds"_L1).toInt(5), 1, 600));
    config.ledger = object.value("ledger"_L1).toString();
    config.party = object.value("party"_L1).toString();
    config.abi = object.value("abi"_L1).toString();
    const QJsonArray chains = object.value("chains"_L1).toArray();
    for (const QJsonValue &value : chains) {
        const QJsonObject chain = value.toObject();
        config.chains.append({chain.value("name"_L1).toString(), ChainId(static_cast<quint64>(chain.value("chainId"_L1).toInteger())),
                              QUrl(chain.value("rpc"_L1).toString()), std::max(1, chain.value("confirmations"_L1).toInt(1))});
    }
    if (config.id.isEmpty() || config.keyFile.isEmpty() || config.etcd.isEmpty() || config.election.isEmpty()
        || config.ledger.isEmpty() || config.party.isEmpty() || config.chains.isEmpty())
        return fail(ErrorKind::Invalid, u"%1 does not say everything that a relayer needs"_s.arg(path),
                    u"needed: id, keyFile, etcd, election, ledger, party, chains"_s);
    return config;
}

} // namespace countersign
