#include "backend/proposals/executionflow.h"

#include "backend/evm/chainclient.h"
#include "backend/proposals/executionsteps.h"
#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/keyuse.h"
#include "backend/proposals/proposaljson.h"
#include "backend/records/recordfolder.h"
#include "backend/review/knowncalls.h"
#include "backend/rpc/jsonrpcclient.h"
#include "backend/safe/safeexecution.h"
#include "backend/types/keccak.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <utility>

namespace countersign {

namespace {

Error given()
{
    return {ErrorKind::Cancelled, u"The execution was given up"_s, {}};
}

} // namespace

ExecutionFlow::ExecutionFlow(const Environment &environment, ReviewReader &reader, Journal &journal, Signer &signer,
    const Clock &clock, QString holder, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_reader(reader)
    , m_journal(journal)
    , m_signer(signer)
    , m_clock(clock)
    , m_holder(std::move(holder))
{
}

void ExecutionFlow::start(ExchangeItem item, SecretBuffer pin)
{
    spawn(run(std::move(item), std::move(pin)));
}

QCoro::Task<> ExecutionFlow::run(ExchangeItem item, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const Hash32 id = item.id();
    auto result = co_await execute(std::move(item), std::move(pin));
    if (stop.stop_requested())
        co_return;
    if (!result) {
        const QString text = u"Executing failed: %1"_s.arg(result.error().message);
        auto entry = isForeignSignature(result.error())
            ? closingIncident(m_holder, id, text, errorEvidence(result.error()))
            : JournalEntry::make(JournalKind::Incident, m_holder, id.toString(), text, errorEvidence(result.error()));
        (void)co_await record(m_journal, std::move(entry));
        if (stop.stop_requested())
            co_return;
    } else {
        emit stepChanged({FlowStep::Kind::Done, u"Executed and read back"_s});
    }
    emit finished(result);
}

QCoro::Task<Result<ExecutionReport>> ExecutionFlow::execute(ExchangeItem item, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const ChainSettings *settings = m_environment.chain(item.proposal.chainId);
    if (!settings || settings->rpc.isEmpty())
        co_return fail(ErrorKind::NotFound, u"This environment has no chain %1"_s.arg(item.proposal.chainId.value()));
    JsonRpcClient rpc(
        settings->rpc.first()); // of the coroutine, not of the flow: a step that is under way outlives the flow
    ChainClient chain(rpc);
    const ChainSettings chainSettings = *settings;
    const Hash32 proposal = item.id();
    const QString id = proposal.toString();
    const auto open = co_await refuseWithOpenIncidents(m_journal, proposal);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!open)
        co_return std::unexpected(open.error());

    emit stepChanged({FlowStep::Kind::Reviewing, u"Reviewing once more at the latest block"_s});
    const QList<ExchangeItem> none;
    const auto review = co_await m_reader.review(item, none, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!review)
        co_return std::unexpected(review.error());
    emit reviewed(*review);
    const auto calldata = executionCalldata(item, *review);
    if (!calldata)
        co_return std::unexpected(calldata.error());

    emit stepChanged({FlowStep::Kind::Simulating, u"Simulating with the collected signatures"_s});
    const Address executor = m_signer.address();
    const Address safe = item.proposal.safe;
    const auto prepared = co_await prepareExecution(
        chain, executor, item.proposal.chainId, safe, *calldata, review->blockHash, &knownErrors(), stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!prepared)
        co_return std::unexpected(prepared.error());

    auto evidence = reviewEvidence(*review);
    evidence.insert(u"transactionNonce"_s, QString::number(prepared->nonce.value()));
    evidence.insert(u"signingHash"_s, prepared->signingHash().toString());
    auto intent = JournalEntry::make(
        JournalKind::Execution, m_holder, id, u"About to execute: %1"_s.arg(review->sentence), evidence);
    const auto announced = co_await record(m_journal, std::move(intent));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!announced)
        co_return std::unexpected(announced.error());

    emit stepChanged({FlowStep::Kind::Signing, u"The token signs the transaction"_s});
    const Hash32 digest = prepared->signingHash();
    const auto signature = co_await signWithToken(m_signer, digest, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!signature)
        co_return std::unexpected(signature.error());
    const Bytes raw = prepared->serialize(*signature);
    const Hash32 transactionHash = keccak256(raw);

    // Recorded before it is sent: what is on its way cannot be called back.
    emit stepChanged({FlowStep::Kind::Sending, u"Sending transaction %1"_s.arg(transactionHash.toString())});
    auto sending = JournalEntry::make(JournalKind::Execution, m_holder, id,
        u"Sending transaction %1"_s.arg(transactionHash.toString()),
        {{u"transactionHash"_s, transactionHash.toString()}, {u"from"_s, executor.toString()}, {u"raw"_s, toHex(raw)},
            {u"key"_s, keyEvidenceJson(m_signer.evidence())}});
    const auto noted = co_await record(m_journal, std::move(sending));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!noted)
        co_return std::unexpected(noted.error());
    const auto sent = co_await chain.sendRawTransaction(raw, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    // No answer is not a refusal: the node may have taken it. The receipt tells.
    if (!sent && sent.error().kind == ErrorKind::Rejected)
        co_return fail(ErrorKind::Rejected, u"The node refused the transaction: %1"_s.arg(sent.error().message),
            sent.error().detail);

    emit this->sent(item.id(), transactionHash);
    emit stepChanged({FlowStep::Kind::WaitingForBlock, u"Waiting until %1 is mined"_s.arg(transactionHash.toString())});
    const auto receipt = co_await awaitReceipt(chain, transactionHash, m_miningDeadline, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!receipt)
        co_return std::unexpected(receipt.error());
    auto mined = JournalEntry::make(JournalKind::Execution, m_holder, id,
        u"Transaction %1 was mined in block %2"_s.arg(transactionHash.toString()).arg(receipt->blockNumber.value()),
        {{u"transactionHash"_s, transactionHash.toString()},
            {u"block"_s, QString::number(receipt->blockNumber.value())},
            {u"blockHash"_s, receipt->blockHash.toString()}, {u"gasUsed"_s, QString::number(receipt->gasUsed)},
            {u"succeeded"_s, receipt->succeeded}});
    // It happened whether or not it can be recorded; the state is read back all the same.
    const auto minedRecorded = co_await record(m_journal, std::move(mined));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (const auto executed = checkReceipt(*receipt, safe, item.id()); !executed)
        co_return std::unexpected(executed.error());

    emit stepChanged({FlowStep::Kind::ReadingBack, u"Reading the effect back from the chain"_s});
    auto report = co_await readBack(chain, item.proposal.safe, *review, *receipt, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!report)
        co_return fail(report.error().kind,
            u"The transaction was executed, but its effect could not be read back: %1"_s.arg(report.error().message),
            report.error().detail);
    const ApprovalRecord kept = executionRecord(item, *review, *report);
    const auto written = RecordFolder::besideJournal(m_journal.path()).write(kept);
    QJsonObject recordEvidence;
    if (written)
        recordEvidence.insert(u"record"_s, kept.contentHash().toString());
    else
        recordEvidence.insert(u"recordError"_s, errorEvidence(written.error()));
    auto effect = effectEntry(*report, m_holder, review->sentence, recordEvidence);
    const auto effectRecorded = co_await record(m_journal, std::move(effect));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    for (const auto *outcome : {&minedRecorded, &effectRecorded}) {
        if (!*outcome)
            co_return fail(outcome->error().kind,
                u"The transaction was executed in %1, but: %2"_s.arg(
                    transactionHash.toString(), outcome->error().message));
    }
    if (!written)
        co_return fail(written.error().kind,
            u"The transaction was executed in %1, but: %2"_s.arg(transactionHash.toString(), written.error().message));
    emit recorded(kept, *written);
    co_return *report;
}

ApprovalRecord ExecutionFlow::executionRecord(
    const ExchangeItem &item, const Review &review, const ExecutionReport &report) const
{
    ApprovalRecord made;
    made.act = RecordedAct::Executed;
    made.program = thisProgram();
    made.madeAt = m_clock.now();
    made.holder = m_holder;
    made.address = m_signer.address();
    made.envelope = proposalToJson(item.proposal);
    made.review = review;
    made.key = m_signer.evidence();
    made.execution = report;
    made.journal = m_journal.status().head;
    made.unsignedBecause = u"the token was locked again before the chain had answered"_s;
    return made;
}

} // namespace countersign
