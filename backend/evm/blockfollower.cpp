#include "backend/evm/blockfollower.h"

#include "backend/types/spawn.h"

#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

Q_LOGGING_CATEGORY(logChain, "countersign.evm.follow")

// Headers read at the start, so that a reorganisation right after it finds its ancestor.
constexpr quint64 headersAtStart = 64;
// Up to so many new blocks are asked for their logs one by one, by hash, which no reorganisation can confuse.
constexpr size_t logsByHashUpTo = 8;
// Heights compared with the node's at once while the common ancestor is looked for.
constexpr quint64 ancestorStride = 16;
constexpr int stepsPerLook = 8;
// So many answers without a refusal, and a larger range is tried again.
constexpr int chunksUntilMore = 16;
// Looks at an older head of the same chain before it counts as rolled back: several nodes behind one address differ by blocks.
constexpr int looksUntilRolledBack = 5;

const QString movingChain = u"The chain changes faster than it can be read."_s;

std::unexpected<Error> moved()
{
    return fail(ErrorKind::Conflict, movingChain, u"reorganised while reading"_s);
}

QVector<EvmLog> toVector(const std::vector<EvmLog> &logs)
{
    return {logs.begin(), logs.end()};
}

} // namespace

BlockFollower::BlockFollower(ChainClient &chain, const Clock &clock, BlockFollowerOptions options, QObject *parent)
    : QObject(parent)
    , m_chain(chain)
    , m_clock(clock)
    , m_options(std::move(options))
    , m_heads(m_options.keepHeaders)
    , m_nextLogBlock(m_options.firstLogBlock)
    , m_backoff(m_options.backoff)
    , m_chunk(std::max<quint64>(1, m_options.logChunk))
{
    m_status.id = m_options.sourceId;
    m_status.kind = SourceKind::Chain;
    m_status.since = m_clock.now();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { spawn(look()); });
    resume();
}

BlockFollower::~BlockFollower() = default;

void BlockFollower::resume()
{
    std::vector<BlockHeader> headers;
    std::vector<EvmLog> logs;
    for (const HeadChain::Held &block : std::exchange(m_options.resumeFrom, {})) {
        headers.push_back(block.header);
        logs.insert(logs.end(), block.logs.begin(), block.logs.end());
    }
    if (headers.empty() || !HeadChain::isLinked(headers))
        return;
    m_heads.append(headers, logs);
    if (followsLogs())
        m_nextLogBlock = BlockNumber(headers.back().number.value() + 1);
}

void BlockFollower::start()
{
    m_timer.start(0);
}

void BlockFollower::poke()
{
    if (m_looking)
        m_pokedMeanwhile = true;
    else
        m_timer.start(0);
}

QCoro::Task<> BlockFollower::look()
{
    const std::stop_token stop = m_scope.token();
    if (m_looking)
        co_return;
    m_looking = true;
    m_pokedMeanwhile = false;
    Result<Step> step = Step::Again;
    for (int i = 0; i < stepsPerLook && step && *step == Step::Again; ++i) {
        step = co_await advance();
        if (stop.stop_requested())
            co_return;
    }
    m_looking = false;
    settle(step);
}

QCoro::Task<Result<BlockFollower::Step>> BlockFollower::advance()
{
    const std::stop_token stop = m_scope.token();
    const Result<BlockHeader> head = co_await m_chain.getBlock(BlockRef::latest(), stop);
    if (stop.stop_requested())
        co_return Step::Done;
    if (!head)
        co_return std::unexpected(head.error());
    const auto tip = m_heads.tip();
    const BlockHeader *held = tip && head->number < tip->number ? m_heads.at(head->number) : nullptr;
    if (held && held->hash == head->hash && ++m_olderHeads < looksUntilRolledBack)
        co_return Step::Done;
    m_olderHeads = 0;
    if (tip && tip->hash == head->hash)
        co_return Step::Done;

    std::optional<BlockNumber> ancestor;
    if (tip && head->parentHash == tip->hash) {
        ancestor = tip->number;
    } else if (tip) {
        const auto found = co_await commonAncestor(head->number);
        if (stop.stop_requested())
            co_return Step::Done;
        if (!found)
            co_return found.error().kind == ErrorKind::Conflict ? Result<Step>(Step::Again) : std::unexpected(found.error());
        ancestor = *found;
    }
    const auto fresh = co_await freshHeaders(*head, ancestor);
    if (stop.stop_requested())
        co_return Step::Done;
    if (!fresh)
        co_return fresh.error().kind == ErrorKind::Conflict ? Result<Step>(Step::Again) : std::unexpected(fresh.error());

    // From here on what we hold may only shrink to the ancestor and grow from it: a failure on the way leaves a shorter
    // chain, which the next look completes.
    if (tip)
        takeBackAbove(ancestor);
    if (stop.stop_requested())
        co_return Step::Done;
    // Nothing in common: another chain, or a reorganisation below all that we held. None of its logs has been read.
    if (tip && !ancestor && m_nextLogBlock && !fresh->empty())
        m_nextLogBlock = std::min(*m_nextLogBlock, fresh->front().number);
    if (fresh->empty()) {
        if (const auto shorter = m_heads.tip())
            emit headChanged(*shorter);
        co_return Step::Done;
    }
    std::vector<EvmLog> logs;
    if (followsLogs()) {
        if (!m_nextLogBlock)
            m_nextLogBlock = tip ? fresh->front().number : head->number;
        const auto repaired = co_await repairLogsBelow(fresh->front().number);
        if (stop.stop_requested())
            co_return Step::Done;
        if (!repaired)
            co_return std::unexpected(repaired.error());
        auto read = co_await logsOf(*fresh);
        if (stop.stop_requested())
            co_return Step::Done;
        if (!read)
            co_return read.error().kind == ErrorKind::Conflict ? Result<Step>(Step::Again) : std::unexpected(read.error());
        logs = *std::move(read);
        m_nextLogBlock = BlockNumber(head->number.value() + 1);
    }
    m_heads.append(*fresh, logs);
    m_headSince = m_clock.now();
    emit headChanged(*head);
    if (!logs.empty() && !stop.stop_requested())
        emit logsAdded(toVector(logs));
    co_return Step::Done;
}

QCoro::Task<Result<std::optional<BlockNumber>>> BlockFollower::commonAncestor(BlockNumber head)
{
    const std::stop_token stop = m_scope.token();
    const quint64 oldest = m_heads.oldest()->number.value();
    quint64 high = std::min(m_heads.tip()->number.value(), head.value());
    while (high >= oldest) {
        const quint64 low = high - std::min(high - oldest, ancestorStride - 1);
        const auto theirs = co_await m_chain.getBlocks(BlockNumber(low), BlockNumber(high), stop);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, {});
        if (!theirs)
            co_return theirs.error().kind == ErrorKind::NotFound ? moved() : std::unexpected(theirs.error());
        for (auto block = theirs->rbegin(); block != theirs->rend(); ++block) {
            const BlockHeader *ours = m_heads.at(block->number);
            if (ours && ours->hash == block->hash)
                co_return std::optional(block->number);
        }
        if (low == 0)
            break;
        high = low - 1;
    }
    co_return std::optional<BlockNumber>();
}

QCoro::Task<Result<std::vector<BlockHeader>>> BlockFollower::freshHeaders(BlockHeader head, std::optional<BlockNumber> ancestor)
{
    const std::stop_token stop = m_scope.token();
    if (ancestor && head.number <= *ancestor)
        co_return std::vector<BlockHeader>(); // the chain was rolled back to a block that we hold
    const quint64 most = m_heads.isEmpty() ? std::min<quint64>(headersAtStart, static_cast<quint64>(m_options.keepHeaders))
                                           : static_cast<quint64>(m_options.keepHeaders);
    quint64 from = head.number.value() - std::min(head.number.value(), most - 1);
    if (ancestor)
        from = std::max(from, ancestor->value() + 1);
    std::vector<BlockHeader> headers{head};
    if (from < head.number.value()) {
        const auto older = co_await m_chain.getBlocks(BlockNumber(from), BlockNumber(head.number.value() - 1), stop);
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, {});
        if (!older)
            co_return older.error().kind == ErrorKind::NotFound ? moved() : std::unexpected(older.error());
        headers.insert(headers.begin(), older->begin(), older->end());
    }
    const BlockHeader *base = ancestor ? m_heads.at(*ancestor) : nullptr;
    const bool joins = !base || from != ancestor->value() + 1 || headers.front().parentHash == base->hash;
    if (!joins || !HeadChain::isLinked(headers))
        co_return moved();
    co_return headers;
}

// Blocks older than the headers that we keep: their logs are asked for by range and told at once, because a long gap
// must not start again from its beginning after a failure.
QCoro::Task<Result<void>> BlockFollower::repairLogsBelow(BlockNumber end)
{
    const std::stop_token stop = m_scope.token();
    while (*m_nextLogBlock < end) {
        const quint64 from = m_nextLogBlock->value();
        const quint64 to = std::min(end.value() - 1, from + m_chunk - 1);
        const auto logs = co_await logsByRange(BlockNumber(from), BlockNumber(to));
        if (stop.stop_requested())
            co_return Result<void>();
        if (!logs) {
            if (!askForLess(logs.error(), to - from + 1))
                co_return std::unexpected(logs.error());
            continue;
        }
        askForMore();
        m_nextLogBlock = BlockNumber(to + 1);
        if (!logs->empty())
            emit logsAdded(toVector(*logs));
        if (stop.stop_requested())
            co_return Result<void>();
    }
    co_return Result<void>();
}

// Nodes limit the range or the size of an answer, each in its own words: ask for less until one block is refused.
bool BlockFollower::askForLess(const Error &error, quint64 asked)
{
    const bool refused = error.kind == ErrorKind::Rejected || error.kind == ErrorKind::Exhausted || error.kind == ErrorKind::Invalid
        || error.kind == ErrorKind::Internal;
    if ((!refused && error.kind != ErrorKind::Timeout) || asked <= 1)
        return false;
    m_chunk = asked / 2;
    m_chunksRead = 0;
    qCInfo(logChain, "source=%s blocks=%llu asking for logs in smaller ranges: %s", qUtf8Printable(m_options.sourceId), m_chunk,
           qUtf8Printable(error.message));
    return refused; // what took too long is asked again later, and for less
}

void BlockFollower::askForMore()
{
    if (m_chunk >= m_options.logChunk || ++m_chunksRead < chunksUntilMore)
        return;
    m_chunk = std::min(m_options.logChunk, m_chunk * 2);
    m_chunksRead = 0;
}

QCoro::Task<Result<std::vector<EvmLog>>> BlockFollower::logsByRange(BlockNumber from, BlockNumber to)
{
    LogFilter filter = wanted();
    filter.fromBlock = from;
    filter.toBlock = to;
    co_return co_await m_chain.getLogs(filter, m_scope.token());
}

QCoro::Task<Result<std::vector<EvmLog>>> BlockFollower::logsOf(std::vector<BlockHeader> fresh)
{
    const std::stop_token stop = m_scope.token();
    std::erase_if(fresh, [this](const BlockHeader &header) { return header.number < *m_nextLogBlock; });
    std::vector<EvmLog> all;
    if (fresh.empty())
        co_return all;
    if (fresh.size() <= logsByHashUpTo) {
        for (const BlockHeader &header : fresh) {
            LogFilter filter = wanted();
            filter.blockHash = header.hash;
            const auto logs = co_await m_chain.getLogs(filter, stop);
            if (stop.stop_requested())
                co_return fail(ErrorKind::Cancelled, {});
            if (!logs) // a node that no longer has the block says so in its own words: look at the head again
                co_return logs.error().kind == ErrorKind::Unavailable || logs.error().kind == ErrorKind::Timeout
                    ? std::unexpected(logs.error())
                    : moved();
            all.insert(all.end(), logs->begin(), logs->end());
        }
        co_return all;
    }
    for (quint64 from = fresh.front().number.value(); from <= fresh.back().number.value();) {
        const quint64 to = std::min(fresh.back().number.value(), from + m_chunk - 1);
        const auto logs = co_await logsByRange(BlockNumber(from), BlockNumber(to));
        if (stop.stop_requested())
            co_return fail(ErrorKind::Cancelled, {});
        if (!logs) {
            if (!askForLess(logs.error(), to - from + 1))
                co_return std::unexpected(logs.error());
            continue;
        }
        askForMore();
        all.insert(all.end(), logs->begin(), logs->end());
        from = to + 1;
    }
    // A range means whatever chain the node held while it answered: it counts only when that is the chain of our headers.
    const quint64 first = fresh.front().number.value();
    const bool ours = std::ranges::all_of(all, [&](const EvmLog &log) {
        return fresh[log.blockNumber.value() - first].hash == log.blockHash;
    });
    const auto still = co_await m_chain.getBlock(BlockRef::at(fresh.back().number), stop);
    if (still.has_value() && ours && still->hash == fresh.back().hash)
        co_return all;
    if (!still && still.error().kind != ErrorKind::NotFound)
        co_return std::unexpected(still.error());
    co_return moved();
}

void BlockFollower::takeBackAbove(std::optional<BlockNumber> ancestor)
{
    const std::stop_token stop = m_scope.token();
    const auto removed = m_heads.removeAbove(ancestor);
    if (removed.empty())
        return;
    QVector<BlockHeader> headers;
    QVector<EvmLog> logs;
    for (const HeadChain::Held &held : removed) {
        headers.append(held.header);
        for (auto log = held.logs.rbegin(); log != held.logs.rend(); ++log)
            logs.append(*log);
    }
    const BlockNumber from = headers.last().number;
    if (m_nextLogBlock)
        m_nextLogBlock = std::min(*m_nextLogBlock, from);
    qCInfo(logChain, "source=%s block=%llu depth=%lld reorganised", qUtf8Printable(m_options.sourceId), from.value(),
           static_cast<long long>(headers.size()));
    if (!ancestor)
        qCWarning(logChain, "source=%s the reorganisation is deeper than the headers kept; logs below are not taken back",
                  qUtf8Printable(m_options.sourceId));
    emit reorganised(from, static_cast<int>(headers.size()), headers);
    if (!logs.isEmpty() && !stop.stop_requested())
        emit logsRemoved(logs);
}

void BlockFollower::settle(const Result<Step> &step)
{
    const Timestamp now = m_clock.now();
    if (!step || *step == Step::Again) {
        const QString message = step ? movingChain : step.error().message;
        const auto delay = m_backoff.next();
        m_timer.start(delay);
        setStatus(SourceState::Down, message, now + delay);
        return;
    }
    m_backoff.reset();
    m_timer.start(m_pokedMeanwhile ? std::chrono::milliseconds(0) : m_options.pollInterval);
    if (now - m_headSince > m_options.staleAfter)
        setStatus(SourceState::Stale, u"No new block has come for a while."_s, {});
    else
        setStatus(SourceState::Live, m_status.lastError, {});
}

void BlockFollower::setStatus(SourceState state, const QString &error, std::optional<Timestamp> nextAttempt)
{
    SourceStatus status = m_status;
    if (status.state != state)
        status.since = m_clock.now();
    status.state = state;
    status.lastError = error;
    status.nextAttempt = nextAttempt;
    if (!m_headSince.isNull())
        status.lastData = m_headSince;
    if (status == m_status)
        return;
    m_status = status;
    emit statusChanged(m_status);
}

} // namespace countersign
