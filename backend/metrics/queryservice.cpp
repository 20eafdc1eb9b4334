#include "backend/metrics/queryservice.h"

#include "backend/metrics/queryentry.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QTimer>

#include <algorithm>

namespace countersign {

namespace {

constexpr qsizetype mostEntries = 2000;
constexpr int mostParts = 8; // far ranges of one expression that are kept beside each other

/// Errors that may pass without anybody changing the question.
bool mayPass(ErrorKind kind)
{
    return kind == ErrorKind::Unavailable || kind == ErrorKind::Timeout || kind == ErrorKind::Internal || kind == ErrorKind::Cancelled;
}

} // namespace

qsizetype QueryEntry::bytes() const
{
    qsizetype bytes = range.bytes();
    if (instant) {
        for (const PrometheusSeries &series : instant->series)
            bytes += sizeOf(series);
    }
    return bytes;
}

QueryService::QueryService(const Clock &clock, QueryServiceSettings settings, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_settings(settings)
{
}

QueryService::~QueryService()
{
    for (const Entry &entry : std::as_const(m_entries)) {
        entry->stop.request_stop();
        for (QuerySubscription *subscription : std::as_const(entry->subscribers)) {
            subscription->m_service.clear();
            subscription->m_entry.reset();
        }
    }
}

QString QueryService::keyOf(const QueryRequest &request)
{
    QString key = request.isRange() ? u"r "_s + QString::number(request.step.count()) : u"i "_s + QString::number(request.end.millis());
    if (request.isRange() && dependsOnRange(request.expression)) {
        const QueryWindow window = windowOf(request);
        key += u' ' + QString::number(window.first) + u' ' + QString::number(window.last);
    }
    return key + u' ' + request.expression;
}

void QueryService::setServer(HttpAccess access)
{
    m_client.emplace(m_http, std::move(access), m_settings.limits);
    m_client->setDeadline(m_settings.deadline);
    const auto entries = m_entries.values();
    for (const Entry &entry : entries) {
        cancel(entry);
        entry->blocked = false;
        entry->backoff.reset();
        serve(entry);
    }
    pump();
}

void QueryService::clear()
{
    const auto entries = m_entries.values();
    for (const Entry &entry : entries) {
        cancel(entry);
        entry->range = RangeCache(entry->request.step);
        entry->instant.reset();
        entry->fetchedAt = {};
        entry->blocked = false;
        for (QuerySubscription *subscription : std::as_const(entry->subscribers))
            subscription->m_served = false;
        serve(entry);
    }
    pump();
}

std::unique_ptr<QuerySubscription> QueryService::subscribe(QueryRequest request)
{
    std::unique_ptr<QuerySubscription> subscription(new QuerySubscription(this, std::move(request)));
    attach(subscription.get());
    return subscription;
}

qsizetype QueryService::cachedBytes() const
{
    qsizetype bytes = 0;
    for (const Entry &entry : m_entries)
        bytes += entry->bytes();
    return bytes;
}

/// Whether a range can be put together with what the entry has, or waits for.
bool QueryService::isNear(const QueryEntry &entry, const QueryRequest &request)
{
    QueryWindow hull = entry.range.known();
    if (hull.isEmpty() && !entry.subscribers.isEmpty())
        hull = windowOf(entry.subscribers.constFirst()->request());
    const QueryWindow window = windowOf(request);
    return !request.isRange() || hull.isEmpty() || window.isEmpty() || (window.first <= hull.last + 1 && hull.first <= window.last + 1);
}

/// Far ranges of one expression (last week's beside today's) have an entry each.
QueryService::Entry QueryService::entryFor(const QueryRequest &request)
{
    const QString base = keyOf(request);
    for (int part = 0; part < mostParts; ++part) {
        const QString key = part == 0 ? base : QString(u"%1 #%2"_s.arg(base).arg(part));
        Entry &entry = m_entries[key];
        if (!entry) {
            entry = std::make_shared<QueryEntry>(request);
            entry->key = key;
            return entry;
        }
        if (isNear(*entry, request))
            return entry;
    }
    return m_entries.value(base);
}

void QueryService::attach(QuerySubscription *subscription)
{
    if (!subscription->m_wanted)
        return;
    const Entry entry = entryFor(subscription->m_request);
    subscription->m_entry = entry;
    entry->subscribers.append(subscription);
    askAgain(subscription);
}

void QueryService::detach(QuerySubscription *subscription)
{
    const Entry entry = std::exchange(subscription->m_entry, {});
    subscription->m_loading = false;
    if (!entry)
        return;
    entry->subscribers.removeAll(subscription);
    if (!entry->subscribers.isEmpty())
        return;
    cancel(entry);
    if (entry->bytes() == 0)
        m_entries.remove(entry->key);
    pump();
}

void QueryService::askAgain(QuerySubscription *subscription)
{
    const Entry entry = subscription->m_entry;
    if (!entry)
        return;
    subscription->m_askedAt = m_clock.now();
    subscription->m_served = false;
    if (entry->isRange() && windowOf(subscription->m_request).isEmpty()) {
        subscription->m_error = Error{ErrorKind::Invalid, u"The range ends before it begins."_s, {}};
        subscription->m_loading = false;
        emit subscription->changed();
        return;
    }
    entry->blocked = false;
    entry->usedAt = ++m_uses;
    serve(entry);
    pump();
}

bool QueryService::isFresh(const QuerySubscription &subscription, const QueryEntry &entry) const
{
    return !entry.fetchedAt.isNull() && entry.fetchedAt >= subscription.m_askedAt - m_settings.freshness;
}

bool QueryService::isSatisfied(const QuerySubscription &subscription, const QueryEntry &entry) const
{
    if (!entry.isRange()) {
        const Timestamp time = entry.request.end;
        const bool settled = !time.isNull() && time <= entry.fetchedAt - m_settings.settleTime;
        return entry.instant && (settled || isFresh(subscription, entry));
    }
    const QueryWindow window = windowOf(subscription.m_request);
    if (entry.fetchedAt.isNull() || !entry.range.known().contains(window))
        return false;
    return entry.range.missing(window, true).isEmpty() || isFresh(subscription, entry);
}

/// Gives its subscribers what is known, and queues what is not.
void QueryService::serve(const Entry &entry)
{
    bool needed = false;
    const auto subscribers = entry->subscribers; // a slot may end a subscription
    for (QuerySubscription *subscription : subscribers) {
        if (!entry->subscribers.contains(subscription) || (entry->isRange() && windowOf(subscription->m_request).isEmpty()))
            continue;
        if (isSatisfied(*subscription, *entry)) {
            deliver(subscription, *entry);
        } else if (!subscription->m_served) {
            needed = true;
            if (!entry->blocked)
                showPart(subscription, *entry);
        }
    }
    if (needed && !entry->blocked)
        enqueue(entry);
}

void QueryService::deliver(QuerySubscription *subscription, QueryEntry &entry)
{
    const auto result = entry.isRange() ? entry.range.result(windowOf(subscription->m_request)) : entry.instant;
    const bool same = subscription->m_result == result && !subscription->m_error && !subscription->m_loading
        && subscription->m_asOf == entry.fetchedAt;
    subscription->m_served = true;
    subscription->m_result = result;
    subscription->m_error.reset();
    subscription->m_loading = false;
    subscription->m_asOf = entry.fetchedAt;
    if (!same)
        emit subscription->changed();
}

/// A panel that comes back into sight shows what is known of its window while the rest is asked.
void QueryService::showPart(QuerySubscription *subscription, QueryEntry &entry)
{
    const bool wasLoading = std::exchange(subscription->m_loading, true);
    if (!subscription->m_result && !entry.fetchedAt.isNull()) {
        const QueryWindow window = windowOf(subscription->m_request);
        const QueryWindow &known = entry.range.known();
        if (!entry.isRange())
            subscription->m_result = entry.instant;
        else if (!known.isEmpty() && known.first <= window.last && window.first <= known.last)
            subscription->m_result = entry.range.result(window);
        if (subscription->m_result)
            subscription->m_asOf = entry.fetchedAt;
    }
    if (!wasLoading)
        emit subscription->changed();
}

void QueryService::enqueue(const Entry &entry)
{
    if (entry->inFlight || entry->queued)
        return;
    entry->queued = true;
    m_queue.append(entry);
}

void QueryService::pump()
{
    if (m_pumping || !m_client)
        return;
    m_pumping = true; // an answer that is there at once must not recurse
    while (m_inFlight < m_settings.mostInFlight && !m_queue.isEmpty()) {
        const Entry entry = m_queue.takeFirst();
        entry->queued = false;
        if (entry->isRange()) {
            entry->asking = windowToAsk(*entry);
            if (entry->asking.isEmpty())
                continue;
        }
        entry->inFlight = true;
        entry->askedAt = m_clock.now();
        entry->stop = {};
        ++m_inFlight;
        ++m_questions;
        spawn(fetch(entry));
    }
    m_pumping = false;
}

/// What is missing of the windows that are not served: of the first, and of those that overlap with it.
QueryWindow QueryService::windowToAsk(const QueryEntry &entry) const
{
    QueryWindow wanted;
    for (const QuerySubscription *subscription : entry.subscribers) {
        const QueryWindow window = windowOf(subscription->m_request);
        if (window.isEmpty() || subscription->m_served || isSatisfied(*subscription, entry))
            continue;
        if (wanted.isEmpty())
            wanted = window;
        else if (window.first <= wanted.last && wanted.first <= window.last)
            wanted = {std::min(wanted.first, window.first), std::max(wanted.last, window.last)};
    }
    return entry.range.missing(wanted, true);
}

QCoro::Task<> QueryService::fetch(Entry entry)
{
    const std::stop_token stop = entry->stop.get_token();
    const qint64 step = entry->request.step.count();
    std::optional<Result<PrometheusResult>> answer;
    if (entry->isRange()) {
        answer = co_await m_client->queryRange(entry->request.expression, Timestamp::fromMillis(entry->asking.first * step),
            Timestamp::fromMillis(entry->asking.last * step), entry->request.step, stop);
    } else {
        const Timestamp time = entry->request.end;
        answer = co_await m_client->query(entry->request.expression, time.isNull() ? std::nullopt : std::optional(time), stop);
    }
    if (stop.stop_requested())
        co_return; // whoever stopped it has counted it
    --m_inFlight;
    entry->inFlight = false;
    takeAnswer(entry, *answer);
    pump();
}

void QueryService::takeAnswer(const Entry &entry, const Result<PrometheusResult> &answer)
{
    if (!answer) {
        takeError(entry, answer.error());
        return;
    }
    entry->blocked = false;
    entry->backoff.reset();
    if (entry->isRange()) {
        const bool isOlderPart = !entry->range.known().isEmpty() && entry->asking.last == entry->range.known().first - 1;
        const Timestamp settled = dependsOnRange(entry->request.expression) ? Timestamp() : entry->askedAt - m_settings.settleTime;
        entry->range.take(entry->asking, *answer, settled);
        if (!isOlderPart)
            entry->fetchedAt = entry->askedAt;
        QueryWindow wanted;
        for (const QuerySubscription *subscription : std::as_const(entry->subscribers)) {
            const QueryWindow window = windowOf(subscription->m_request);
            wanted = wanted.isEmpty() ? window : QueryWindow{std::min(wanted.first, window.first), std::max(wanted.last, window.last)};
        }
        entry->range.trim(wanted);
    } else {
        entry->instant = std::make_shared<const PrometheusResult>(*answer);
        entry->fetchedAt = entry->askedAt;
    }
    evict(entry);
    serve(entry);
}

void QueryService::takeError(const Entry &entry, const Error &error)
{
    entry->blocked = true;
    if (mayPass(error.kind) && !entry->retryPlanned) {
        entry->retryPlanned = true;
        QTimer::singleShot(entry->backoff.next(), this, [this, weak = std::weak_ptr(entry)] {
            const Entry again = weak.lock();
            if (!again)
                return;
            again->retryPlanned = false;
            if (!again->blocked || again->subscribers.isEmpty())
                return;
            again->blocked = false;
            serve(again);
            pump();
        });
    }
    const auto subscribers = entry->subscribers;
    for (QuerySubscription *subscription : subscribers) {
        if (!entry->subscribers.contains(subscription) || subscription->m_served || isSatisfied(*subscription, *entry))
            continue;
        subscription->m_error = error;
        subscription->m_loading = false;
        emit subscription->changed();
    }
}

void QueryService::cancel(const Entry &entry)
{
    if (entry->queued) {
        m_queue.removeAll(entry);
        entry->queued = false;
    }
    if (!entry->inFlight)
        return;
    entry->inFlight = false;
    --m_inFlight;
    entry->stop.request_stop();
}

/// Forgets what was not used for longest: first what nobody looks at, then what is on screen, whose panels keep what they show.
void QueryService::evict(const Entry &justUsed)
{
    qsizetype bytes = cachedBytes();
    if (bytes <= m_settings.cacheBytes && m_entries.size() <= mostEntries)
        return;
    QList<Entry> entries = m_entries.values();
    std::ranges::sort(entries, [](const Entry &a, const Entry &b) {
        const bool aWatched = !a->subscribers.isEmpty();
        const bool bWatched = !b->subscribers.isEmpty();
        return aWatched != bWatched ? bWatched : a->usedAt < b->usedAt;
    });
    for (const Entry &entry : std::as_const(entries)) {
        if (bytes <= m_settings.cacheBytes && m_entries.size() <= mostEntries)
            return;
        if (entry == justUsed || entry->inFlight)
            continue;
        bytes -= entry->bytes();
        if (entry->subscribers.isEmpty()) {
            m_entries.remove(entry->key);
            continue;
        }
        entry->range = RangeCache(entry->request.step);
        entry->instant.reset();
        entry->fetchedAt = {};
    }
}

} // namespace countersign
