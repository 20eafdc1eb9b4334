#include "backend/canton/ledgerfollower.h"

#include "backend/canton/ledgerdecoder.h"
#include "backend/canton/ledgermessages.h"
#include "backend/canton/log.h"
#include "backend/rpc/rpcerror.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroFuture>
#include <QPointer>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

// The participant does not have the updates after our offset any more, or not yet: only the active contracts help.
bool isUnusableOffset(const Error &error)
{
    constexpr int outOfRange = 11;
    const QString code = cantonErrorCode(error);
    return code == "PARTICIPANT_PRUNED_DATA_ACCESSED"_L1 || code == "OFFSET_AFTER_LEDGER_END"_L1
        || code == "OFFSET_OUT_OF_RANGE"_L1 || grpcCode(error) == outOfRange;
}

} // namespace

LedgerFollower::LedgerFollower(Channel channel, LedgerFollowerSettings settings, OffsetStore &offsets,
    const Clock &clock, Backoff::Random random, QObject *parent)
    : QObject(parent)
    , m_client(std::move(channel))
    , m_settings(std::move(settings))
    , m_offsets(offsets)
    , m_clock(clock)
    , m_backoff(m_settings.backoff, std::move(random))
{
    m_status.id = m_settings.id;
    m_status.kind = SourceKind::Participant;
    m_status.since = m_clock.now();
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] { spawn(connectToLedger()); });
    m_heartbeat.setInterval(m_settings.heartbeat);
    connect(&m_heartbeat, &QTimer::timeout, this, [this] { spawn(beat()); });
}

LedgerFollower::~LedgerFollower() = default;

void LedgerFollower::start()
{
    if (std::exchange(m_running, true))
        return;
    setState(SourceState::Connecting);
    m_retry.start(0);
}

void LedgerFollower::stop()
{
    m_running = false;
    m_beating = false;
    m_scope.restart();
    m_retry.stop();
    m_heartbeat.stop();
    m_stream.reset();
}

QCoro::Task<> LedgerFollower::connectToLedger()
{
    const std::stop_token stop = m_scope.token();
    const Result<LedgerVersion> version = co_await m_client.probe(stop);
    if (stop.stop_requested())
        co_return;
    if (!version) {
        retryAfter(version.error());
        co_return;
    }
    m_checkpointDelay = version->checkpointDelay;
    const QFuture<Result<Offset>> pending = m_client.ledgerEnd(stop);
    const Result<Offset> end = co_await pending;
    if (stop.stop_requested())
        co_return;
    if (!end) {
        retryAfter(end.error());
        co_return;
    }
    m_ledgerEnd = *end;
    m_lastSign = m_clock.now();
    if (!m_offset && !m_fromSnapshot)
        m_offset = m_offsets.load(m_settings.id);
    if (m_offset && *m_offset > *end) {
        startOver(u"%1 ends at offset %2, before offset %3 that was read from it: it was restored, or is another node"_s
                .arg(m_client.channel().target())
                .arg(end->value())
                .arg(m_offset->value()));
        co_return;
    }
    if (m_offset)
        readUpdates(*m_offset);
    else if (m_settings.fromBeginning && !m_fromSnapshot)
        readUpdates(Offset(0));
    else
        readActiveContracts(*end);
}

void LedgerFollower::readActiveContracts(Offset at)
{
    if (std::exchange(m_delivered, false)) {
        const QPointer<LedgerFollower> alive(this);
        emit reset();
        if (!alive || !m_running)
            return;
    }
    m_snapshotAt = at;
    auto decoder = std::make_shared<LedgerDecoder>(m_settings.filter);
    openStream("/com.daml.ledger.api.v2.StateService/GetActiveContracts",
        ledgermessages::activeContractsRequest(at, m_settings.filter),
        [decoder](
            QByteArrayView message, QList<LedgerEvent> &rows) { return decoder->decodeActiveContract(message, rows); });
}

void LedgerFollower::readUpdates(Offset after)
{
    m_snapshotAt.reset();
    auto decoder = std::make_shared<LedgerDecoder>(m_settings.filter);
    openStream("/com.daml.ledger.api.v2.UpdateService/GetUpdates",
        ledgermessages::updatesRequest(after, m_settings.filter),
        [decoder](QByteArrayView message, QList<LedgerEvent> &rows) { return decoder->decodeUpdate(message, rows); });
    setState(SourceState::Live);
}

void LedgerFollower::openStream(QByteArray method, Bytes request, ServerStream<LedgerEvent>::Decode decode)
{
    StreamLimits limits;
    limits.rows = m_settings.inboxLimit;
    m_stream = std::make_unique<ServerStream<LedgerEvent>>(
        m_client.channel(), std::move(method), std::move(request), std::move(decode),
        [this](const QList<LedgerEvent> &rows) { deliver(rows); },
        [this](const Result<void> &outcome) { streamEnded(outcome); }, limits);
    m_heartbeat.start();
}

void LedgerFollower::deliver(const QVector<LedgerEvent> &events)
{
    markAlive(true);
    m_backoff.reset();
    m_delivered = true;
    const QPointer<LedgerFollower> alive(this);
    if (m_snapshotAt) {
        emit eventsArrived(events);
        return;
    }
    // begin_exclusive makes this true already; a participant that breaks it must not make duplicates here.
    const auto isNew = [this](const LedgerEvent &event) { return !m_offset || event.offset() > *m_offset; };
    QVector<LedgerEvent> fresh = events;
    if (!isNew(fresh.first()))
        fresh.removeIf([&isNew](const LedgerEvent &event) { return !isNew(event); });
    if (fresh.isEmpty())
        return;
    const Offset last = fresh.last().offset();
    m_offset = last;
    emit eventsArrived(fresh);
    if (alive && m_running && m_offset == last)
        m_offsets.save(m_settings.id, last); // after the receivers have it: a crash repeats rather than loses
}

void LedgerFollower::streamEnded(const Result<void> &outcome)
{
    if (outcome && m_snapshotAt) {
        const Offset at = *m_snapshotAt;
        m_offset = at;
        m_fromSnapshot = false;
        m_delivered = true;
        m_offsets.save(m_settings.id, at);
        markAlive(true);
        const QPointer<LedgerFollower> alive(this);
        emit snapshotCompleted(at);
        if (alive && m_running && m_offset == at)
            readUpdates(at);
        return;
    }
    const Error error = outcome
        ? Error{ErrorKind::Unavailable, u"%1 ended the stream"_s.arg(m_client.channel().target()), {}}
        : outcome.error();
    if (isUnusableOffset(error))
        startOver(u"%1 no longer has what follows offset %2: starting again from its active contracts"_s
                .arg(m_client.channel().target())
                .arg(m_offset.value_or(Offset(0)).value()));
    else
        retryAfter(error);
}

void LedgerFollower::retryAfter(const Error &error)
{
    m_stream.reset();
    m_heartbeat.stop();
    const std::chrono::milliseconds delay = m_backoff.next();
    qCInfo(lcCanton).noquote() << u"source=%1 offset=%2 retryMs=%3 %4"_s.arg(m_settings.id)
                                      .arg(m_offset.value_or(Offset(0)).value())
                                      .arg(delay.count())
                                      .arg(error.detail);
    m_status.nextAttempt = m_clock.now() + delay;
    m_retry.start(delay);
    setState(SourceState::Down, error.message);
}

void LedgerFollower::startOver(const QString &why)
{
    qCWarning(lcCanton).noquote() << u"source=%1 %2"_s.arg(m_settings.id, why);
    m_stream.reset();
    m_heartbeat.stop();
    m_offsets.clear(m_settings.id);
    m_offset.reset();
    m_fromSnapshot = true;
    m_delivered = true; // by an earlier run of the program, perhaps: what receivers have is void
    m_retry.start(m_backoff.next());
    setState(SourceState::Connecting, why);
}

QCoro::Task<> LedgerFollower::beat()
{
    const std::stop_token stop = m_scope.token();
    // Judged at every beat, not when the question's own deadline has passed: silence is known earlier.
    const auto silence = m_clock.now() - m_lastSign;
    if (silence > m_settings.staleAfter)
        setState(SourceState::Stale, u"%1 has been silent"_s.arg(m_client.channel().target()));
    if (std::exchange(m_beating, true))
        co_return;
    const QFuture<Result<Offset>> pending = m_client.ledgerEnd(stop);
    const Result<Offset> end = co_await pending;
    if (stop.stop_requested())
        co_return;
    m_beating = false;
    if (!m_stream)
        co_return; // ended meanwhile
    if (end) {
        m_ledgerEnd = *end;
        markAlive(false);
        judge();
    } else if (m_clock.now() - m_lastSign > m_settings.staleAfter * 4) {
        retryAfter(end.error());
    }
}

// Lagging: the participant has had more for longer than a quiet stream may leave it unsaid.
void LedgerFollower::judge()
{
    const Timestamp now = m_clock.now();
    const Offset end = m_ledgerEnd.value_or(Offset(0));
    const Offset here = m_offset.value_or(Offset(0));
    if (m_snapshotAt || here >= end) {
        m_behind.reset();
    } else if (!m_behind || here >= m_behind->target) {
        m_behind = Behind{end, now};
    }
    const auto patience = std::max(m_settings.heartbeat * 2, m_checkpointDelay + m_checkpointDelay / 2);
    const bool lags = m_behind && now - m_behind->since > patience;
    setState(lags ? SourceState::Lagging : SourceState::Live,
        lags ? u"Behind the participant: at offset %1 of %2"_s.arg(here.value()).arg(end.value()) : QString());
}

void LedgerFollower::markAlive(bool withData)
{
    const Timestamp now = m_clock.now();
    m_lastSign = now;
    // A caught-up stream with an answering participant is as fresh as data: nothing happened, and that is known.
    if (withData || (m_offset && m_ledgerEnd && *m_offset >= *m_ledgerEnd)) {
        constexpr std::chrono::milliseconds rhythm{500};
        const bool tell = !m_status.lastData || now - *m_status.lastData > rhythm;
        m_status.lastData = now;
        if (m_status.state == SourceState::Stale || m_status.state == SourceState::Down
            || m_status.state == SourceState::Connecting)
            setState(SourceState::Live);
        else if (tell)
            emit statusChanged(m_status);
    }
}

void LedgerFollower::setState(SourceState state, const QString &error)
{
    if (state != SourceState::Down)
        m_status.nextAttempt.reset();
    if (m_status.state == state && (error.isEmpty() || m_status.lastError == error) && state != SourceState::Down
        && m_announced)
        return;
    if (m_status.state != state)
        m_status.since = m_clock.now();
    m_status.state = state;
    if (!error.isEmpty())
        m_status.lastError = error;
    m_announced = true;
    emit statusChanged(m_status);
}

} // namespace countersign
