#include "app/console/observing.h"

#include "backend/canton/ledgerfollower.h"
#include "backend/evm/blockfollower.h"
#include "backend/intents/ledgerfacts.h"
#include "backend/intents/logfacts.h"
#include "backend/relayer/electionreader.h"
#include "backend/relayer/relayerlog.h"
#include "backend/rpc/channel.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/rpc/jsonrpcsubscription.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

constexpr std::chrono::milliseconds frame{16};
/// A change of the leader reaches the relayers' own metrics later than etcd: until then they are not held against it.
constexpr std::chrono::seconds leadershipSettles{25};

LedgerFilter filterOf(const Environment &environment, const ParticipantSettings &participant)
{
    LedgerFilter filter;
    for (const PartyId &party : participant.parties)
        filter.parties.append(party.toString());
    for (const QString &name : {environment.model.request, environment.model.authorised, environment.model.receipt}) {
        if (const auto id = TemplateId::parse(name))
            filter.templates.append(*id);
    }
    return filter;
}

Result<Channel> channelTo(const ParticipantSettings &participant)
{
    ChannelSettings settings;
    settings.target = participant.ledger;
    settings.plainText = !participant.tls;
    if (participant.tls) {
        const TlsFiles files{participant.tls->ca, participant.tls->certificate, participant.tls->key, participant.tls->authority};
        auto tls = readTlsFiles(files);
        if (!tls)
            return std::unexpected(tls.error());
        settings.tls = std::move(*tls);
    }
    return Channel::open(std::move(settings));
}

} // namespace

struct Observing::Chain {
    Chain(const Environment &environment, const ChainSettings &chain, const Clock &clock, BlockFollowerOptions options)
        : settings(chain)
        , rpc(chain.rpc.first())
        , client(rpc)
        , follower(client, clock, std::move(options))
        , facts(environment, chain)
    {
    }

    const ChainSettings &settings;
    JsonRpcClient rpc;
    ChainClient client;
    BlockFollower follower;
    ChainFacts facts;
    std::unique_ptr<JsonRpcSubscription> heads;
};

Observing::Observing(const Environment &environment, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_clock(clock)
    , m_correlator(m_store)
    , m_intents(m_store, clock)
    , m_lanes(m_store, clock)
    , m_timeline(m_store, clock)
    , m_overview(m_store, clock)
    , m_sources(clock)
{
    m_frame.setSingleShot(true);
    connect(&m_frame, &QTimer::timeout, this, &Observing::flush);
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, &Observing::tick);
}

Observing::~Observing() = default;

void Observing::start()
{
    for (const ParticipantSettings &participant : m_environment.participants)
        startParticipant(participant);
    for (const ChainSettings &chain : m_environment.chains)
        startChain(chain);
    m_overview.setHasElection(m_environment.election.has_value());
    if (m_environment.election)
        startElection(*m_environment.election);
    for (const RelayerSettings &relayer : m_environment.relayers)
        startRelayer(relayer);
    publishParticipants();
    publishChains();
    publishRelayers();
    if (m_sources.rowCount() > 0)
        m_second.start();
}

void Observing::refresh()
{
    for (const auto &chain : m_chains)
        chain->follower.poke();
}

void Observing::startParticipant(const ParticipantSettings &participant)
{
    const auto channel = channelTo(participant);
    if (!channel) {
        fail(SourceKind::Participant, participant.id, channel.error());
        return;
    }
    LedgerFollowerSettings settings;
    settings.id = participant.id;
    settings.filter = filterOf(m_environment, participant);
    // A practice ledger is short: its whole history is told, not only what is still active.
    settings.fromBeginning = m_environment.kind == EnvironmentKind::Practice;
    auto follower = std::make_unique<LedgerFollower>(*channel, std::move(settings), m_offsets, m_clock);
    const auto reader = std::make_shared<LedgerFacts>(m_environment, participant.id);
    connect(follower.get(), &LedgerFollower::eventsArrived, this,
            [this, reader](const QVector<LedgerEvent> &events) { take(reader->read(events)); });
    connect(follower.get(), &LedgerFollower::reset, this,
            [this, id = participant.id] { m_overview.ledgerReadAnew(id, m_clock.now()); });
    connect(follower.get(), &LedgerFollower::statusChanged, this, [this](const SourceStatus &status) {
        applyStatus(status);
        publishParticipants();
    });
    applyStatus(follower->status());
    follower->start();
    m_participants.push_back(std::move(follower));
}

void Observing::startChain(const ChainSettings &chain)
{
    BlockFollowerOptions options;
    options.sourceId = chain.name;
    for (const VaultSettings &vault : chain.vaults)
        options.addresses.push_back(vault.address);
    if (chain.registry)
        options.addresses.push_back(*chain.registry);
    // A practice chain is short: its whole history is read. Elsewhere the ledger's receipts tell what was before.
    if (m_environment.kind == EnvironmentKind::Practice)
        options.firstLogBlock = BlockNumber(0);
    if (chain.ws)
        options.pollInterval = std::chrono::seconds(5); // the subscription tells of heads; this is the net below it
    auto entry = std::make_unique<Chain>(m_environment, chain, m_clock, std::move(options));
    Chain *const raw = entry.get();
    BlockFollower *const follower = &raw->follower;

    connect(follower, &BlockFollower::logsAdded, this, [this, raw](const QVector<EvmLog> &logs) {
        const auto head = raw->follower.head();
        const Timestamp seen = head ? head->timestamp : m_clock.now();
        for (const EvmLog &log : logs) {
            const BlockHeader *block = raw->follower.header(log.blockNumber);
            take(raw->facts.added({&log, 1}, log.blockNumber, block ? block->timestamp : Timestamp()));
        }
        if (head)
            take(raw->facts.confirmed(head->number, head->timestamp));
        for (const EvmLog &log : logs) {
            const auto change = raw->facts.registryChange(log);
            if (!change)
                continue;
            if (change->kind == RegistryChange::Kind::Revoked) {
                m_overview.keyRevoked(change->chain, change->party, seen);
                if (!head || head->number != change->block)
                    spawn(readRevocationTime(raw, *change));
            } else {
                m_overview.keyRegistered(change->chain, change->party);
            }
            m_timeline.setSurroundings(m_overview.hasLeader(), m_overview.revokedParties());
            emit registryChanged(*change);
        }
    });
    connect(follower, &BlockFollower::logsRemoved, this, [this, raw](const QVector<EvmLog> &logs) {
        take(raw->facts.removed(logs));
        for (const EvmLog &log : logs) {
            const auto change = raw->facts.registryChange(log);
            if (change && change->kind == RegistryChange::Kind::Revoked)
                m_overview.keyRegistered(change->chain, change->party); // the key that it took away counts again
        }
        m_timeline.setSurroundings(m_overview.hasLeader(), m_overview.revokedParties());
    });
    connect(follower, &BlockFollower::headChanged, this, [this, raw](const BlockHeader &head) {
        take(raw->facts.confirmed(head.number, head.timestamp));
        publishChains();
        emit headChanged(raw->settings.chainId);
    });
    connect(follower, &BlockFollower::statusChanged, this, &Observing::applyStatus);
    if (chain.ws) {
        raw->heads = std::make_unique<JsonRpcSubscription>(
            raw->rpc, JsonRpcSubscriptionSettings{.webSocket = *chain.ws, .name = u"newHeads"_s, .filter = {}, .backoff = {}});
        connect(raw->heads.get(), &JsonRpcSubscription::notified, follower, [follower] { follower->poke(); });
        raw->heads->start();
    }
    applyStatus(follower->status());
    follower->start();
    m_chains.push_back(std::move(entry));
}

void Observing::startRelayer(const RelayerSettings &relayer)
{
    if (relayer.log.isEmpty())
        return;
    auto log = std::make_unique<RelayerLog>(RelayerLogSettings{.id = relayer.id, .path = relayer.log}, m_clock);
    connect(log.get(), &RelayerLog::linesArrived, this, [this](const QVector<LogLine> &lines) {
        QVector<Fact> facts;
        for (const LogLine &line : lines) {
            if (const auto fact = factFromLogLine(line))
                facts.append(*fact);
        }
        take(std::move(facts));
        noteActs(lines);
        emit logLinesArrived(lines);
    });
    connect(log.get(), &RelayerLog::statusChanged, this, &Observing::applyStatus);
    applyStatus(log->status());
    log->start();
    m_logs.push_back(std::move(log));
}

void Observing::startElection(const ElectionProfile &election)
{
    ElectionSettings settings;
    settings.access.endpoints = election.endpoints;
    if (m_etcdAccess && !*m_etcdAccess) {
        fail(SourceKind::Etcd, settings.id, m_etcdAccess->error());
        return;
    }
    if (m_etcdAccess)
        settings.access = **m_etcdAccess;
    settings.name = election.name;
    m_election = std::make_unique<ElectionReader>(std::move(settings), m_clock);
    // Told before changed(): what relayers said under the last leader is not held against the new one.
    connect(m_election.get(), &ElectionReader::leaderChanged, this, &Observing::publishClaims);
    connect(m_election.get(), &ElectionReader::changed, this, [this] {
        publishRelayers();
        m_overview.setSplitBrain(m_election->state().splitBrain);
        m_timeline.setSurroundings(m_overview.hasLeader(), m_overview.revokedParties());
        emit electionChanged();
    });
    connect(m_election.get(), &ElectionReader::statusChanged, this, [this](const SourceStatus &status) {
        applyStatus(status);
        publishRelayers();
        m_timeline.setSurroundings(m_overview.hasLeader(), m_overview.revokedParties());
        emit electionChanged();
    });
    applyStatus(m_election->status());
    m_election->start();
}

void Observing::fail(SourceKind kind, const QString &id, const Error &error)
{
    applyStatus({.id = id, .kind = kind, .state = SourceState::Down, .since = m_clock.now(), .lastData = {}, .lastError = error.message, .nextAttempt = {}});
}

void Observing::applyStatus(const SourceStatus &status)
{
    m_sources.apply(status);
    m_overview.setSource(status);
}

void Observing::take(QVector<Fact> facts)
{
    if (facts.isEmpty())
        return;
    m_inbox.append(std::move(facts));
    if (m_frame.isActive())
        return;
    // At once when it was quiet, once a frame under load.
    const auto since = m_clock.now() - m_lastFlush;
    m_frame.start(since >= frame ? std::chrono::milliseconds(0) : frame);
}

void Observing::flush()
{
    const QVector<Fact> facts = std::exchange(m_inbox, {});
    m_lastFlush = m_clock.now();
    const IntentBatch batch = m_correlator.apply(facts);
    m_intents.applyBatch(batch);
    m_lanes.applyBatch(batch);
    m_timeline.applyBatch(batch);
    m_overview.applyBatch(batch);
    emit batchApplied();
}

void Observing::tick()
{
    const IntentBatch batch = m_correlator.refresh(m_clock.now());
    m_intents.applyBatch(batch);
    m_lanes.applyBatch(batch);
    m_timeline.applyBatch(batch);
    m_overview.applyBatch(batch);
    m_intents.tick();
    m_lanes.tick();
    m_sources.tick();
    m_overview.tick();
}

void Observing::setRelayerReadings(const QVector<RelayerReading> &readings)
{
    m_readings = readings;
    publishClaims();
    publishRelayers();
}

void Observing::setDirectReading(const QString &relayer, const std::optional<RelayerReading> &reading)
{
    if (reading)
        m_direct.insert(relayer, *reading);
    else
        m_direct.remove(relayer);
    publishClaims();
    publishRelayers();
}

QVector<RelayerReading> Observing::prometheusReadings() const
{
    QVector<RelayerReading> readings;
    for (const RelayerSettings &relayer : m_environment.relayers) {
        const auto found = std::ranges::find(m_readings, relayer.id, &RelayerReading::id);
        RelayerReading reading = found == m_readings.cend() ? RelayerReading{} : *found;
        reading.id = relayer.id;
        readings.append(std::move(reading));
    }
    return readings;
}

QVector<RelayerReading> Observing::relayers() const
{
    const bool known = m_election && m_election->status().state == SourceState::Live;
    const QString leader = known ? m_election->state().leader() : QString();
    QVector<RelayerReading> readings = prometheusReadings();
    for (RelayerReading &reading : readings) {
        if (const auto direct = m_direct.constFind(reading.id); !reading.up && direct != m_direct.cend())
            reading = *direct;
        reading.leader = !leader.isEmpty() && reading.id == leader;
    }
    return readings;
}

void Observing::publishClaims()
{
    if (!m_election)
        return;
    const auto &history = m_election->state().history;
    const bool settled = m_election->status().state == SourceState::Live && !history.isEmpty()
        && m_clock.now() - history.first().until.value_or(history.first().since) >= leadershipSettles;
    const QVector<RelayerReading> readings = relayers();
    for (const RelayerReading &reading : readings)
        m_election->setClaim(reading.id, settled ? reading.claims : std::nullopt);
}

// What a relayer sends is known by its log. A clock that is ahead of ours must not make it look later than it was.
void Observing::noteActs(const QVector<LogLine> &lines)
{
    if (!m_election)
        return;
    for (const LogLine &line : lines) {
        if (line.message == "transaction_submitted"_L1)
            m_election->setLastAct(line.relayer, std::min(line.time, m_clock.now()));
    }
}

QCoro::Task<> Observing::readRevocationTime(Chain *chain, RegistryChange change)
{
    const std::stop_token stop = m_scope.token();
    const auto block = co_await chain->client.getBlock(BlockRef::at(change.block), stop);
    if (stop.stop_requested() || !block)
        co_return; // the head's time stands: later than it was, and never too early
    m_overview.setRevocationTime(change.chain, change.party, block->timestamp);
}

void Observing::publishRelayers()
{
    m_overview.setRelayers(relayers());
    emit relayersRead();
}

void Observing::publishChains()
{
    QVector<ChainReading> chains;
    for (const auto &chain : m_chains) {
        ChainReading reading;
        reading.name = chain->settings.name;
        if (const auto head = chain->follower.head()) {
            reading.head = head->number.value();
            reading.headTime = head->timestamp;
        }
        chains.append(std::move(reading));
    }
    m_overview.setChains(chains);
}

void Observing::publishParticipants()
{
    QVector<ParticipantReading> participants;
    for (qsizetype i = 0; i < m_environment.participants.size(); ++i) {
        ParticipantReading reading;
        reading.id = m_environment.participants.at(i).id;
        for (const auto &follower : m_participants) {
            if (follower->status().id == reading.id && follower->ledgerEnd())
                reading.ledgerEnd = follower->ledgerEnd()->value();
        }
        participants.append(std::move(reading));
    }
    m_overview.setParticipants(participants);
}

} // namespace countersign
