#include "app/practice/relayer/relayer.h"

#include "app/practice/support/chaining.h"
#include "app/practice/support/intentmodel.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

namespace countersign {

namespace {

QHash<QString, QString> fieldsOf(const LedgerEvent &event)
{
    QHash<QString, QString> fields;
    for (qsizetype i = 0; i < event.fieldCount(); ++i)
        fields.insert(QString::fromUtf8(event.label(i)), QString::fromUtf8(event.value(i)));
    return fields;
}

} // namespace

Result<std::unique_ptr<Relayer>> Relayer::create(RelayerConfig config, const Clock &clock)
{
    Result<PracticeKey> key = PracticeKey::load(config.keyFile);
    if (!key)
        return std::unexpected(key.error());
    Result<JsonAbi> abi = loadVaultAbi(config.abi);
    if (!abi)
        return std::unexpected(abi.error());
    const Result<Channel> channel = Channel::open({.target = config.ledger, .plainText = true, .tls = {}, .bearerToken = {}});
    if (!channel)
        return std::unexpected(channel.error());
    return std::unique_ptr<Relayer>(new Relayer(std::move(config), *std::move(key), *std::move(abi), *channel, clock));
}

Relayer::Relayer(RelayerConfig config, PracticeKey key, JsonAbi abi, Channel channel, const Clock &clock)
    : m_config(std::move(config))
    , m_clock(clock)
    , m_key(key)
    , m_abi(std::move(abi))
    , m_channel(std::move(channel))
    , m_log(clock, m_config.log)
    , m_server([this] { return m_metrics.exposition(); })
    , m_etcd(m_config.etcd)
    , m_campaign(m_etcd, m_config.election, m_config.id, m_config.lease)
    , m_acknowledger(LedgerClient(m_channel), m_config.party, m_config.id)
{
    const RelayerContext context{m_config.id, m_clock, m_log, m_metrics, m_acknowledger, [this] { return m_campaign.leads(); }};
    for (const RelayedChain &chain : m_config.chains)
        m_workers.push_back(std::make_unique<ChainWorker>(chain, m_key, m_abi, context));
    connect(&m_campaign, &EtcdCampaign::elected, this, &Relayer::onElected);
    connect(&m_campaign, &EtcdCampaign::lost, this, &Relayer::onLost);
}

Result<void> Relayer::start()
{
    const Result<void> ready = andThen(m_log.open(), [this] { return m_server.listen(m_config.metricsPort); });
    if (ready)
        m_campaign.start();
    return ready;
}

void Relayer::onElected(qint64 revision)
{
    m_log.info(u"leader_elected", {{u"relayerId"_s, m_config.id}, {u"revision"_s, revision}});
    m_metrics.setLeader(true);
    for (const auto &worker : m_workers)
        worker->lead();
    // From the active contracts: what the last leader left undone is still there.
    LedgerFollowerSettings settings;
    settings.id = m_config.id;
    settings.filter = {{m_config.party}, {intentTemplate(u"AuthorisedIntent")}};
    m_offsets.clear(m_config.id);
    m_follower = std::make_unique<LedgerFollower>(m_channel, settings, m_offsets, m_clock);
    connect(m_follower.get(), &LedgerFollower::eventsArrived, this, &Relayer::onEvents);
    connect(m_follower.get(), &LedgerFollower::reset, this, [this] {
        for (const auto &worker : m_workers)
            worker->clear();
    });
    m_follower->start();
}

void Relayer::onLost(const QString &reason)
{
    m_log.warn(u"leader_lost", {{u"relayerId"_s, m_config.id}, {u"reason"_s, reason}});
    m_metrics.setLeader(false);
    if (m_follower)
        m_follower.release()->deleteLater();
    for (const auto &worker : m_workers)
        worker->rest();
}

void Relayer::onEvents(const QVector<LedgerEvent> &events)
{
    for (const LedgerEvent &event : events) {
        m_metrics.setLedgerOffset(event.offset().value());
        if (event.kind() == LedgerEvent::Kind::Archived) {
            for (const auto &worker : m_workers)
                worker->remove(event.contractId());
        }
        if (event.kind() != LedgerEvent::Kind::Created)
            continue;
        const Result<AuthorisedIntent> intent = AuthorisedIntent::fromFields(event.contractId(), fieldsOf(event));
        ChainWorker *worker = intent ? workerOf(intent->chain) : nullptr;
        if (worker)
            worker->add(*intent, event.offset());
        else
            m_log.warn(u"intent_unreadable", {{u"contractId"_s, event.contractId()},
                                              {u"reason"_s, intent ? u"no such chain"_s : intent.error().message}});
    }
}

ChainWorker *Relayer::workerOf(ChainId chain) const
{
    const auto found = std::ranges::find_if(m_workers, [chain](const auto &worker) { return worker->chainId() == chain; });
    return found == m_workers.end() ? nullptr : found->get();
}

void Relayer::stop()
{
    spawn(resignAndStop());
}

QCoro::Task<> Relayer::resignAndStop()
{
    const std::stop_token stop = m_scope.token();
    co_await m_campaign.resign();
    if (!stop.stop_requested())
        emit stopped();
}

} // namespace countersign
