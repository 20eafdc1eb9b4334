#include "app/practice/generator/generatorconfig.h"

#include "backend/types/strings.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace countersign {

Result<GeneratorConfig> GeneratorConfig::load(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, u"Cannot read %1"_s.arg(path), file.errorString());
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    GeneratorConfig config;
    config.ledger = object.value("ledger"_L1).toString();
    config.issuer = object.value("issuer"_L1).toString();
    config.relayer = object.value("relayer"_L1).toString();
    config.regulator = object.value("regulator"_L1).toString();
    config.metricsPort = static_cast<quint16>(object.value("metricsPort"_L1).toInt());
    config.rate = object.value("rate"_L1).toDouble();
    config.failureShare = object.value("failures"_L1).toDouble();
    const Result<Hash32> adapter = Hash32::parse(object.value("adapterId"_L1).toString());
    if (!adapter)
        return std::unexpected(adapter.error());
    config.adapterId = *adapter;
    const QJsonArray parties = object.value("parties"_L1).toArray();
    for (const QJsonValue &value : parties) {
        const QJsonObject party = value.toObject();
        const Result<Hash32> id = Hash32::parse(party.value("partyId"_L1).toString());
        if (!id)
            return std::unexpected(id.error());
        config.parties.append({party.value("name"_L1).toString(), *id, party.value("keyFile"_L1).toString(), party.value("weight"_L1).toDouble(1)});
    }
    const QJsonArray vaults = object.value("vaults"_L1).toArray();
    for (const QJsonValue &value : vaults) {
        const QJsonObject vault = value.toObject();
        const Result<Address> address = Address::parse(vault.value("address"_L1).toString());
        if (!address)
            return std::unexpected(address.error());
        config.vaults.append({vault.value("name"_L1).toString(), *address, ChainId(static_cast<quint64>(vault.value("chainId"_L1).toInteger()))});
    }
    if (config.ledger.isEmpty() || config.issuer.isEmpty() || config.relayer.isEmpty() || config.regulator.isEmpty()
        || config.parties.isEmpty() || config.vaults.isEmpty())
        return fail(ErrorKind::Invalid, u"%1 does not say everything that the generator needs"_s.arg(path),
                    u"needed: ledger, issuer, relayer, regulator, parties, vaults"_s);
    return config;
}

} // namespace countersign
