#include "backend/relayer/electionreader.h"

#include "backend/relayer/log.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkRequest>
#include <QPointer>

#include <algorithm>
#include <tuple>
#include <utility>

namespace countersign {

namespace {

constexpr qsizetype historyLimit = 200;
constexpr qsizetype watchLineLimit = 4 * 1024 * 1024;

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

// etcd's range of a prefix ends at the prefix with its last byte one higher; ours ends in '/', so there is no carry.
QByteArray endOfPrefix(QByteArray prefix)
{
    prefix.back() = static_cast<char>(prefix.back() + 1);
    return prefix;
}

QByteArray prefixOf(const QString &name)
{
    return name.toUtf8() + '/';
}

Bytes json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Candidate candidateOf(const EtcdKeyValue &key)
{
    return {QString::fromUtf8(key.value), QString::fromUtf8(key.key), key.createRevision, key.lease, std::nullopt,
        std::nullopt};
}

template <class T> Result<T> read(const Result<HttpReply> &reply, Result<T> (*parse)(const Bytes &))
{
    if (!reply)
        return std::unexpected(reply.error());
    Result<T> parsed = parse(reply->body);
    if (!parsed && parsed.error().kind == ErrorKind::Corrupt && !reply->isSuccess())
        return std::unexpected(requireSuccess(*reply).error());
    return parsed;
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

ElectionReader::ElectionReader(ElectionSettings settings, const Clock &clock, Backoff::Random random, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
    , m_backoff(m_settings.backoff, std::move(random))
{
    m_status.id = m_settings.id;
    m_status.kind = SourceKind::Etcd;
    m_status.since = m_clock.now();
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] { spawn(list()); });
    m_leases.setInterval(m_settings.leaseInterval);
    connect(&m_leases, &QTimer::timeout, this, [this] { spawn(readLeases()); });
}

ElectionReader::~ElectionReader()
{
    endWatch();
}

void ElectionReader::start()
{
    if (m_settings.endpoints.isEmpty() || m_settings.name.isEmpty()) {
        setState(SourceState::Down, u"The environment names no etcd endpoint or no election"_s);
        return;
    }
    m_retry.start(0);
}

QUrl ElectionReader::endpoint(const QString &path) const
{
    QUrl url = m_settings.endpoints.at(m_endpoint % m_settings.endpoints.size());
    url.setPath(path);
    return url;
}

QCoro::Task<> ElectionReader::list()
{
    const std::stop_token stop = m_scope.token();
    const QByteArray prefix = prefixOf(m_settings.name);
    const Bytes request = json({{u"key"_s, base64(prefix)}, {u"range_end"_s, base64(endOfPrefix(prefix))},
        {u"sort_order"_s, u"ASCEND"_s}, {u"sort_target"_s, u"CREATE"_s}, {u"limit"_s, 1000}});
    const HttpOptions options{.deadline = std::chrono::seconds(5), .maxReplyBytes = watchLineLimit, .headers = {}};
    const QUrl url = endpoint(u"/v3/kv/range"_s);
    const QFuture<Result<HttpReply>> pending = m_http.post(url, request, "application/json", options, stop);
    const Result<HttpReply> reply = co_await pending;
    if (stop.stop_requested())
        co_return;
    const Result<EtcdRange> range = read(reply, parseEtcdRange);
    if (!range) {
        failed(range.error());
        co_return;
    }
    m_state.revision = range->revision;
    QVector<Candidate> candidates;
    for (const EtcdKeyValue &key : range->keys)
        candidates.append(candidateOf(key));
    watch(range->revision + 1);
    m_leases.start();
    markAlive();
    const QPointer<ElectionReader> alive(this);
    setCandidates(std::move(candidates));
    if (alive)
        co_await readLeases();
}

QCoro::Task<> ElectionReader::readLeases()
{
    const std::stop_token stop = m_scope.token();
    if (std::exchange(m_readingLeases, true))
        co_return;
    const QVector<Candidate> asked = m_state.candidates;
    QVector<QFuture<Result<HttpReply>>> pending;
    const HttpOptions options{.deadline = std::chrono::seconds(3), .maxReplyBytes = 64 * 1024, .headers = {}};
    for (const Candidate &candidate : asked) {
        const Bytes request = json({{u"ID"_s, QString::number(candidate.lease)}});
        pending.append(m_http.post(endpoint(u"/v3/lease/timetolive"_s), request, "application/json", options, stop));
    }
    if (asked.isEmpty()) { // still worth a question: silence of etcd must not look like an empty election
        const QUrl url = endpoint(u"/version"_s);
        const QFuture<Result<HttpReply>> question = m_http.get(url, options, stop);
        const Result<HttpReply> reply = co_await question;
        if (stop.stop_requested())
            co_return;
        m_readingLeases = false;
        reply ? markAlive() : failed(reply.error());
        co_return;
    }
    QHash<qint64, EtcdLease> leases;
    std::optional<Error> error;
    bool ended = false;
    for (qsizetype i = 0; i < asked.size(); ++i) {
        const Result<HttpReply> reply = co_await pending[i];
        if (stop.stop_requested())
            co_return;
        const Result<EtcdLease> lease = read(reply, parseEtcdLease);
        if (lease) {
            leases.insert(asked[i].lease, *lease);
            ended = ended || (asked[i].lease != 0 && lease->left.count() < 0);
        } else {
            error = lease.error();
        }
    }
    m_readingLeases = false;
    if (leases.isEmpty() && error) {
        failed(*error);
        co_return;
    }
    markAlive();
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
    if (ended && !stop.stop_requested() && !m_retry.isActive())
        m_retry.start(m_settings.leaseInterval);
}

void ElectionReader::watch(qint64 fromRevision)
{
    endWatch();
    const QByteArray prefix = prefixOf(m_settings.name);
    const QJsonObject create{{u"key"_s, base64(prefix)}, {u"range_end"_s, base64(endOfPrefix(prefix))},
        {u"start_revision"_s, QString::number(fromRevision)}, {u"prev_kv"_s, true}};
    QNetworkRequest request(endpoint(u"/v3/watch"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    m_watch = m_network.post(request, json({{u"create_request"_s, create}}));
    connect(m_watch, &QNetworkReply::readyRead, this, &ElectionReader::readWatch);
    connect(m_watch, &QNetworkReply::finished, this, [this] {
        failed({ErrorKind::Unavailable, u"etcd ended the watch of %1"_s.arg(m_settings.name),
            m_watch ? m_watch->errorString() : QString()});
    });
}

void ElectionReader::endWatch()
{
    m_watchBuffer.clear();
    if (!m_watch)
        return;
    QNetworkReply *reply = std::exchange(m_watch, nullptr);
    reply->disconnect(this);
    reply->abort();
    reply->deleteLater();
}

void ElectionReader::readWatch()
{
    m_watchBuffer += m_watch->readAll();
    QVector<EtcdEvent> events;
    for (qsizetype end = m_watchBuffer.indexOf('\n'); end >= 0; end = m_watchBuffer.indexOf('\n')) {
        const QByteArray line = m_watchBuffer.first(end);
        m_watchBuffer.remove(0, end + 1);
        const Result<EtcdWatchReply> reply = parseEtcdWatchLine(line);
        if (!reply) {
            failed(reply.error());
            return;
        }
        if (reply->cancelled) { // what follows our revision was compacted away: list again
            failed({ErrorKind::Conflict, u"etcd ended the watch of %1: %2"_s.arg(m_settings.name, reply->reason), {}});
            return;
        }
        m_state.revision = std::max(m_state.revision, reply->revision);
        events += reply->events;
    }
    if (m_watchBuffer.size() > watchLineLimit) {
        failed({ErrorKind::Exhausted, u"etcd sent a line of more than %1 bytes"_s.arg(watchLineLimit), {}});
        return;
    }
    if (!events.isEmpty())
        apply(events);
}

void ElectionReader::apply(const QVector<EtcdEvent> &events)
{
    QVector<Candidate> candidates = m_state.candidates;
    for (const EtcdEvent &event : events) {
        const QString key = QString::fromUtf8(event.current.key);
        const auto known
            = std::find_if(candidates.begin(), candidates.end(), [&key](const Candidate &c) { return c.key == key; });
        if (event.deleted) {
            if (known != candidates.end())
                candidates.removeAt(known - candidates.begin());
        } else if (known == candidates.end()) {
            candidates.append(candidateOf(event.current));
        } else { // a proclamation: another value, the same place in the queue
            Candidate candidate = candidateOf(event.current);
            candidate.leaseLeft = known->leaseLeft;
            candidate.leaseGranted = known->leaseGranted;
            *known = candidate;
        }
    }
    markAlive();
    setCandidates(std::move(candidates));
}

void ElectionReader::setCandidates(QVector<Candidate> candidates)
{
    std::sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::tie(a.createRevision, a.key) < std::tie(b.createRevision, b.key);
    });
    ElectionState state = m_state;
    for (Candidate &candidate : candidates) { // a fresh list knows no leases yet
        for (const Candidate &before : std::as_const(m_state.candidates)) {
            if (before.key == candidate.key && !candidate.leaseLeft) {
                candidate.leaseLeft = before.leaseLeft;
                candidate.leaseGranted = before.leaseGranted;
            }
        }
    }
    state.candidates = std::move(candidates);
    const Timestamp now = m_clock.now();
    const qint64 leading = state.candidates.isEmpty() ? 0 : state.candidates.first().createRevision;
    const bool running = !state.history.isEmpty() && !state.history.first().until;
    const qint64 led = running ? state.history.first().createRevision : 0;
    if (leading != led) {
        if (running)
            state.history.first().until = now;
        if (leading != 0)
            state.history.prepend({state.leader(), leading, now, std::nullopt});
        if (state.history.size() > historyLimit)
            state.history.resize(historyLimit);
    }
    publish(std::move(state));
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
    endWatch();
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
