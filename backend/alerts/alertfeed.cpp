#include "backend/alerts/alertfeed.h"

#include "backend/alerts/silencematching.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QHash>

#include <algorithm>

namespace countersign {

namespace {

constexpr std::chrono::minutes statusRhythm{1};

} // namespace

struct AlertFeed::Manager {
    Manager(HttpClient &http, const AlertSource &from)
        : client(http, from.access)
    {
        view.id = from.id;
        source.id = from.id;
        source.kind = SourceKind::Alertmanager;
    }

    ManagerView view;
    AlertmanagerClient client;
    SourceStatus source;
    Timestamp statusAt;
    bool isPolling = false;
    LifetimeScope scope;
};

AlertFeed::AlertFeed(const Clock &clock, AlertAcknowledgements &acknowledgements, AlertFeedSettings settings, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_acknowledgements(acknowledgements)
    , m_settings(std::move(settings))
{
    m_timer.setInterval(m_settings.rhythm);
    connect(&m_timer, &QTimer::timeout, this, &AlertFeed::refresh);
}

AlertFeed::~AlertFeed() = default;

void AlertFeed::setManagers(const QVector<AlertSource> &managers)
{
    std::vector<std::unique_ptr<Manager>> kept;
    for (const AlertSource &source : managers) {
        auto manager = std::make_unique<Manager>(m_http, source);
        manager->client.setDeadline(m_settings.deadline);
        manager->source.since = m_clock.now();
        for (const auto &old : m_managers) {
            if (old->view.id != source.id)
                continue;
            manager->view = old->view;
            manager->source = old->source;
        }
        kept.push_back(std::move(manager));
    }
    m_managers = std::move(kept);
    if (m_timer.isActive())
        refresh();
}

void AlertFeed::setPrometheus(std::optional<HttpAccess> access)
{
    m_prometheusScope.restart();
    m_asksPrometheus = false;
    m_client.reset();
    if (access) {
        m_client.emplace(m_http, std::move(*access));
        m_client->setDeadline(m_settings.deadline);
    } else {
        m_prometheus = {};
    }
    if (m_timer.isActive())
        refresh();
}

void AlertFeed::start()
{
    m_startedAt = m_clock.now();
    m_timer.start();
    refresh();
}

void AlertFeed::refresh()
{
    for (const auto &manager : m_managers) {
        if (!manager->isPolling)
            spawn(poll(manager.get()));
    }
    if (m_client && !m_asksPrometheus)
        spawn(pollPrometheus());
    rebuild();
    if (!m_isRenewing)
        spawn(renewMirrors());
}

QVector<SourceStatus> AlertFeed::statuses() const
{
    QVector<SourceStatus> statuses;
    for (const auto &manager : m_managers)
        statuses.append(manager->source);
    return statuses;
}

QVector<PrometheusAlert> AlertFeed::pending() const
{
    QVector<PrometheusAlert> pending;
    for (const PrometheusRuleGroup &group : m_prometheus.groups) {
        for (const PrometheusRule &rule : group.rules)
            std::ranges::copy_if(rule.alerts, std::back_inserter(pending), [](const PrometheusAlert &alert) { return !alert.firing; });
    }
    return pending;
}

QVector<ManagerView> AlertFeed::views() const
{
    QVector<ManagerView> views;
    for (const auto &manager : m_managers) {
        views.append(manager->view);
        const bool isNew = !manager->view.asOf.isNull() && m_clock.now() - manager->view.asOf <= m_settings.patience;
        views.last().isLive = isNew && manager->source.state == SourceState::Live;
    }
    return views;
}

QCoro::Task<> AlertFeed::poll(Manager *manager)
{
    const std::stop_token stop = manager->scope.token();
    manager->isPolling = true;
    const Timestamp askedAt = m_clock.now();
    if (manager->statusAt.isNull() || askedAt - manager->statusAt >= statusRhythm) {
        auto status = co_await manager->client.status(stop);
        if (stop.stop_requested())
            co_return;
        if (status) {
            manager->view.status = std::move(*status);
            manager->statusAt = askedAt;
        }
    }
    auto alerts = co_await manager->client.alerts({}, stop);
    if (stop.stop_requested())
        co_return;
    auto silences = alerts ? co_await manager->client.silences(stop) : Result<QVector<Silence>>(std::unexpected(alerts.error()));
    if (stop.stop_requested())
        co_return;
    manager->isPolling = false;
    if (silences) {
        manager->view.alerts = std::move(*alerts);
        manager->view.silences = std::move(*silences);
        manager->view.asOf = askedAt;
    } else {
        manager->statusAt = {}; // it may come back as another member
    }
    report(*manager, silences ? std::nullopt : std::optional(silences.error()));
    rebuild();
}

void AlertFeed::report(Manager &manager, const std::optional<Error> &error)
{
    const SourceState state = error ? SourceState::Down : SourceState::Live;
    if (manager.source.state != state)
        manager.source.since = m_clock.now();
    manager.source.state = state;
    manager.source.nextAttempt.reset();
    if (error) {
        manager.source.lastError = error->message;
        manager.source.nextAttempt = m_clock.now() + m_settings.rhythm;
    } else {
        manager.source.lastData = m_clock.now();
    }
    emit statusChanged(manager.source);
}

QCoro::Task<> AlertFeed::pollPrometheus()
{
    const std::stop_token stop = m_prometheusScope.token();
    m_asksPrometheus = true;
    auto groups = co_await m_client->rules(stop);
    if (stop.stop_requested())
        co_return;
    auto managers = groups ? co_await m_client->alertmanagers(stop) : Result<PrometheusAlertmanagers>(std::unexpected(groups.error()));
    if (stop.stop_requested())
        co_return;
    m_asksPrometheus = false;
    m_prometheus.answers = managers.has_value();
    if (managers) {
        m_prometheus.groups = std::move(*groups);
        m_prometheus.managers = static_cast<int>(managers->active.size());
        m_prometheus.lastGood = m_clock.now();
        m_prometheus.error.clear();
    } else {
        m_prometheus.error = managers.error().message;
    }
    rebuild();
}

void AlertFeed::rebuild()
{
    m_merged = mergeViews(views());
    judge();
    lookAfter();
    emit changed();
}

void AlertFeed::judge()
{
    using Kind = AlertingProblem::Kind;
    const Timestamp now = m_clock.now();
    HealthQuestion question{.managers = views(), .merged = m_merged, .prometheus = {}, .watchdog = m_settings.watchdog, .watchdogWasSeen = m_watchdogWasSeen};
    if (m_client && (m_prometheus.answers || !m_prometheus.error.isEmpty()))
        question.prometheus = m_prometheus;
    for (const MergedAlert &merged : std::as_const(m_merged.alerts)) {
        if (!merged.isStale && merged.alert.name() == m_settings.watchdog) {
            m_watchdogWasSeen = true;
            m_watchdogAt = now;
        }
    }
    QVector<AlertingProblem> problems = alertingProblems(question);
    const bool isEarly = now - std::max(m_startedAt, m_watchdogAt) < m_settings.watchdogGrace;
    const bool isWaiting = std::ranges::any_of(m_managers, [](const auto &manager) { return manager->source.state == SourceState::Connecting; });
    problems.removeIf([isEarly, isWaiting](const AlertingProblem &problem) {
        return (isEarly && problem.kind == Kind::WatchdogMissing)
            || (isWaiting && (problem.kind == Kind::NoManagerAnswers || problem.kind == Kind::ManagerDown));
    });
    for (AlertingProblem &problem : problems) {
        const auto before = std::ranges::find_if(std::as_const(m_problems), [&problem](const AlertingProblem &old) { return old.kind == problem.kind && old.text == problem.text; });
        problem.since = before == m_problems.cend() ? now : before->since;
    }
    m_problems = problems;
}

/// AlertAcknowledgements that ran out since the last look, and reminders.
void AlertFeed::lookAfter()
{
    const Timestamp now = m_clock.now();
    const QHash<QString, AlertAcknowledgement> all = m_acknowledgements.all(); // a slot may change them
    for (const AlertAcknowledgement &acknowledgement : all) {
        const QString &fingerprint = acknowledgement.fingerprint;
        const bool stands = acknowledgement.until > now;
        if (stands) {
            m_standing.insert(fingerprint);
        } else if (m_standing.remove(fingerprint)) {
            m_reminded.remove(fingerprint);
            emit acknowledgementExpired(acknowledgement);
        }
        if (stands && acknowledgement.remindAt && *acknowledgement.remindAt <= now && !m_reminded.contains(fingerprint)) {
            m_reminded.insert(fingerprint);
            emit reminderDue(acknowledgement);
        }
    }
}

AlertFeed::Manager *AlertFeed::memberOf(const QString &cluster) const
{
    const QVector<ManagerView> all = views();
    const QStringList clusters = clustersOf(all);
    for (std::size_t i = 0; i < m_managers.size(); ++i) {
        const auto at = static_cast<qsizetype>(i);
        if (clusters[at] == cluster && all[at].isLive)
            return m_managers[i].get();
    }
    return nullptr;
}

QCoro::Task<Result<QStringList>> AlertFeed::silence(Silence silence)
{
    const std::stop_token stop = m_scope.token();
    if (const auto good = SilenceMatching::make(silence.matchers); !good)
        co_return std::unexpected(good.error());
    if (silence.endsAt <= silence.startsAt || silence.endsAt <= m_clock.now())
        co_return fail(ErrorKind::Invalid, u"A silence ends after it begins, and in the future."_s);
    QStringList clusters = clustersOf(views());
    clusters.removeDuplicates();
    if (clusters.isEmpty())
        co_return fail(ErrorKind::Unavailable, u"No Alertmanager is known to this console."_s);
    QStringList ids;
    for (const QString &cluster : std::as_const(clusters)) {
        Manager *const manager = memberOf(cluster);
        if (manager == nullptr)
            co_return fail(ErrorKind::Unavailable, u"An Alertmanager does not answer. Of %1 clusters, %2 have the silence."_s.arg(clusters.size()).arg(ids.size()));
        AlertmanagerClient client = manager->client;
        const auto id = co_await client.setSilence(silence, stop);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The request was cancelled"_s);
        if (!id)
            co_return std::unexpected(id.error());
        ids.append(*id);
    }
    refresh();
    co_return ids;
}

QCoro::Task<Result<QString>> AlertFeed::extendSilence(QString id, Timestamp until)
{
    const std::stop_token stop = m_scope.token();
    const auto found = std::ranges::find_if(std::as_const(m_merged.silences), [&id](const MergedSilence &known) { return known.silence.id == id; });
    if (found == m_merged.silences.cend())
        co_return fail(ErrorKind::NotFound, u"There is no silence %1."_s.arg(id));
    Manager *const manager = memberOf(found->cluster);
    if (manager == nullptr)
        co_return fail(ErrorKind::Unavailable, u"No Alertmanager that has this silence answers."_s);
    Silence silence = found->silence;
    silence.endsAt = until;
    if (silence.state == Silence::State::Expired)
        silence.startsAt = m_clock.now();
    AlertmanagerClient client = manager->client;
    const auto changedId = co_await client.setSilence(silence, stop);
    if (!stop.stop_requested())
        refresh();
    co_return changedId;
}

QCoro::Task<Result<void>> AlertFeed::expireSilence(QString id)
{
    const std::stop_token stop = m_scope.token();
    QStringList clusters;
    for (const MergedSilence &known : std::as_const(m_merged.silences)) {
        if (known.silence.id == id)
            clusters.append(known.cluster);
    }
    if (clusters.isEmpty()) { // perhaps newer than the inventory
        clusters = clustersOf(views());
        clusters.removeDuplicates();
    }
    Result<void> done = fail(ErrorKind::NotFound, u"There is no silence %1."_s.arg(id));
    for (const QString &cluster : std::as_const(clusters)) {
        Manager *const manager = memberOf(cluster);
        if (manager == nullptr) {
            done = fail(ErrorKind::Unavailable, u"No Alertmanager that has this silence answers."_s);
            continue;
        }
        AlertmanagerClient client = manager->client;
        done = co_await client.expireSilence(id, stop);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, u"The request was cancelled"_s);
        if (done)
            break;
    }
    refresh();
    co_return done;
}

QCoro::Task<Result<void>> AlertFeed::acknowledge(AlertAcknowledgement acknowledgement, bool mirror)
{
    const std::stop_token stop = m_scope.token();
    const auto found = std::ranges::find_if(
        std::as_const(m_merged.alerts), [&acknowledgement](const MergedAlert &merged) { return merged.alert.fingerprint == acknowledgement.fingerprint; });
    if (found == m_merged.alerts.cend())
        co_return fail(ErrorKind::NotFound, u"This alert does not fire any more."_s);
    const AlertLabels labels = found->alert.labels;
    acknowledgement.alert = found->alert.name();
    if (auto set = m_acknowledgements.set(acknowledgement); !set)
        co_return set;
    m_reminded.remove(acknowledgement.fingerprint);
    rebuild();
    if (!mirror)
        co_return {};
    const Timestamp now = m_clock.now();
    const Silence silence{.id = {},
        .matchers = exactMatchers(labels),
        .startsAt = now,
        .endsAt = std::min(acknowledgement.until, now + m_settings.mirror),
        .updatedAt = {},
        .createdBy = acknowledgement.owner,
        .comment = u"Acknowledged in Countersign: "_s + acknowledgement.note,
        .state = Silence::State::Active};
    const auto ids = co_await this->silence(silence);
    if (stop.stop_requested())
        co_return {};
    if (!ids)
        co_return fail(ids.error().kind, u"The alert is acknowledged, but not silenced: "_s + ids.error().message, ids.error().detail);
    acknowledgement.silences = *ids;
    co_return m_acknowledgements.set(acknowledgement);
}

QCoro::Task<Result<void>> AlertFeed::unacknowledge(QString fingerprint)
{
    const std::stop_token stop = m_scope.token();
    const QStringList silences = m_acknowledgements.all().value(fingerprint).silences;
    if (auto removed = m_acknowledgements.remove(fingerprint); !removed)
        co_return removed;
    m_standing.remove(fingerprint);
    rebuild();
    for (const QString &id : silences) {
        const auto ended = co_await expireSilence(id);
        if (stop.stop_requested())
            co_return {};
        if (!ended && ended.error().kind != ErrorKind::NotFound)
            co_return fail(ended.error().kind, u"The alert is unattended again, but its silence lasts until it runs out: "_s + ended.error().message);
    }
    co_return {};
}

/// Silences that mirror an acknowledgement run out soon after this console does; while it runs, they are renewed.
QCoro::Task<> AlertFeed::renewMirrors()
{
    const std::stop_token stop = m_scope.token();
    m_isRenewing = true;
    const Timestamp now = m_clock.now();
    const QHash<QString, AlertAcknowledgement> all = m_acknowledgements.all();
    QHash<QString, Timestamp> due;
    for (const MergedSilence &known : std::as_const(m_merged.silences)) {
        if (known.silence.state == Silence::State::Active && known.silence.endsAt - now < m_settings.mirror / 3)
            due.insert(known.silence.id, known.silence.endsAt);
    }
    for (const AlertAcknowledgement &acknowledgement : all) {
        for (const QString &id : acknowledgement.silences) {
            if (!due.contains(id) || acknowledgement.until <= due.value(id))
                continue;
            const Timestamp until = std::min(acknowledgement.until, now + m_settings.mirror);
            const auto renewed = co_await extendSilence(id, until);
            if (stop.stop_requested())
                co_return;
            if (!renewed)
                break; // at the next look again
        }
    }
    m_isRenewing = false;
}

} // namespace countersign
