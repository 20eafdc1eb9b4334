#include "app/practice/network/workerconfigs.h"

#include "backend/types/strings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace countersign {

namespace {

QByteArray toJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson();
}

} // namespace

QString partyKeyFile(const NetworkLayout &layout, const QString &party)
{
    return layout.folder.keys() + u"/party-"_s + party + u".key"_s;
}

QByteArray relayerConfiguration(const NetworkLayout &layout, const ToolLocations &tools, const PracticeFacts &facts,
                                const RelayerLayout &relayer)
{
    QJsonArray chains;
    for (const ChainLayout &chain : layout.chains)
        chains.append(QJsonObject{{u"name"_s, chain.name},
                                  {u"chainId"_s, static_cast<qint64>(chain.chainId.value())},
                                  {u"rpc"_s, chain.rpc().toString()},
                                  {u"confirmations"_s, NetworkLayout::confirmations}});
    return toJson({{u"id"_s, relayer.id},
                   {u"keyFile"_s, relayer.keyFile},
                   {u"log"_s, relayer.log},
                   {u"metricsPort"_s, relayer.metricsPort},
                   {u"etcd"_s, QJsonArray{layout.etcdUrl()}},
                   {u"election"_s, electionName.toString()},
                   {u"leaseSeconds"_s, NetworkLayout::leaseSeconds},
                   {u"ledger"_s, layout.ledgerAddress()},
                   {u"party"_s, facts.relayerParty},
                   {u"abi"_s, tools.contractAbi},
                   {u"chains"_s, chains}});
}

QByteArray generatorConfiguration(const NetworkLayout &layout, const NetworkOptions &options, const PracticeFacts &facts)
{
    QJsonArray parties;
    for (const PracticeParty &party : facts.parties) {
        const auto weight = std::ranges::find(options.mix, party.name, &PartyWeight::party);
        if (weight == options.mix.end())
            continue;
        parties.append(QJsonObject{{u"name"_s, party.name},
                                   {u"partyId"_s, party.id.toString()},
                                   {u"keyFile"_s, partyKeyFile(layout, party.name)},
                                   {u"weight"_s, weight->weight}});
    }
    QJsonArray vaults;
    for (qsizetype i = 0; i < layout.chains.size(); ++i) {
        for (const DeployedVault &vault : facts.chains.at(i).vaults)
            vaults.append(QJsonObject{{u"name"_s, vault.name},
                                      {u"address"_s, vault.vault.toString()},
                                      {u"chainId"_s, static_cast<qint64>(layout.chains.at(i).chainId.value())}});
    }
    return toJson({{u"ledger"_s, layout.ledgerAddress()},
                   {u"issuer"_s, facts.issuerParty},
                   {u"relayer"_s, facts.relayerParty},
                   {u"regulator"_s, facts.regulatorParty},
                   {u"metricsPort"_s, layout.generatorMetrics},
                   {u"adapterId"_s, treasuryAdapterId().toString()},
                   {u"rate"_s, options.rate},
                   {u"failures"_s, options.failureShare},
                   {u"parties"_s, parties},
                   {u"vaults"_s, vaults}});
}

} // namespace countersign
