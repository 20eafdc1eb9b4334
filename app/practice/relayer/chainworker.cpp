#include "app/practice/relayer/chainworker.h"

#include "app/practice/relayer/relayermetrics.h"
#include "app/practice/support/jsonlinelog.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

constexpr auto tick = std::chrono::milliseconds(250);
constexpr auto headInterval = std::chrono::milliseconds(400);
constexpr quint64 blocksUntilLost = 8; ///< a transaction that is not mined within so many blocks is sent anew
constexpr qsizetype mostRecent = 2000;
constexpr quint64 recentBlocks = 128;

BlockFollowerOptions followerOptions(const QString &chain)
{
    BlockFollowerOptions options;
    options.sourceId = chain;
    options.pollInterval = headInterval;
    return options;
}

} // namespace

ChainWorker::ChainWorker(const RelayedChain &chain, const PracticeKey &key, const JsonAbi &abi, const RelayerContext &context,
                         QObject *parent)
    : QObject(parent)
    , m_config(chain)
    , m_context(context)
    , m_gateway(chain.rpc, chain.chainId, key, abi)
    , m_follower(m_gateway.chain(), context.clock, followerOptions(chain.name))
{
    connect(&m_follower, &BlockFollower::headChanged, this, &ChainWorker::onHead);
    connect(&m_follower, &BlockFollower::reorganised, this,
            [this](BlockNumber fromBlock, int depth) { onReorganised(fromBlock, depth); });
    connect(&m_timer, &QTimer::timeout, this, &ChainWorker::wake);
    m_follower.start();
    updateMetrics();
}

void ChainWorker::lead()
{
    m_leads = true;
    m_gateway.forgetNonce();
    m_timer.start(tick);
}

void ChainWorker::rest()
{
    m_leads = false;
    m_timer.stop();
    m_scope.restart();
    m_submitting = m_looking = m_acknowledging = false;
    m_recent.clear();
    clear();
}

void ChainWorker::clear()
{
    m_queue.clear();
    updateMetrics();
}

void ChainWorker::add(const AuthorisedIntent &intent, Offset offset)
{
    if (!m_leads || !m_queue.add(intent, m_context.clock.now()))
        return;
    m_context.metrics.received();
    m_context.log.info(u"intent_received", {{u"intentId"_s, intent.intentId},
                                            {u"nonce"_s, intent.call.nonce.toDecimal()},
                                            {u"vaultId"_s, intent.vaultId},
                                            {u"offset"_s, offset.value()}});
    m_context.log.info(u"intent_queued", {{u"intentId"_s, intent.intentId}, {u"depth"_s, m_queue.depth()}});
    updateMetrics();
    wake();
}

void ChainWorker::remove(const QString &contractId)
{
    // One that we acknowledged ourselves leaves the queue when the ledger's answer comes, with its figures.
    const WorkItem *item = m_queue.find(contractId);
    // One that is only to be made right on the chain is archived on the ledger as a matter of course.
    if (item && item->stage != WorkStage::Acknowledging && !item->acknowledged)
        m_queue.remove(contractId);
}

void ChainWorker::wake()
{
    if (!m_leads || !m_context.leads())
        return;
    if (!m_submitting)
        spawn(submitWaiting());
    if (!m_acknowledging)
        spawn(acknowledgeFinal());
    updateMetrics();
}

QCoro::Task<> ChainWorker::submitWaiting()
{
    const std::stop_token stop = m_scope.token();
    m_submitting = true;
    while (m_leads && m_context.leads()) {
        const WorkItem *next = m_queue.takeNext(m_context.clock.now());
        if (!next)
            break;
        co_await submitOne(next->intent);
        if (stop.stop_requested())
            co_return;
    }
    m_submitting = false;
}

QCoro::Task<> ChainWorker::submitOne(AuthorisedIntent intent)
{
    const std::stop_token stop = m_scope.token();
    const Result<Preflight> preflight = co_await m_gateway.preflight(intent, stop);
    if (stop.stop_requested())
        co_return;
    if (!preflight) {
        retryLater(intent.contractId, preflight.error());
        co_return;
    }
    if (preflight->executed) {
        co_await takeUpExecution(std::move(intent));
        co_return;
    }
    if (preflight->refusal) {
        const Refusal &refusal = *preflight->refusal;
        if (refusal.kind == Refusal::Kind::Final)
            settle(intent.contractId, {refusal.outcome, refusal.text, 0}, refusal.name);
        else
            retryLater(intent.contractId, Error{ErrorKind::Rejected, refusal.text, refusal.name});
        co_return;
    }
    const Result<Hash32> hash = co_await m_gateway.send(intent, m_context.leads, stop);
    if (stop.stop_requested())
        co_return;
    WorkItem *item = m_queue.find(intent.contractId);
    if (!hash) {
        retryLater(intent.contractId, hash.error());
        co_return;
    }
    m_context.metrics.transactionSubmitted(m_config.name);
    m_context.log.info(u"transaction_submitted", {{u"intentId"_s, intent.intentId},
                                                  {u"txHash"_s, hash->toString()},
                                                  {u"chain"_s, m_config.name},
                                                  {u"nonce"_s, intent.call.nonce.toDecimal()}});
    if (!item)
        co_return;
    const Timestamp now = m_context.clock.now();
    m_context.metrics.latency(m_config.name, RelayerMetrics::Stage::Queue, now - item->intent.authorisedAt);
    m_queue.submitted(*item, *hash, now, m_head);
}

QCoro::Task<> ChainWorker::takeUpExecution(AuthorisedIntent intent)
{
    const std::stop_token stop = m_scope.token();
    const Result<std::optional<Execution>> execution = co_await m_gateway.findExecution(intent, stop);
    if (stop.stop_requested())
        co_return;
    WorkItem *item = m_queue.find(intent.contractId);
    if (!item)
        co_return;
    if (!execution || !*execution) {
        retryLater(intent.contractId, execution ? Error{ErrorKind::NotFound, u"Executed, but its event is not found yet"_s, {}}
                                                : execution.error());
        co_return;
    }
    item->outcome.gasUsed = (*execution)->gasUsed;
    m_queue.mined(*item, (*execution)->transaction, (*execution)->block, (*execution)->blockHash, m_context.clock.now());
}

void ChainWorker::onHead(const BlockHeader &head)
{
    m_head = head.number;
    m_context.metrics.setChainHead(m_config.name, head.number.value());
    m_gateway.forgetFees();
    while (!m_recent.empty() && m_recent.front().block.value() + recentBlocks < m_head.value())
        m_recent.pop_front();
    if (m_leads && m_context.leads() && !m_looking)
        spawn(lookForReceipts());
}

QCoro::Task<> ChainWorker::lookForReceipts()
{
    const std::stop_token stop = m_scope.token();
    const QList<WorkItem *> waiting = m_queue.inStage(WorkStage::Submitted) + m_queue.inStage(WorkStage::Mined);
    if (waiting.isEmpty())
        co_return;
    m_looking = true;
    QStringList contracts;
    std::vector<Hash32> hashes;
    for (const WorkItem *item : waiting) {
        contracts.append(item->intent.contractId);
        hashes.push_back(item->transaction.value_or(Hash32()));
    }
    const auto receipts = co_await m_gateway.receipts(hashes, stop);
    if (stop.stop_requested())
        co_return;
    m_looking = false;
    if (!receipts)
        co_return; // asked again with the next block
    for (size_t i = 0; i < receipts->size(); ++i) {
        WorkItem *item = m_queue.find(contracts.at(static_cast<qsizetype>(i)));
        if (item && item->transaction == hashes[i])
            judgeReceipt(*item, receipts->at(i));
    }
    wake();
}

void ChainWorker::judgeReceipt(WorkItem &item, const std::optional<TransactionReceipt> &receipt)
{
    const Timestamp now = m_context.clock.now();
    if (!receipt) {
        const bool wasMined = item.stage == WorkStage::Mined;
        if (wasMined || m_head.value() >= item.submittedAtHead.value() + blocksUntilLost) {
            const QString reason = wasMined ? u"its block was reorganised away"_s : u"not mined"_s;
            m_context.log.warn(u"intent_failed", {{u"intentId"_s, item.intent.intentId}, {u"reason"_s, reason}, {u"attempt"_s, item.attempts + 1}});
            m_gateway.forgetNonce();
            m_queue.unmined(item, now);
        }
        return;
    }
    if (item.stage == WorkStage::Submitted || item.blockHash != receipt->blockHash) {
        if (item.stage == WorkStage::Submitted)
            m_context.metrics.latency(m_config.name, RelayerMetrics::Stage::Submit, now - item.submittedAt);
        m_queue.mined(item, receipt->transactionHash, receipt->blockNumber, receipt->blockHash, now);
    }
    const quint64 depth = m_head.value() + 1 - std::min(item.block.value(), m_head.value() + 1);
    if (depth < static_cast<quint64>(m_config.confirmations))
        return;
    if (!receipt->succeeded) {
        item.stage = WorkStage::Submitting; // nobody else takes it up meanwhile
        spawn(judgeReverted(item.intent));
        return;
    }
    m_context.metrics.latency(m_config.name, RelayerMetrics::Stage::Confirm, now - item.minedAt);
    m_context.log.info(u"transaction_confirmed", {{u"intentId"_s, item.intent.intentId},
                                                  {u"txHash"_s, receipt->transactionHash.toString()},
                                                  {u"chain"_s, m_config.name},
                                                  {u"blockNumber"_s, static_cast<qint64>(item.block.value())},
                                                  {u"confirmations"_s, static_cast<qint64>(depth)},
                                                  {u"gasUsed"_s, static_cast<qint64>(receipt->gasUsed)}});
    m_queue.settled(item, {u"executed"_s, QString(), receipt->gasUsed});
}

QCoro::Task<> ChainWorker::judgeReverted(AuthorisedIntent intent)
{
    // The transaction was mined and reverted: somebody was quicker, or the state changed after the dry run. A second
    // dry run tells which, and with what reason.
    const std::stop_token stop = m_scope.token();
    const Result<Preflight> preflight = co_await m_gateway.preflight(intent, stop);
    if (stop.stop_requested())
        co_return;
    WorkItem *item = m_queue.find(intent.contractId);
    if (!item)
        co_return;
    m_queue.unmined(*item, m_context.clock.now());
    if (preflight && preflight->refusal && preflight->refusal->kind == Refusal::Kind::Final)
        settle(intent.contractId, {preflight->refusal->outcome, preflight->refusal->text, 0}, preflight->refusal->name);
    else if (!preflight || !preflight->executed)
        retryLater(intent.contractId, Error{ErrorKind::Rejected, u"The transaction reverted"_s, u"Reverted"_s});
    wake();
}

QCoro::Task<> ChainWorker::acknowledgeFinal()
{
    const std::stop_token stop = m_scope.token();
    m_acknowledging = true;
    while (m_leads && m_context.leads()) {
        const WorkItem *next = m_queue.nextToAcknowledge(m_context.clock.now());
        if (!next)
            break;
        const QString contractId = next->intent.contractId;
        if (next->acknowledged) {
            finishAcknowledged(contractId);
            continue;
        }
        const Result<void> told = co_await m_context.acknowledger.acknowledge(next->intent, next->outcome, next->transaction, next->block, stop);
        if (stop.stop_requested())
            co_return;
        if (told)
            finishAcknowledged(contractId);
        else
            retryLater(contractId, told.error());
    }
    m_acknowledging = false;
}

void ChainWorker::finishAcknowledged(const QString &contractId)
{
    WorkItem *item = m_queue.find(contractId);
    if (!item)
        return;
    if (!item->acknowledged) {
        m_context.metrics.processed(m_config.name, item->outcome.outcome);
        m_context.metrics.latency(m_config.name, RelayerMetrics::Stage::Total, m_context.clock.now() - item->intent.createdAt);
        m_context.log.info(u"intent_acknowledged", {{u"intentId"_s, item->intent.intentId},
                                                    {u"outcome"_s, item->outcome.outcome},
                                                    {u"reason"_s, item->outcome.reason},
                                                    {u"txHash"_s, item->transaction ? item->transaction->toString() : QString()}});
    }
    if (std::exchange(item->undone, false)) {
        item->acknowledged = true;
        m_queue.unmined(*item, m_context.clock.now());
        updateMetrics();
        return;
    }
    if (item->outcome.outcome == "executed"_L1) {
        m_recent.push_back(*item);
        if (static_cast<qsizetype>(m_recent.size()) > mostRecent)
            m_recent.pop_front();
    }
    m_queue.remove(contractId);
    updateMetrics();
}

void ChainWorker::settle(const QString &contractId, WorkOutcome outcome, const QString &errorName)
{
    WorkItem *item = m_queue.find(contractId);
    if (!item)
        return;
    m_context.metrics.failed(m_config.name, errorName);
    m_context.log.warn(u"intent_failed", {{u"intentId"_s, item->intent.intentId}, {u"reason"_s, outcome.reason}, {u"attempt"_s, item->attempts + 1}});
    m_queue.settled(*item, std::move(outcome));
    wake();
}

void ChainWorker::retryLater(const QString &contractId, const Error &error)
{
    WorkItem *item = m_queue.find(contractId);
    if (!item) // Cancelled counts: who was asked to stop does not come here, so it is the fence or a server that says it
        return;
    m_context.log.warn(u"intent_failed", {{u"intentId"_s, item->intent.intentId}, {u"reason"_s, error.message}, {u"attempt"_s, item->attempts + 1}});
    m_queue.requeue(*item, m_context.clock.now());
}

void ChainWorker::onReorganised(BlockNumber fromBlock, int depth)
{
    m_context.log.warn(u"reorg_detected", {{u"chain"_s, m_config.name},
                                           {u"fromBlock"_s, static_cast<qint64>(fromBlock.value())},
                                           {u"depth"_s, depth}});
    m_gateway.forgetNonce();
    if (m_leads)
        restoreAbove(fromBlock);
}

void ChainWorker::restoreAbove(BlockNumber block)
{
    // Deeper than the confirmations that we waited for: the ledger says executed, or is just being told, and the chain perhaps no longer does.
    // submitOne() asks the chain first, so that an intent that is still there, or there again, is only looked up.
    for (WorkItem *item : m_queue.inStage(WorkStage::Acknowledging))
        item->undone = item->undone || (item->outcome.outcome == "executed"_L1 && item->block >= block);
    std::erase_if(m_recent, [&](const WorkItem &item) {
        if (item.block < block)
            return false;
        if (m_queue.add(item.intent, m_context.clock.now())) {
            m_queue.find(item.intent.contractId)->acknowledged = true;
            m_context.log.warn(u"intent_queued", {{u"intentId"_s, item.intent.intentId}, {u"depth"_s, m_queue.depth()}});
        }
        return true;
    });
    wake();
}

void ChainWorker::updateMetrics()
{
    const auto oldest = m_queue.oldestAge(m_context.clock.now()).value_or(std::chrono::microseconds(0));
    m_context.metrics.setQueue(m_config.name, m_queue.depth(), oldest);
}

} // namespace countersign
