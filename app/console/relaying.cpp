#include "app/console/relaying.h"

#include "app/console/observing.h"
#include "backend/rpc/channel.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QPromise>
#include <QSet>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr std::chrono::seconds scrapeEvery{5};
constexpr std::chrono::seconds scrapeDeadline{3};
constexpr qsizetype mostElections = 16; // that are followed at once

QVector<LogSource> sourcesOf(const Environment &environment)
{
    QVector<LogSource> sources;
    for (const RelayerSettings &relayer : environment.relayers) {
        if (!relayer.log.isEmpty())
            sources.append({relayer.id, relayer.log});
    }
    return sources;
}

std::unique_ptr<LogArchive> archiveOf(const Environment &environment)
{
    QVector<LogSource> sources = sourcesOf(environment);
    return sources.isEmpty() ? nullptr : std::make_unique<LogArchive>(std::move(sources));
}

QCoro::Task<> readPassword(SecretStore *secrets, QString name, std::shared_ptr<QPromise<Result<QByteArray>>> promise)
{
    const Result<SecretBuffer> secret = co_await secrets->read(name);
    if (secret)
        promise->addResult(QByteArray(secret->view().data(), secret->view().size()));
    else
        promise->addResult(fail(secret.error().kind, u"The keychain has no password “%1”"_s.arg(name), secret.error().message));
    promise->finish();
}

QFuture<Result<QByteArray>> passwordFrom(SecretStore *secrets, const QString &name)
{
    auto promise = std::make_shared<QPromise<Result<QByteArray>>>();
    promise->start();
    spawn(readPassword(secrets, name, promise));
    return promise->future();
}

// All samples of a name added up; nothing when there is none.
std::optional<double> sumOf(const Exposition &metrics, QStringView name)
{
    std::optional<double> sum;
    for (const MetricFamily &family : metrics.families) {
        for (const MetricSample &sample : family.samples) {
            if (sample.name == name)
                sum = sum.value_or(0) + sample.value;
        }
    }
    return sum;
}

} // namespace

Result<EtcdAccess> etcdAccessOf(const ElectionProfile &election, SecretStore *secrets)
{
    EtcdAccess access;
    access.endpoints = election.endpoints;
    if (election.tls) {
        auto tls = readTlsFiles({election.tls->ca, election.tls->certificate, election.tls->key, election.tls->authority});
        if (!tls)
            return std::unexpected(tls.error());
        access.tls = std::move(*tls);
    }
    access.user = election.user;
    if (!election.user.isEmpty() && secrets) {
        const QString name = u"etcd user %1 of %2"_s.arg(election.user, election.endpoints.constFirst().authority());
        access.password = [secrets, name] { return passwordFrom(secrets, name); };
    }
    return access;
}

Relaying::Relaying(const Environment &environment, Observing &observing, SecretStore *secrets, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_observing(observing)
    , m_secrets(secrets)
    , m_clock(clock)
    , m_archive(archiveOf(environment))
    , m_state(clock, m_archive.get())
{
    if (m_environment.election)
        m_state.setMainElection(m_environment.election->name);
    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, &Relaying::tick);
    m_scraping.setInterval(scrapeEvery);
    connect(&m_scraping, &QTimer::timeout, this, [this] { spawn(scrape()); });
    connect(&m_observing, &Observing::electionChanged, this, &Relaying::takeElection);
    connect(&m_observing, &Observing::logLinesArrived, this, &Relaying::takeLines);
    connect(&m_observing, &Observing::relayersRead, this, &Relaying::publish);
}

Relaying::~Relaying() = default;

void Relaying::start()
{
    if (m_archive)
        m_archive->start();
    if (m_environment.election)
        startEtcd();
    takeElection();
    publish();
    m_second.start();
    m_scraping.start();
}

void Relaying::startEtcd()
{
    Result<EtcdAccess> access = etcdAccessOf(*m_environment.election, m_secrets);
    if (!access) {
        EtcdClusterState state;
        state.problem = access.error().message;
        m_state.setCluster(state);
        return;
    }
    m_access = std::move(*access);
    EtcdClusterSettings settings;
    settings.access = *m_access;
    m_cluster = std::make_unique<EtcdClusterReader>(std::move(settings), m_clock);
    connect(m_cluster.get(), &EtcdClusterReader::changed, this, [this] {
        m_state.setCluster(m_cluster->state());
        for (const QString &election : std::as_const(m_cluster->state().elections))
            follow(election);
    });
    m_cluster->start();
}

void Relaying::follow(const QString &election)
{
    if (election == m_environment.election->name || m_others.contains(election)
        || static_cast<qsizetype>(m_others.size()) >= mostElections)
        return;
    ElectionSettings settings;
    settings.access = *m_access;
    settings.name = election;
    auto reader = std::make_unique<ElectionReader>(std::move(settings), m_clock);
    connect(reader.get(), &ElectionReader::changed, this, [this, raw = reader.get()] { m_state.setElection(raw->name(), raw->state(), {}); });
    reader->start();
    m_others.emplace(election, std::move(reader));
}

void Relaying::refresh()
{
    if (m_cluster)
        m_cluster->refresh();
    spawn(scrape());
}

void Relaying::takeElection()
{
    const ElectionReader *const reader = m_observing.election();
    if (!reader)
        return;
    QHash<QString, bool> claims;
    const QVector<RelayerReading> readings = m_observing.relayers();
    for (const RelayerReading &reading : readings) {
        if (reading.claims)
            claims.insert(reading.id, *reading.claims);
    }
    m_state.setElectionStatus(reader->status());
    m_state.setElection(reader->name(), reader->state(), claims);
}

void Relaying::takeLines(const QVector<LogLine> &lines)
{
    for (const LogLine &line : lines) {
        Timestamp &last = m_lastLines[line.relayer];
        last = std::max(last, line.time);
        if (line.message == "transaction_submitted"_L1)
            m_lastActs[line.relayer] = std::max(m_lastActs.value(line.relayer), line.time);
    }
    m_state.log().append(lines);
}

void Relaying::publish()
{
    QVector<RelayerFacts> relayers;
    QStringList problems;
    const QVector<RelayerReading> readings = m_observing.relayers();
    for (const RelayerReading &reading : readings) {
        RelayerFacts facts;
        facts.reading = reading;
        const auto scraped = m_scrapes.constFind(reading.id);
        if (scraped != m_scrapes.cend()) {
            facts.metrics = scraped->up ? RelayerFacts::Metrics::Direct : RelayerFacts::Metrics::Down;
            facts.metricsProblem = scraped->up ? scraped->warning : scraped->error;
        } else if (reading.up) {
            facts.metrics = *reading.up ? RelayerFacts::Metrics::Prometheus : RelayerFacts::Metrics::Down;
            facts.metricsProblem = *reading.up ? QString() : tr("Prometheus cannot read its metrics");
        }
        if (const auto last = m_lastLines.constFind(reading.id); last != m_lastLines.cend())
            facts.lastLine = *last;
        if (const auto last = m_lastActs.constFind(reading.id); last != m_lastActs.cend())
            facts.lastAct = *last;
        for (const SourceStatus &status : std::as_const(m_observing.sources().statuses())) {
            if (status.kind == SourceKind::Relayer && status.id == reading.id && status.state == SourceState::Down)
                facts.logProblem = status.lastError;
        }
        if (!facts.logProblem.isEmpty())
            problems.append(facts.logProblem);
        relayers.append(std::move(facts));
    }
    m_state.setRelayers(relayers);
    takeElection();
    const QString problem = problems.join(u"; "_s);
    if (std::exchange(m_logProblem, problem) != problem)
        emit logProblemChanged();
}

QString Relaying::logProblem() const
{
    return m_logProblem;
}

void Relaying::tick()
{
    publish(); // the last lines
    m_state.tick();
}

QCoro::Task<> Relaying::scrape()
{
    const std::stop_token stop = m_scope.token();
    if (std::exchange(m_isScraping, true))
        co_return;
    QSet<QString> unread;
    const QVector<RelayerReading> readings = m_observing.prometheusReadings();
    for (const RelayerReading &reading : readings) {
        if (!reading.up)
            unread.insert(reading.id);
    }
    for (const RelayerSettings &relayer : m_environment.relayers) {
        if (!unread.contains(relayer.id) || relayer.metrics.isEmpty()) {
            if (m_scrapes.remove(relayer.id))
                m_observing.setDirectReading(relayer.id, std::nullopt);
            continue;
        }
        const TargetScrape scraped = co_await scrapeTarget(m_http, relayer.metrics, m_clock, scrapeDeadline, stop);
        if (stop.stop_requested())
            co_return;
        takeScrape(relayer.id, scraped);
    }
    m_isScraping = false;
    publish();
}

void Relaying::takeScrape(const QString &relayer, const TargetScrape &scrape)
{
    RelayerReading reading;
    reading.id = relayer;
    reading.up = scrape.up;
    if (scrape.up) {
        reading.queueDepth = sumOf(scrape.metrics, u"relayer_intent_queue_depth");
        if (const auto offset = sumOf(scrape.metrics, u"relayer_ledger_offset"))
            reading.ledgerOffset = static_cast<qint64>(*offset);
        if (const auto leads = sumOf(scrape.metrics, u"relayer_is_leader"))
            reading.claims = *leads > 0;
        const auto before = m_scrapes.constFind(relayer);
        const auto now = sumOf(scrape.metrics, u"relayer_intents_processed_total");
        const auto then = before == m_scrapes.cend() ? std::nullopt : sumOf(before->metrics, u"relayer_intents_processed_total");
        if (now && then && *now >= *then && scrape.begun > before->begun)
            reading.rate = (*now - *then) / std::chrono::duration<double>(scrape.begun - before->begun).count();
    }
    m_scrapes.insert(relayer, scrape);
    m_observing.setDirectReading(relayer, reading);
}

} // namespace countersign
