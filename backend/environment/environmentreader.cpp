#include "backend/environment/environmentreader.h"

#include "backend/environment/mapreader.h"
#include "backend/environment/serverreader.h"
#include "backend/types/nativeamount.h"
#include "backend/types/strings.h"

#include <QFileInfo>
#include <QHostAddress>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace countersign {

namespace {

using Need = MapReader::Need;

const QStringList &web()
{
    static const QStringList schemes{u"http"_s, u"https"_s};
    return schemes;
}

/// Refuses secrets wherever they stand, also under keys that the format does not know.
void refuseSecrets(ReadContext &context, const YamlNode &node)
{
    for (const YamlNode::Entry &e : node.entries) {
        if (looksLikeSecretKey(e.key)) {
            context.problem(e, u"“%1” looks like a secret, and secrets never stand in this file"_s.arg(e.key.left(48)),
                            u"remove it, and consider it known to others: PINs are asked for when a key is used, tokens live in the system's key ring"_s);
            continue;
        }
        refuseSecrets(context, *e.value);
    }
    for (const auto &item : node.items)
        refuseSecrets(context, *item);
}

/// Names must be unique: everything else in the console refers to things by them.
class Unique
{
public:
    void check(MapReader &reader, const QString &key, const QString &given)
    {
        if (given.isEmpty())
            return;
        if (m_seen.contains(given))
            reader.problem(key, u"“%1” is taken: %2 must be unique"_s.arg(given.left(48), key));
        m_seen.insert(given);
    }

private:
    QSet<QString> m_seen;
};

bool isLoopback(const QString &hostPort)
{
    QString host = hostPort.left(hostPort.lastIndexOf(u':'));
    if (host.startsWith(u'['))
        host = host.mid(1, host.size() - 2);
    return host == u"localhost"_s || QHostAddress(host).isLoopback();
}

std::optional<TlsProfile> readTls(MapReader &reader)
{
    const YamlNode *node = reader.value(u"tls"_s, Need::Optional);
    if (node == nullptr)
        return std::nullopt;
    if (node->kind == YamlNode::Kind::Scalar) {
        if (node->text != u"none"_s)
            reader.problem(u"tls"_s, u"“tls” is either none or a map with ca, certificate, key and authority"_s);
        return std::nullopt;
    }
    TlsProfile settings;
    reader.map(u"tls"_s, u"“tls”"_s, Need::Optional, [&](MapReader &tls) {
        settings.ca = tls.path(u"ca"_s);
        settings.certificate = tls.path(u"certificate"_s, Need::Optional);
        settings.key = tls.path(u"key"_s, Need::Optional);
        settings.authority = tls.text(u"authority"_s, Need::Optional);
        if (settings.certificate.isEmpty() != settings.key.isEmpty())
            tls.problem(settings.key.isEmpty() ? u"certificate"_s : u"key"_s, u"“certificate” and “key” belong together"_s);
    });
    return settings;
}

void readParticipants(MapReader &canton, Environment &environment)
{
    Unique ids;
    canton.list(u"participants"_s, u"a participant"_s, Need::Required, [&](MapReader &reader) {
        ParticipantSettings participant;
        participant.id = reader.text(u"id"_s);
        ids.check(reader, u"id"_s, participant.id);
        participant.ledger = reader.hostPort(u"ledger"_s);
        participant.admin = reader.hostPort(u"admin"_s, Need::Optional);
        participant.metrics = reader.url(u"metrics"_s, web(), Need::Optional);
        participant.tls = readTls(reader);
        reader.texts(u"parties"_s, Need::Optional, [&](const YamlNode &at, const QString &text) {
            const auto party = PartyId::parse(text);
            if (!party)
                reader.context().problem(at, u"this is no Canton party: "_s + party.error().message, u"name::fingerprint, in quotes"_s);
            else
                participant.parties.append(*party);
        });
        if (environment.kind == EnvironmentKind::Production && !participant.tls && !participant.ledger.isEmpty() && !isLoopback(participant.ledger))
            reader.problem(u"ledger"_s, u"a production participant on another machine is reached in plaintext"_s, u"give “tls” a map with at least “ca”"_s);
        environment.participants.append(participant);
    });
}

QString readTemplate(MapReader &model, const QString &key, Need need)
{
    QString id;
    model.map(key, u"“%1”"_s.arg(key), need, [&](MapReader &reader) {
        id = reader.text(u"template"_s);
        static const QRegularExpression pattern(u"^(#[A-Za-z0-9_-]{1,64}|[0-9a-f]{64}):[A-Z][A-Za-z0-9_]*(\\.[A-Z][A-Za-z0-9_]*)*:[A-Z][A-Za-z0-9_]*$"_s);
        if (!id.isEmpty() && !pattern.match(id).hasMatch())
            reader.problem(u"template"_s, u"this is no template id"_s, u"\"#package-name:Module.Name:Template\", in quotes"_s);
    });
    return id;
}

void readModel(MapReader &canton, Environment &environment)
{
    canton.map(u"model"_s, u"“model”"_s, Need::Optional, [&](MapReader &model) {
        environment.model.request = readTemplate(model, u"request"_s, Need::Optional);
        environment.model.authorised = readTemplate(model, u"authorised"_s, Need::Required);
        environment.model.receipt = readTemplate(model, u"receipt"_s, Need::Required);
        model.map(u"fields"_s, u"“fields”"_s, Need::Optional, [&](MapReader &reader) {
            IntentFields &fields = environment.model.fields;
            const auto read = [&reader](const char16_t *key, QString &field) {
                const QString given = reader.text(QString::fromUtf16(key), Need::Optional);
                if (!given.isEmpty())
                    field = given;
            };
            read(u"intentId", fields.intentId);
            read(u"party", fields.party);
            read(u"issuer", fields.issuer);
            read(u"vault", fields.vault);
            read(u"vaultAddress", fields.vaultAddress);
            read(u"chain", fields.chain);
            read(u"adapter", fields.adapter);
            read(u"action", fields.action);
            read(u"asset", fields.asset);
            read(u"amount", fields.amount);
            read(u"nonce", fields.nonce);
            read(u"deadline", fields.deadline);
            read(u"createdAt", fields.createdAt);
            read(u"outcome", fields.outcome);
            read(u"reason", fields.reason);
            read(u"txHash", fields.txHash);
            read(u"blockNumber", fields.blockNumber);
            read(u"relayer", fields.relayer);
        });
    });
}

void readRelayers(MapReader &relayers, Environment &environment)
{
    relayers.map(u"election"_s, u"“election”"_s, Need::Optional, [&](MapReader &reader) {
        ElectionProfile election;
        election.endpoints = reader.urls(u"endpoints"_s, web());
        election.name = reader.text(u"name"_s);
        election.tls = readTls(reader);
        election.user = reader.text(u"user"_s, Need::Optional);
        const bool isPlain = std::ranges::any_of(election.endpoints, [](const QUrl &url) { return url.scheme() == "http"_L1; });
        if (election.tls && isPlain)
            reader.problem(u"tls"_s, u"“tls” is given, and an endpoint is http"_s, u"write https for every endpoint"_s);
        environment.election = election;
    });
    Unique ids;
    relayers.list(u"nodes"_s, u"a relayer"_s, Need::Required, [&](MapReader &reader) {
        RelayerSettings relayer;
        relayer.id = reader.text(u"id"_s);
        ids.check(reader, u"id"_s, relayer.id);
        relayer.metrics = reader.url(u"metrics"_s, web()).value_or(QUrl());
        relayer.log = reader.path(u"log"_s, Need::Optional);
        environment.relayers.append(relayer);
    });
}

void readSafeService(MapReader &reader, const Environment &environment, ChainSettings &chain)
{
    const QString key = u"safeService"_s;
    const auto url = reader.url(key, web(), Need::Optional);
    if (!url)
        return;
    if (!url->path().endsWith(u"/api/") || url->hasQuery() || url->hasFragment())
        reader.problem(key, u"“safeService” is the base of the service's API and ends in /api/"_s,
                       u"for example https://api.safe.global/tx-service/eth/api/; an access token is asked for when it is needed"_s);
    const bool isNear = url->host() == u"localhost"_s || QHostAddress(url->host()).isLoopback();
    if (url->scheme() != u"https"_s && !isNear && environment.kind != EnvironmentKind::Practice)
        reader.problem(key, u"a transaction service on another machine is reached in plaintext"_s, u"use its https address"_s);
    if (!chain.safe)
        reader.problem(key, u"“safeService” is of no use on a chain without “safe”"_s, u"name the Safe that the service is asked about"_s);
    chain.safeService = *url;
}

std::optional<Uint256> readAmount(MapReader &reader, const QString &key)
{
    const QString given = reader.text(key, Need::Optional, 64);
    if (given.isEmpty())
        return std::nullopt;
    const auto amount = parseNativeAmount(given);
    if (!amount || amount->isZero()) {
        reader.problem(key, u"“%1”: %2"_s.arg(key, amount ? u"a limit of nothing lets nothing be sent"_s : amount.error().message), u"for example 50 gwei or 0.05 ether"_s);
        return std::nullopt;
    }
    return *amount;
}

/// "https://sourcify.dev/server", {kind: etherscan, url: "…"}, or a list of such maps.
void readPublishers(MapReader &chain, ChainSettings &settings)
{
    const QString key = u"publishSources"_s;
    const YamlNode *given = chain.value(key, Need::Optional);
    if (!given)
        return;
    const auto add = [&settings](MapReader &reader, const QString &name, const PublisherSettings &publisher) {
        if (settings.publishSources.contains(publisher))
            reader.problem(name, u"“%1” names this server twice"_s.arg(name));
        settings.publishSources.append(publisher);
    };
    const auto readOne = [&add](MapReader &reader) {
        const QString kind = reader.text(u"kind"_s, Need::Required, 32);
        const auto url = reader.url(u"url"_s, web());
        if (kind != u"sourcify"_s && kind != u"etherscan"_s) {
            if (!kind.isEmpty())
                reader.problem(u"kind"_s, u"“kind” of a source server must be sourcify or etherscan"_s);
            return;
        }
        if (!url)
            return;
        const bool isExplorer = kind == u"etherscan"_s;
        const bool isNear = url->host() == u"localhost"_s || QHostAddress(url->host()).isLoopback();
        if (url->hasQuery() || url->hasFragment())
            reader.problem(u"url"_s, u"“url” of a source server has host and path only"_s,
                isExplorer ? u"chain and API key are added when sources are sent; the key is asked for, and kept in the keychain"_s : QString());
        else if (isExplorer && url->scheme() != u"https"_s && !isNear)
            reader.problem(u"url"_s, u"an API key would travel to this explorer in plaintext"_s, u"use its https address"_s);
        else
            add(reader, u"url"_s, {isExplorer ? PublisherSettings::Kind::Etherscan : PublisherSettings::Kind::Sourcify, *url});
    };
    switch (given->kind) {
    case YamlNode::Kind::Map:
        chain.map(key, u"“publishSources”"_s, Need::Optional, readOne);
        return;
    case YamlNode::Kind::Sequence:
        chain.list(key, u"a source server"_s, Need::Optional, readOne);
        return;
    case YamlNode::Kind::Scalar:
    case YamlNode::Kind::Null:
        if (const auto url = chain.url(key, web(), Need::Optional))
            add(chain, key, {PublisherSettings::Kind::Sourcify, *url});
        return;
    }
}

void readFees(MapReader &chain, ChainSettings &settings)
{
    chain.map(u"fees"_s, u"“fees”"_s, Need::Optional, [&](MapReader &reader) {
        settings.fees.maxFeePerGas = readAmount(reader, u"maxFeePerGas"_s);
        settings.fees.maxTotalFee = readAmount(reader, u"maxTotalFee"_s);
    });
}

void readChains(MapReader &root, Environment &environment)
{
    Unique names;
    Unique ids;
    root.list(u"chains"_s, u"a chain"_s, Need::Optional, [&](MapReader &reader) {
        ChainSettings chain;
        chain.name = reader.text(u"name"_s, Need::Required, 64);
        names.check(reader, u"name"_s, chain.name);
        if (const auto id = reader.integer(u"chainId"_s, 1, std::numeric_limits<qint64>::max() / 2)) {
            chain.chainId = ChainId(static_cast<quint64>(*id));
            ids.check(reader, u"chainId"_s, QString::number(*id));
        }
        chain.rpc = reader.urls(u"rpc"_s, web());
        chain.ws = reader.url(u"ws"_s, {u"ws"_s, u"wss"_s}, Need::Optional);
        chain.confirmations = static_cast<quint32>(reader.integer(u"confirmations"_s, 0, 10'000, Need::Optional).value_or(12));
        chain.safe = reader.address(u"safe"_s, Need::Optional);
        readSafeService(reader, environment, chain);
        chain.registry = reader.address(u"registry"_s, Need::Optional);
        readFees(reader, chain);
        readPublishers(reader, chain);
        chain.metrics = reader.url(u"metrics"_s, web(), Need::Optional);
        Unique vaultNames;
        Unique vaultAddresses;
        reader.list(u"vaults"_s, u"a vault"_s, Need::Optional, [&](MapReader &vault) {
            VaultSettings settings;
            settings.name = vault.text(u"name"_s, Need::Required, 64);
            vaultNames.check(vault, u"name"_s, settings.name);
            if (const auto address = vault.address(u"address"_s)) {
                settings.address = *address;
                vaultAddresses.check(vault, u"address"_s, address->toString());
            }
            chain.vaults.append(settings);
        });
        if (environment.kind == EnvironmentKind::Production && chain.rpc.size() == 1)
            reader.problem(u"rpc"_s, u"a production chain needs two RPC endpoints"_s, u"a review rests on state on which two independent servers agree"_s);
        environment.chains.append(chain);
    });
}

void readPeople(MapReader &root, Environment &environment)
{
    Unique partyIds;
    root.list(u"parties"_s, u"a party"_s, Need::Optional, [&](MapReader &reader) {
        PartySettings party;
        if (const auto id = reader.hash(u"partyId"_s)) {
            party.partyId = *id;
            partyIds.check(reader, u"partyId"_s, id->toString());
        }
        party.name = reader.text(u"name"_s, Need::Required, 128);
        party.key = reader.address(u"key"_s, Need::Optional);
        environment.parties.append(party);
    });
    root.map(u"keys"_s, u"“keys”"_s, Need::Optional, [&](MapReader &keys) {
        Unique names;
        Unique addresses;
        keys.list(u"holders"_s, u"a holder"_s, Need::Optional, [&](MapReader &reader) {
            HolderSettings holder;
            holder.name = reader.text(u"name"_s, Need::Required, 128);
            names.check(reader, u"name"_s, holder.name);
            if (const auto address = reader.address(u"address"_s)) {
                holder.address = *address;
                addresses.check(reader, u"address"_s, address->toString());
            }
            reader.map(u"pkcs11"_s, u"“pkcs11”"_s, Need::Optional, [&](MapReader &token) {
                Pkcs11Settings settings;
                settings.module = token.path(u"module"_s);
                settings.serial = token.text(u"serial"_s, Need::Required, 16);
                settings.id = token.hexBytes(u"id"_s);
                if (environment.kind == EnvironmentKind::Production && settings.module.contains(u"softhsm"_s, Qt::CaseInsensitive))
                    token.problem(u"module"_s, u"production refuses software tokens"_s, u"name the library of a hardware token"_s);
                holder.pkcs11 = settings;
            });
            environment.holders.append(holder);
        });
    });
}

void readLocal(MapReader &root, Environment &environment)
{
    environment.prometheus = readServer(root, u"prometheus"_s);
    environment.alertmanagers = readServers(root, u"alertmanagers"_s);
    environment.journal = root.path(u"journal"_s);
    root.map(u"proposals"_s, u"“proposals”"_s, Need::Optional, [&](MapReader &reader) { environment.proposals = reader.path(u"folder"_s); });
    if (environment.proposals.isEmpty() && !environment.journal.isEmpty())
        environment.proposals = QFileInfo(environment.journal).path() + u"/proposals"_s;
    root.map(u"practice"_s, u"“practice”"_s, Need::Optional, [&](MapReader &reader) {
        PracticeSettings practice;
        practice.control = reader.path(u"control"_s);
        practice.softhsmConfig = reader.path(u"softhsmConfig"_s, Need::Optional);
        practice.pins = reader.path(u"pins"_s, Need::Optional);
        environment.practice = practice;
        if (environment.kind != EnvironmentKind::Practice)
            root.problem(u"practice"_s, u"only an environment of kind practice has “practice”"_s);
    });
}

void readKind(MapReader &root, Environment &environment)
{
    const QString kind = root.text(u"kind"_s);
    if (kind == u"practice"_s)
        environment.kind = EnvironmentKind::Practice;
    else if (kind == u"test"_s)
        environment.kind = EnvironmentKind::Test;
    else if (kind == u"production"_s)
        environment.kind = EnvironmentKind::Production;
    else if (!kind.isEmpty())
        root.problem(u"kind"_s, u"“kind” must be practice, test or production, not “%1”"_s.arg(kind.left(48)));
}

} // namespace

std::expected<Environment, EnvironmentProblems> readEnvironment(const QByteArray &yaml, const QString &folder)
{
    const auto tree = parseYaml(yaml);
    if (!tree)
        return std::unexpected(tree.error());
    ReadContext context;
    context.folder = folder;
    Environment environment;
    refuseSecrets(context, **tree);
    {
        MapReader root(context, **tree, u"a profile"_s);
        const auto version = root.integer(u"version"_s, 1, 1'000'000);
        if (version && *version != 1)
            root.problem(u"version"_s, u"this console reads version 1 of the format, the file is version %1"_s.arg(*version), u"use a newer console"_s);
        environment.name = root.text(u"name"_s, Need::Required, 64);
        readKind(root, environment);
        root.map(u"canton"_s, u"“canton”"_s, Need::Required, [&](MapReader &canton) {
            readParticipants(canton, environment);
            readModel(canton, environment);
        });
        root.map(u"relayers"_s, u"“relayers”"_s, Need::Optional, [&](MapReader &relayers) { readRelayers(relayers, environment); });
        readChains(root, environment);
        readPeople(root, environment);
        readLocal(root, environment);
    }
    if (!context.problems.isEmpty())
        return std::unexpected(std::move(context.problems));
    return environment;
}

} // namespace countersign
