#include "backend/relayer/electionreader.h"

#include "backend/relayer/log.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QPointer>

#include <algorithm>
#include <tuple>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype historyLimit = 200;
constexpr std::chrono::seconds listDeadline{5};
constexpr std::chrono::seconds leaseDeadline{3};
constexpr std::chrono::milliseconds listAgainAfter{100};

Bytes prefixOf(const QString &name)
{
    return name.toUtf8() + '/';
}

Candidate candidateOf(const EtcdKeyValue &key)
{
    return {QString::fromUtf8(key.value), QString::fromUtf8(key.key), key.createRevision, key.lease, std::nullopt,
        std::nullopt};
}

void sortBySuccession(QVector<Candidate> &candidates)
{
    std::sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::tie(a.createRevision, a.key) < std::tie(b.createRevision, b.key);
    });
}

} // namespace

QString splitBrainOf(const QString &leaderInEtcd, const QHash<QString, bool> &claims)
{
    QStringList claimants;
    for (const auto &[relayer, leads] : claims.asKeyValueRange()) {
        if (leads)
            claimants.append(relayer);
    }
    claimants.sort();
    if (claimants.size() > 1)
        return u"%1 all say that they lead"_s.arg(claimants.join(u", "_s));
    if (claimants.size() == 1 && claimants.first() != leaderInEtcd)
        return leaderInEtcd.isEmpty()
            ? u"%1 says that it leads, and etcd knows no leader"_s.arg(claimants.first())
            : u"%1 says that it leads, and etcd says %2"_s.arg(claimants.first(), leaderInEtcd);
    // A leader that has not noticed yet is no second leader; it is only one that does nothing.
    if (!leaderInEtcd.isEmpty() && claims.contains(leaderInEtcd) && !claims.value(leaderInEtcd))
        return u"etcd says that %1 leads, and %1 says that it does not"_s.arg(leaderInEtcd);
    return {};
}

QString strangeActOf(
    const QVector<LeadershipTerm> &history, const QHash<QString, Timestamp> &acts, std::chrono::seconds grace)
{
    if (history.isEmpty() || history.first().until || acts.isEmpty())
        return {};
    QString last;
    Timestamp at;
    for (const auto &[relayer, time] : acts.asKeyValueRange()) {
        if (last.isEmpty() || time > at || (time == at && relayer < last)) {
            last = relayer;
            at = time;
        }
    }
    const LeadershipTerm &term = history.first();
    if (last == term.relayer || at <= term.since + grace)
        return {};
    return u"%1 sent the last transaction, at %2, and etcd says that %3 leads since %4"_s.arg(
        last, at.toIsoString(), term.relayer, term.since.toIsoString());
}

ElectionReader::ElectionReader(ElectionSettings settings, const Clock &clock, Backoff::Random random, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
    , m_backoff(m_settings.backoff, std::move(random))
{
    for (const QUrl &endpoint : std::as_const(m_settings.access.endpoints))
        m_clients.push_back(EtcdClient::open(endpoint, m_settings.access, true));
    m_status.id = m_settings.id;
    m_status.kind = SourceKind::Etcd;
    m_status.since = m_clock.now();
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] { spawn(list()); });
    m_leases.setInterval(m_settings.leaseInterval);
    connect(&m_leases, &QTimer::timeout, this, [this] { spawn(readLeases()); });
}

ElectionReader::~ElectionReader() = default;

void ElectionReader::start()
{
    if (m_clients.empty() || m_settings.name.isEmpty()) {
        setState(SourceState::Down, u"The environment names no etcd endpoint or no election"_s);
        return;
    }
    m_retry.start(0);
}

const Result<EtcdClient> &ElectionReader::client() const
{
    return m_clients[m_endpoint % m_clients.size()];
}

QCoro::Task<> ElectionReader::list()
{
    const std::stop_token stop = m_scope.token();
    const Result<EtcdClient> asked = client();
    if (!asked) {
        failed(asked.error());
        co_return;
    }
    const Bytes prefix = prefixOf(m_settings.name);
    const EtcdRangeQuery query{prefix, endOfPrefix(prefix)};
    const Result<EtcdRange> range = co_await asked->range(query, listDeadline, stop);
    if (stop.stop_requested())
        co_return;
    if (!range) {
        failed(range.error());
        co_return;
    }
    // A smaller revision: another cluster, or one that was restored. What was known is of the other.
    const bool goesOn = m_listed && range->revision >= m_state.revision;
    if (!goesOn)
        m_state.revision = range->revision;
    watch(m_state.revision + 1);
    m_leases.start();
    const QPointer<ElectionReader> alive(this);
    markAlive();
    if (alive && !goesOn) {
        m_listed = true;
        QVector<Candidate> candidates;
        for (const EtcdKeyValue &key : range->keys)
            candidates.append(candidateOf(key));
        setCandidates(std::move(candidates));
    }
    if (alive)
        co_await readLeases();
}

QCoro::Task<> ElectionReader::readLeases()
{
    const std::stop_token stop = m_scope.token();
    const Result<EtcdClient> from = client();
    if (!from || std::exchange(m_readingLeases, true))
        co_return;
    const QVector<Candidate> asked = m_state.candidates;
    std::vector<QCoro::Task<Result<EtcdLease>>> pending;
    pending.reserve(static_cast<size_t>(asked.size()));
    for (const Candidate &candidate : asked)
        pending.push_back(from->timeToLive(candidate.lease, leaseDeadline, stop));
    std::optional<Error> error;
    if (asked.isEmpty()) { // still worth a question to the quorum: silence must not look like an empty election
        const Bytes prefix = prefixOf(m_settings.name);
        const EtcdRangeQuery query{.key = prefix, .end = endOfPrefix(prefix), .limit = 1, .keysOnly = false, .countOnly = true};
        const Result<EtcdRange> reply = co_await from->range(query, leaseDeadline, stop);
        if (stop.stop_requested())
            co_return;
        if (!reply)
            error = reply.error();
    }
    QHash<qint64, EtcdLease> leases;
    bool ended = false;
    for (qsizetype i = 0; i < asked.size(); ++i) {
        const Result<EtcdLease> lease = co_await pending[static_cast<size_t>(i)];
        if (stop.stop_requested())
            co_return;
        if (!lease) {
            error = lease.error();
            continue;
        }
        leases.insert(asked[i].lease, *lease);
        ended = ended || (asked[i].lease != 0 && lease->left.count() < 0);
    }
    m_readingLeases = false;
    if (leases.isEmpty() && error) {
        failed(*error);
        co_return;
    }
    markAlive();
    if (stop.stop_requested())
        co_return;
    ElectionState state = m_state;
    for (Candidate &candidate : state.candidates) {
        const auto lease = leases.constFind(candidate.lease);
        if (lease == leases.cend())
            continue;
        candidate.leaseLeft = std::max(std::chrono::seconds(0), lease->left);
        candidate.leaseGranted = lease->granted;
    }
    publish(std::move(state));
    // A key ends with its lease. The watch should say so; a connection that is dropped in silence never does: list again.
    if (ended && !stop.stop_requested() && !m_retry.isActive()) {
        m_listed = false;
        m_retry.start(m_settings.leaseInterval);
    }
}

void ElectionReader::watch(qint64 fromRevision)
{
    const Result<EtcdClient> &from = client();
    m_watch = from->watch(
        prefixOf(m_settings.name), fromRevision, [this](const QList<EtcdWatchReply> &replies) { takeWatch(replies); },
        [this](const Result<void> &outcome) {
            failed(outcome ? Error{ErrorKind::Unavailable, u"etcd ended the watch of %1"_s.arg(m_settings.name), {}}
                           : outcome.error());
        });
}

void ElectionReader::takeWatch(const QList<EtcdWatchReply> &replies)
{
    QVector<EtcdEvent> events;
    for (const EtcdWatchReply &reply : replies) {
        if (reply.cancelled && reply.compactRevision > 0) {
            ++m_compactions;
            qCInfo(lcRelayer).noquote() << u"source=%1 compacted=%2 the election is listed again"_s.arg(m_settings.id)
                                               .arg(reply.compactRevision);
            listSoon();
            return;
        }
        if (reply.cancelled) {
            failed({ErrorKind::Conflict, u"etcd ended the watch of %1: %2"_s.arg(m_settings.name, reply.reason), {}});
            return;
        }
        m_state.revision = std::max(m_state.revision, reply.revision);
        events += reply.events;
    }
    if (!events.isEmpty())
        apply(events);
}

// What lies between is gone: what is there now counts.
void ElectionReader::listSoon()
{
    m_listed = false;
    m_watch.reset();
    m_retry.start(listAgainAfter);
}

void ElectionReader::apply(const QVector<EtcdEvent> &events)
{
    ElectionState state = m_state;
    for (const EtcdEvent &event : events) {
        const QString key = QString::fromUtf8(event.current.key);
        const auto known = std::find_if(state.candidates.begin(), state.candidates.end(),
            [&key](const Candidate &candidate) { return candidate.key == key; });
        if (event.deleted) {
            if (known != state.candidates.end())
                state.candidates.removeAt(known - state.candidates.begin());
        } else if (known == state.candidates.end()) {
            state.candidates.append(candidateOf(event.current));
        } else { // a proclamation: another value, the same place in the queue
            Candidate candidate = candidateOf(event.current);
            candidate.leaseLeft = known->leaseLeft;
            candidate.leaseGranted = known->leaseGranted;
            *known = candidate;
        }
        sortBySuccession(state.candidates);
        followLeader(state); // each one: a leader of a moment is in the history as well
    }
    const QPointer<ElectionReader> alive(this);
    markAlive();
    if (alive)
        publish(std::move(state));
}

void ElectionReader::setCandidates(QVector<Candidate> candidates)
{
    ElectionState state = m_state;
    sortBySuccession(candidates);
    for (Candidate &candidate : candidates) { // a fresh list knows no leases yet
        for (const Candidate &before : std::as_const(m_state.candidates)) {
            if (before.key == candidate.key && !candidate.leaseLeft) {
                candidate.leaseLeft = before.leaseLeft;
                candidate.leaseGranted = before.leaseGranted;
            }
        }
    }
    state.candidates = std::move(candidates);
    const bool isFirst = state.history.isEmpty();
    followLeader(state);
    if (isFirst && !state.history.isEmpty())
        state.history.first().earlier = true;
    publish(std::move(state));
}

void ElectionReader::followLeader(ElectionState &state) const
{
    const Timestamp now = m_clock.now();
    const qint64 leading = state.candidates.isEmpty() ? 0 : state.candidates.first().createRevision;
    const bool running = !state.history.isEmpty() && !state.history.first().until;
    const qint64 led = running ? state.history.first().createRevision : 0;
    if (leading == led) {
        if (running)
            state.history.first().relayer = state.leader();
        return;
    }
    if (running)
        state.history.first().until = now;
    if (leading != 0)
        state.history.prepend({state.leader(), leading, now, std::nullopt});
    if (state.history.size() > historyLimit)
        state.history.resize(historyLimit);
}

void ElectionReader::setLastAct(const QString &relayer, Timestamp at)
{
    Timestamp &known = m_acts[relayer];
    if (at <= known)
        return;
    known = at;
    publish(m_state);
}

void ElectionReader::setClaim(const QString &relayer, std::optional<bool> leads)
{
    if (leads)
        m_claims.insert(relayer, *leads);
    else
        m_claims.remove(relayer);
    publish(m_state);
}

void ElectionReader::publish(ElectionState state)
{
    state.revision = m_state.revision;
    state.splitBrain = splitBrainOf(state.leader(), m_claims);
    if (state.splitBrain.isEmpty())
        state.splitBrain = strangeActOf(state.history, m_acts, m_settings.actGrace);
    if (state == m_state)
        return;
    const QString before = m_state.leader();
    const qint64 revisionBefore = m_state.candidates.isEmpty() ? 0 : m_state.candidates.first().createRevision;
    m_state = std::move(state);
    const qint64 revisionNow = m_state.candidates.isEmpty() ? 0 : m_state.candidates.first().createRevision;
    const QPointer<ElectionReader> alive(this);
    const QString now = m_state.leader();
    if (before != now || revisionBefore != revisionNow)
        emit leaderChanged(now);
    if (alive)
        emit changed();
}

void ElectionReader::failed(const Error &error)
{
    if (m_retry.isActive())
        return;
    qCInfo(lcRelayer).noquote() << u"source=%1 %2 %3"_s.arg(m_settings.id, error.message, error.detail);
    m_watch.reset();
    m_leases.stop();
    ++m_endpoint;
    const std::chrono::milliseconds delay = m_backoff.next();
    m_status.nextAttempt = m_clock.now() + delay;
    m_retry.start(delay);
    setState(SourceState::Down, error.message);
}

void ElectionReader::markAlive()
{
    m_backoff.reset();
    const Timestamp now = m_clock.now();
    const bool tell = m_status.state == SourceState::Live
        && (!m_status.lastData || now - *m_status.lastData > std::chrono::milliseconds(500));
    m_status.lastData = now;
    m_status.nextAttempt.reset();
    setState(SourceState::Live);
    if (tell)
        emit statusChanged(m_status);
}

void ElectionReader::setState(SourceState state, const QString &error)
{
    if (m_status.state == state && state != SourceState::Down)
        return;
    if (m_status.state != state)
        m_status.since = m_clock.now();
    m_status.state = state;
    if (!error.isEmpty())
        m_status.lastError = error;
    emit statusChanged(m_status);
}

} // namespace countersign
