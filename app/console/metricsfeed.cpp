#include "app/console/metricsfeed.h"

#include "app/console/observing.h"
#include "app/console/serversecret.h"
#include "backend/metrics/serveraccess.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QFile>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>
#include <cmath>

namespace countersign {

namespace {

constexpr std::chrono::seconds rhythm{5};
constexpr std::chrono::minutes history{30};
constexpr std::chrono::minutes tileHistory{10};
constexpr std::chrono::seconds step{15};

/// The alert rules that come with the console, by the name of their file.
QMap<QString, QByteArray> defaultRules()
{
    QMap<QString, QByteArray> rules;
    for (const QString &name : {u"alerting.yml"_s, u"vault.yml"_s}) {
        QFile file(u":/alerts/"_s + name);
        if (file.open(QIODevice::ReadOnly))
            rules.insert(name, file.readAll());
    }
    return rules;
}

} // namespace

MetricsFeed::MetricsFeed(const Environment &environment, Observing &observing, const Clock &clock, SecretStore *secrets, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_observing(observing)
    , m_clock(clock)
    , m_secrets(secrets)
    , m_queries(clock)
{
    m_status.id = u"prometheus"_s;
    m_status.kind = SourceKind::Prometheus;
    m_status.since = clock.now();
    m_timer.setInterval(rhythm);
    connect(&m_timer, &QTimer::timeout, this, &MetricsFeed::refresh);
}

void MetricsFeed::start()
{
    QVector<ScrapeJob> jobs = scrapeJobs(m_environment);
    if (!m_environment.prometheus && std::ranges::all_of(jobs, [](const ScrapeJob &job) { return job.targets.isEmpty(); })) {
        m_hasNothingToAsk = true; // no Prometheus runs for nothing, and no lamp tells of it
        m_observing.overview().setMetricsAvailable(false);
        setPage(m_page);
        return;
    }
    m_observing.applyStatus(m_status);
    if (m_environment.prometheus) {
        spawn(connectToNamed(*m_environment.prometheus));
        return;
    }
    startOwn(std::move(jobs));
}

QCoro::Task<> MetricsFeed::connectToNamed(ServerSettings server)
{
    const std::stop_token stop = m_scope.token();
    const HttpAccess access = co_await accessWithSecret(server, m_secrets);
    if (!stop.stop_requested())
        connectTo(access);
}

void MetricsFeed::startOwn(QVector<ScrapeJob> jobs)
{
    ManagedPrometheusSettings settings;
    settings.jobs = std::move(jobs);
    settings.folder = dataFolder() + u"/prometheus"_s;
    settings.rules = defaultRules();
    for (const ServerSettings &manager : m_environment.alertmanagers)
        settings.alertmanagers.append(manager.url);
    m_managed = std::make_unique<ManagedPrometheus>(std::move(settings), m_clock);
    connect(m_managed.get(), &ManagedPrometheus::ready, this, [this](const QUrl &url) { connectTo(accessOf(ServerSettings{.url = url})); });
    connect(m_managed.get(), &ManagedPrometheus::statusChanged, this, [this](const SourceStatus &status) {
        if (status.state == SourceState::Down)
            report(SourceState::Down, status.lastError);
    });
    m_managed->start();
}

void MetricsFeed::setAlertmanagers(const QVector<QUrl> &alertmanagers)
{
    if (!m_managed)
        return;
    if (const auto told = m_managed->setAlertmanagers(alertmanagers); !told)
        report(m_status.state, told.error().message);
}

QString MetricsFeed::dataFolder() const
{
    static const QRegularExpression odd(u"[^A-Za-z0-9._-]"_s);
    const QString name = QString(m_environment.name).replace(odd, u"_"_s);
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/servers/"_s + (name.startsWith(u'.') ? u'_' + name : name);
}

void MetricsFeed::connectTo(const HttpAccess &access)
{
    m_client.emplace(m_http, access);
    m_queries.setServer(access);
    emit connected(access);
    m_client->setDeadline(std::chrono::seconds(4));
    m_timer.start();
    refresh();
}

void MetricsFeed::refresh()
{
    if (m_client && !m_polling)
        spawn(poll());
}

void MetricsFeed::setPage(OverviewPage *page)
{
    m_page = page;
    if (m_hasNothingToAsk && m_page)
        m_page->setChartsUnavailable(tr("The environment names neither a Prometheus nor anything that one could ask"));
    refresh();
}

QString MetricsFeed::relayerOf(const QString &instance) const
{
    for (const RelayerSettings &relayer : m_environment.relayers) {
        if (u"%1:%2"_s.arg(relayer.metrics.host()).arg(relayer.metrics.port(80)) == instance)
            return relayer.id;
    }
    return instance;
}

void MetricsFeed::report(SourceState state, const QString &error)
{
    if (state != m_status.state)
        m_status.since = m_clock.now();
    m_status.state = state;
    if (state == SourceState::Live)
        m_status.lastData = m_clock.now();
    if (!error.isEmpty())
        m_status.lastError = error;
    m_status.nextAttempt = state == SourceState::Down ? std::optional(m_clock.now() + rhythm) : std::nullopt;
    m_observing.applyStatus(m_status);
    m_observing.overview().setMetricsAvailable(state == SourceState::Live);
    if (state != SourceState::Down)
        return;
    m_observing.setRelayerReadings({}); // what nobody measures any more is unknown
    if (m_page)
        m_page->setChartsUnavailable(tr("Prometheus does not answer"));
}

QCoro::Task<> MetricsFeed::poll()
{
    const std::stop_token stop = m_scope.token();
    m_polling = true;
    co_await readRelayers(stop);
    if (stop.stop_requested())
        co_return;
    if (m_page && m_status.state == SourceState::Live) {
        const QString throughput = u"sum by (outcome) (rate(relayer_intents_processed_total[1m])) * 60"_s;
        co_await readChart(OverviewChart::Throughput, throughput, u"outcome"_s, {}, stop);
        if (stop.stop_requested())
            co_return;
        const QString waiting = u"sum by (instance) (relayer_intent_queue_depth)"_s;
        co_await readChart(OverviewChart::Waiting, waiting, u"instance"_s, {}, stop);
        if (stop.stop_requested())
            co_return;
        for (const auto &[quantile, name] : {std::pair(u"0.5"_s, u"median"_s), std::pair(u"0.95"_s, u"p95"_s)}) {
            const QString latency
                = u"histogram_quantile(%1, sum by (le) (rate(relayer_intent_latency_seconds_bucket{stage=\"total\"}[2m])))"_s
                      .arg(quantile);
            co_await readChart(OverviewChart::Latency, latency, {}, name, stop);
            if (stop.stop_requested())
                co_return;
        }
    }
    if (m_page && m_status.state == SourceState::Live && !m_hasHistories) {
        m_hasHistories = true;
        co_await readHistories(stop);
        if (stop.stop_requested())
            co_return;
    }
    m_polling = false;
}

QCoro::Task<> MetricsFeed::readHistories(std::stop_token stop)
{
    using Kind = OverviewTile::Kind;
    const auto lines = {
        std::pair(Kind::Rate, u"sum(rate(relayer_intents_processed_total[1m]))"_s),
        std::pair(Kind::QueueDepth, u"sum(relayer_intent_queue_depth)"_s),
        std::pair(Kind::LedgerOffset, u"max(canton_ledger_height)"_s),
        std::pair(Kind::OldestWaiting, u"max(relayer_oldest_intent_age_seconds)"_s),
    };
    for (const auto &[kind, expression] : lines) {
        const Timestamp end = m_clock.now();
        const auto reply
            = co_await m_client->queryRange(expression, end - tileHistory, end, std::chrono::seconds(5), stop);
        if (stop.stop_requested() || !m_page)
            co_return;
        if (!reply || reply->series.isEmpty())
            continue;
        std::vector<qint64> times;
        std::vector<float> values;
        for (const PrometheusSample &sample : reply->series.first().samples) {
            times.push_back(sample.time.millis());
            values.push_back(static_cast<float>(sample.value));
        }
        m_page->setTileHistory(kind, times, values);
    }
}

QCoro::Task<> MetricsFeed::readRelayers(std::stop_token stop)
{
    QHash<QString, RelayerReading> readings;
    for (const RelayerSettings &relayer : m_environment.relayers)
        readings[relayer.id].id = relayer.id;
    const auto fields = {
        std::pair(u"sum by (instance) (relayer_intent_queue_depth)"_s, 0),
        std::pair(u"sum by (instance) (rate(relayer_intents_processed_total[1m]))"_s, 1),
        std::pair(u"avg by (instance) (relayer_chain_execution_success_rate)"_s, 2),
        std::pair(u"max by (instance) (relayer_ledger_offset)"_s, 3),
        // 1: it said so all the time; 0: it denied it all the time; between: it changed. What is down says nothing.
        std::pair(u"avg by (instance) (avg_over_time(relayer_is_leader[15s])) and on (instance) (up == 1)"_s, 4),
        std::pair(u"max by (instance) (up)"_s, 5),
    };
    for (const auto &[expression, field] : fields) {
        const auto reply = co_await m_client->query(expression, {}, stop);
        if (stop.stop_requested())
            co_return;
        if (!reply) {
            report(SourceState::Down, reply.error().message);
            co_return;
        }
        for (const PrometheusSeries &series : reply->series) {
            const QString id = relayerOf(series.labels.value(u"instance"_s));
            const auto reading = readings.find(id);
            if (reading == readings.end() || series.samples.isEmpty() || !std::isfinite(series.samples.last().value))
                continue;
            const double value = series.samples.last().value;
            switch (field) {
            case 0:
                reading->queueDepth = value;
                break;
            case 1:
                reading->rate = value;
                break;
            case 2:
                reading->successRate = value;
                break;
            case 3:
                reading->ledgerOffset = static_cast<qint64>(value);
                break;
            case 4:
                if (value == 0 || value == 1)
                    reading->claims = value == 1;
                break;
            default:
                reading->up = value == 1;
                break;
            }
        }
    }
    report(SourceState::Live, {});
    QVector<RelayerReading> ordered;
    for (const RelayerSettings &relayer : m_environment.relayers)
        ordered.append(readings.value(relayer.id));
    m_observing.setRelayerReadings(ordered);
}

QCoro::Task<> MetricsFeed::readChart(
    OverviewChart chart, QString expression, QString label, QString name, std::stop_token stop)
{
    const Timestamp end = m_clock.now();
    const Timestamp begin = end - history;
    const auto reply = co_await m_client->queryRange(expression, begin, end, step, stop);
    if (stop.stop_requested() || !m_page)
        co_return;
    if (!reply) {
        m_page->setChartsUnavailable(reply.error().message);
        co_return;
    }
    for (const PrometheusSeries &series : reply->series) {
        std::vector<qint64> times;
        std::vector<float> values;
        for (const PrometheusSample &sample : series.samples) {
            times.push_back(sample.time.millis());
            values.push_back(static_cast<float>(sample.value));
        }
        const QString shown = label.isEmpty() ? name : relayerOf(series.labels.value(label));
        m_page->setSeries(chart, shown, times, values);
    }
}

} // namespace countersign
