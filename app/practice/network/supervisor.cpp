#include "app/practice/network/supervisor.h"

#include "app/practice/network/partcommands.h"
#include "app/practice/network/workerconfigs.h"
#include "app/practice/support/chaining.h"
#include "app/practice/support/practicekey.h"
#include "backend/canton/ledgerclient.h"
#include "backend/types/keccak.h"
#include "backend/types/strings.h"

#include <QCoroTimer>
#include <QCoroFuture>

#include <QDir>
#include <QFile>

#include <array>

namespace countersign {

namespace {

const Bytes &chainQuestion()
{
    static const Bytes question(R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]})");
    return question;
}

QUrl httpUrl(quint16 port, QStringView path)
{
    return QUrl(u"http://%1%2"_s.arg(loopback(port), path));
}

} // namespace

Supervisor::Supervisor(NetworkOptions options, ToolLocations tools, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_tools(std::move(tools))
    , m_clock(clock)
{
}

Supervisor::~Supervisor() = default;

QCoro::Task<Result<void>> Supervisor::bringUp()
{
    const std::stop_token stop = m_scope.token();
    for (const auto step : {&Supervisor::prepare, &Supervisor::startServers, &Supervisor::provisionKeys}) {
        if (const Result<void> done = (this->*step)(); !done)
            co_return done;
    }
    const Result<void> deployed = co_await deployChains();
    if (!deployed || stop.stop_requested())
        co_return deployed;
    const Result<void> allocated = co_await readParties();
    if (!allocated || stop.stop_requested())
        co_return allocated;
    for (const auto step : {&Supervisor::writeRelayerConfigs, &Supervisor::writeGeneratorConfig, &Supervisor::startWorkers}) {
        if (const Result<void> done = (this->*step)(); !done)
            co_return done;
    }
    for (const PartStatus &part : status()) {
        const Result<void> ready = co_await untilReady(part.name);
        if (!ready || stop.stop_requested())
            co_return ready;
    }
    const Result<void> written = writeEnvironment();
    m_ready = written.has_value();
    co_return written;
}

Result<void> Supervisor::prepare()
{
    const DataFolder folder(m_options.data);
    if (!QDir().mkpath(folder.root()))
        return fail(ErrorKind::Internal, u"The data folder cannot be made: %1"_s.arg(folder.root()));
    m_lock = std::make_unique<QLockFile>(folder.lockFile());
    m_lock->setStaleLockTime(0);
    if (!m_lock->tryLock(0))
        return fail(ErrorKind::Conflict, u"A practice network runs in %1 already"_s.arg(folder.root()));
    const Result<NetworkLayout> layout = andThen(folder.prepare(), [this] { return NetworkLayout::plan(m_options, m_ports); });
    if (layout) {
        m_layout = *layout;
        emit prepared();
    }
    return withoutValue(layout);
}

Result<void> Supervisor::add(const QString &name, const QString &endpoint, ProcessCommand command, HealthQuestion question,
                             const QList<quint16> &ports)
{
    auto part = std::make_unique<NetworkPart>(name, endpoint, std::move(command), std::move(question), m_http, m_clock);
    connect(part.get(), &NetworkPart::changed, this, &Supervisor::partChanged);
    for (const quint16 port : ports)
        m_ports.release(port);
    const Result<void> started = part->start();
    m_parts.push_back(std::move(part));
    return started;
}

Result<void> Supervisor::startServers()
{
    Result<void> ok = writePrivateFile(m_layout.prometheusConfig(), prometheusConfiguration(m_layout));
    if (ok)
        ok = add(u"etcd"_s, loopback(m_layout.etcdClient), etcdCommand(m_layout, m_tools),
                 {httpUrl(m_layout.etcdClient, u"/health"), {}}, {m_layout.etcdClient, m_layout.etcdPeer});
    for (const ChainLayout &chain : std::as_const(m_layout.chains)) {
        if (ok)
            ok = add(chain.part, loopback(chain.port), chainCommand(m_layout, m_tools, chain, true), {chain.rpc(), chainQuestion()},
                     {chain.port});
    }
    if (ok)
        ok = add(u"participant"_s, m_layout.ledgerAddress(), participantCommand(m_layout, m_tools),
                 {httpUrl(m_layout.participantMetrics, u"/metrics"), {}},
                 {m_layout.ledger, m_layout.participantAdmin, m_layout.participantMetrics, m_layout.participantControl});
    if (ok)
        ok = add(u"prometheus"_s, loopback(m_layout.prometheus), prometheusCommand(m_layout, m_tools),
                 {httpUrl(m_layout.prometheus, u"/-/ready"), {}}, {m_layout.prometheus});
    return ok;
}

Result<void> Supervisor::provisionKeys()
{
    emit progressed(u"making the holders' tokens and the practice keys"_s);
    Result<HolderTokens> tokens
        = HolderTokens::provision(m_layout.folder, m_tools.softhsmModule, {u"alice"_s, u"bob"_s, u"carol"_s});
    if (!tokens)
        return std::unexpected(tokens.error());
    m_tokens = std::move(*tokens);
    m_facts.softhsmModule = m_tools.softhsmModule;
    m_facts.holders = m_tokens->holders();
    for (const PartyWeight &party : defaultMix()) {
        const PracticeKey key = PracticeKey::generate();
        if (const Result<void> saved = key.save(partyKeyFile(m_layout, party.party)); !saved)
            return saved;
        m_facts.parties.append({party.party, keccak256(party.party.toUtf8()), key.address()});
    }
    for (const RelayerLayout &relayer : std::as_const(m_layout.relayers)) {
        const PracticeKey key = PracticeKey::generate();
        if (const Result<void> saved = key.save(relayer.keyFile); !saved)
            return saved;
        m_relayerAccounts.append(key.address());
    }
    return {};
}

QCoro::Task<Result<void>> Supervisor::untilReady(QString name)
{
    co_return co_await part(name)->untilReady();
}

QCoro::Task<Result<void>> Supervisor::deployChains()
{
    const std::stop_token stop = m_scope.token();
    DeploymentRequest request{m_facts.parties, m_relayerAccounts, {u"treasury"_s, u"liquidity"_s}};
    for (const Holder &holder : m_tokens->holders())
        request.fundedAccounts.append(holder.address);
    for (const ChainLayout &chain : std::as_const(m_layout.chains)) {
        const Result<void> ready = co_await untilReady(chain.part);
        if (!ready || stop.stop_requested())
            co_return ready;
        emit progressed(u"deploying Safe, registry and vaults on %1"_s.arg(chain.name));
        ChainDeployment deployment(chain.rpc(), chain.chainId, m_tools, *m_tokens, request);
        const Result<DeployedChain> deployed = co_await deployment.run();
        if (!deployed)
            co_return std::unexpected(deployed.error());
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The network is ending"_s);
        m_facts.chains.append(*deployed);
    }
    co_return Result<void>();
}

QCoro::Task<Result<void>> Supervisor::readParties()
{
    const std::stop_token stop = m_scope.token();
    const Result<void> ready = co_await untilReady(u"participant"_s);
    if (!ready)
        co_return ready;
    const Result<Channel> channel = Channel::open({.target = m_layout.ledgerAddress(), .plainText = true, .tls = {}, .bearerToken = {}});
    if (!channel)
        co_return std::unexpected(channel.error());
    const LedgerClient ledger(*channel);
    const std::array<std::pair<QString, QString *>, 3> wanted{{{u"PolicyIssuer"_s, &m_facts.issuerParty},
                                                               {u"Relayer"_s, &m_facts.relayerParty},
                                                               {u"Regulator"_s, &m_facts.regulatorParty}}};
    // It listens already, but a busy machine may let the first connection wait for longer than gRPC does.
    constexpr int attempts = 40;
    Result<QVector<LedgerParty>> known = co_await ledger.knownParties(stop);
    for (int i = 1; i < attempts && !known && known.error().kind == ErrorKind::Unavailable && !stop.stop_requested(); ++i) {
        co_await QCoro::sleepFor(std::chrono::milliseconds(250));
        known = co_await ledger.knownParties(stop);
    }
    if (!known)
        co_return std::unexpected(known.error());
    if (stop.stop_requested())
        co_return fail(ErrorKind::Cancelled, u"The network is ending"_s);
    for (const auto &[hint, party] : wanted) {
        const QString prefix = hint + u"::"_s;
        const auto found = std::ranges::find_if(*known, [&prefix](const LedgerParty &each) { return each.party.startsWith(prefix); });
        if (found == known->end())
            co_return fail(ErrorKind::NotFound, u"The participant does not know the party %1"_s.arg(hint));
        *party = found->party;
    }
    co_return Result<void>();
}

Result<void> Supervisor::writeRelayerConfigs()
{
    for (const RelayerLayout &relayer : std::as_const(m_layout.relayers)) {
        const QByteArray config = relayerConfiguration(m_layout, m_tools, m_facts, relayer);
        if (const Result<void> written = writePrivateFile(relayer.configFile, config); !written)
            return written;
    }
    return {};
}

Result<void> Supervisor::writeGeneratorConfig()
{
    return writePrivateFile(m_layout.generatorConfig(), generatorConfiguration(m_layout, m_options, m_facts));
}

Result<void> Supervisor::startWorkers()
{
    for (const RelayerLayout &relayer : std::as_const(m_layout.relayers)) {
        const Result<void> started = add(relayer.id, loopback(relayer.metricsPort), relayerCommand(m_layout, m_tools, relayer),
                                         {httpUrl(relayer.metricsPort, u"/healthz"), {}}, {relayer.metricsPort});
        if (!started)
            return started;
    }
    return add(u"generator"_s, loopback(m_layout.generatorMetrics), generatorCommand(m_layout, m_tools),
               {httpUrl(m_layout.generatorMetrics, u"/healthz"), {}}, {m_layout.generatorMetrics});
}

Result<void> Supervisor::writeEnvironment()
{
    const Result<void> written = writePrivateFile(m_layout.folder.environmentFile(), environmentYaml(m_layout, m_facts));
    if (!written || m_options.readyFile.isEmpty())
        return written;
    return writePrivateFile(m_options.readyFile, m_layout.folder.environmentFile().toUtf8() + '\n');
}

QCoro::Task<> Supervisor::takeDown()
{
    m_ready = false;
    if (!m_parts.empty())
        QFile::remove(m_layout.folder.environmentFile());
    // Backwards: relayers resign while etcd still listens, nobody sees its server go first.
    std::vector<QCoro::Task<>> workers;
    for (auto part = m_parts.rbegin(); part != m_parts.rend(); ++part) {
        if ((*part)->status().name == "generator"_L1 || (*part)->status().name.startsWith("relayer-"_L1))
            workers.push_back((*part)->stop());
    }
    for (QCoro::Task<> &worker : workers)
        co_await worker;
    std::vector<QCoro::Task<>> servers;
    servers.reserve(m_parts.size());
    for (const auto &part : m_parts)
        servers.push_back(part->stop());
    for (QCoro::Task<> &server : servers)
        co_await server;
}

QList<PartStatus> Supervisor::status() const
{
    QList<PartStatus> all;
    for (const auto &part : m_parts)
        all.append(part->status());
    return all;
}

NetworkPart *Supervisor::part(QStringView name) const
{
    const auto found = std::ranges::find_if(m_parts, [name](const auto &part) { return part->status().name == name; });
    return found == m_parts.end() ? nullptr : found->get();
}

QCoro::Task<Result<void>> Supervisor::restart(QString name)
{
    const std::stop_token stop = m_scope.token();
    NetworkPart *const target = part(name);
    if (!target)
        co_return fail(ErrorKind::NotFound, u"There is no part \"%1\""_s.arg(name));
    for (const ChainLayout &chain : std::as_const(m_layout.chains)) {
        if (chain.part == name)
            target->process().setCommand(chainCommand(m_layout, m_tools, chain, false));
    }
    const Result<void> started = target->start();
    if (!started)
        co_return started;
    co_return co_await target->untilReady();
}

} // namespace countersign
