#include "app/practice/relayer/relayerqueue.h"

namespace countersign {

namespace {

bool waits(const WorkItem &item)
{
    return item.stage == WorkStage::Queued;
}

} // namespace

bool RelayerQueue::add(AuthorisedIntent intent, Timestamp now)
{
    if (m_byContract.contains(intent.contractId))
        return false;
    m_byContract.insert(intent.contractId, m_next);
    WorkItem item;
    item.intent = std::move(intent);
    item.receivedAt = now;
    item.notBefore = now;
    m_items.emplace(m_next++, std::move(item));
    return true;
}

bool RelayerQueue::remove(const QString &contractId)
{
    const auto found = m_byContract.constFind(contractId);
    if (found == m_byContract.constEnd())
        return false;
    m_items.erase(*found);
    m_byContract.erase(found);
    return true;
}

void RelayerQueue::clear()
{
    m_items.clear();
    m_byContract.clear();
}

WorkItem *RelayerQueue::find(const QString &contractId)
{
    const auto found = m_byContract.constFind(contractId);
    return found == m_byContract.constEnd() ? nullptr : &m_items.at(*found);
}

WorkItem *RelayerQueue::takeNext(Timestamp now)
{
    for (auto &[arrival, item] : m_items) {
        if (!waits(item) || item.notBefore > now)
            continue;
        item.stage = WorkStage::Submitting;
        return &item;
    }
    return nullptr;
}

WorkItem *RelayerQueue::nextToAcknowledge(Timestamp now)
{
    for (auto &[arrival, item] : m_items) {
        if (item.stage == WorkStage::Acknowledging && item.notBefore <= now)
            return &item;
    }
    return nullptr;
}

QList<WorkItem *> RelayerQueue::inStage(WorkStage stage)
{
    QList<WorkItem *> found;
    for (auto &[arrival, item] : m_items) {
        if (item.stage == stage)
            found.append(&item);
    }
    return found;
}

void RelayerQueue::submitted(WorkItem &item, const Hash32 &transaction, Timestamp now, BlockNumber head)
{
    item.stage = WorkStage::Submitted;
    item.transaction = transaction;
    item.submittedAt = now;
    item.submittedAtHead = head;
}

void RelayerQueue::mined(WorkItem &item, const Hash32 &transaction, BlockNumber block, const Hash32 &blockHash,
                         Timestamp now)
{
    item.stage = WorkStage::Mined;
    item.transaction = transaction;
    item.block = block;
    item.blockHash = blockHash;
    item.minedAt = now;
}

void RelayerQueue::settled(WorkItem &item, WorkOutcome outcome)
{
    item.stage = WorkStage::Acknowledging;
    item.outcome = std::move(outcome);
    item.attempts = 0;
    item.notBefore = Timestamp();
}

void RelayerQueue::requeue(WorkItem &item, Timestamp now)
{
    if (item.stage != WorkStage::Acknowledging)
        item.stage = WorkStage::Queued;
    item.notBefore = now + retryPause(item.attempts);
    ++item.attempts;
}

void RelayerQueue::unmined(WorkItem &item, Timestamp now)
{
    item.stage = WorkStage::Queued;
    item.transaction.reset();
    item.block = BlockNumber();
    item.blockHash = Hash32();
    item.notBefore = now;
}

qsizetype RelayerQueue::depth() const
{
    return std::ranges::count_if(m_items, [](const auto &entry) {
        return entry.second.stage == WorkStage::Queued || entry.second.stage == WorkStage::Submitting;
    });
}

std::optional<std::chrono::microseconds> RelayerQueue::oldestAge(Timestamp now) const
{
    std::optional<Timestamp> oldest;
    for (const auto &[arrival, item] : m_items) {
        if (!oldest || item.intent.authorisedAt < *oldest)
            oldest = item.intent.authorisedAt;
    }
    return oldest ? std::optional(now - *oldest) : std::nullopt;
}

std::optional<Timestamp> RelayerQueue::nextDue() const
{
    std::optional<Timestamp> due;
    for (const auto &[arrival, item] : m_items) {
        if ((waits(item) || item.stage == WorkStage::Acknowledging) && (!due || item.notBefore < *due))
            due = item.notBefore;
    }
    return due;
}

std::chrono::milliseconds retryPause(int attempts)
{
    constexpr std::chrono::milliseconds first(500);
    constexpr std::chrono::milliseconds longest(30'000);
    return std::min(longest, first * (1 << std::min(attempts, 6)));
}

} // namespace countersign
