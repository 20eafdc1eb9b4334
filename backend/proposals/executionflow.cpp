#include "backend/proposals/executionflow.h"

#include "backend/evm/chainclient.h"
#include "backend/proposals/execution/dependencies.h"
#include "backend/proposals/execution/deploymentverifier.h"
#include "backend/proposals/execution/executionrun.h"
#include "backend/proposals/execution/submissionamendment.h"
#include "backend/proposals/execution/submissionjournal.h"
#include "backend/proposals/execution/submissionprogress.h"
#include "backend/proposals/executionsteps.h"
#include "backend/proposals/flowjournal.h"
#include "backend/proposals/incidents.h"
#include "backend/proposals/keyuse.h"
#include "backend/records/recordfolder.h"
#include "backend/review/knowncalls.h"
#include "backend/safe/safeexecution.h"
#include "backend/types/keccak.h"
#include "backend/types/spawn.h"
#include "backend/types/strings.h"

#include <QCoroTimer>

#include <algorithm>
#include <utility>

namespace countersign {

namespace {

constexpr auto lookInterval = std::chrono::milliseconds(500);

Error given()
{
    return {ErrorKind::Cancelled, u"The execution was given up"_s, {}};
}

// What is not mined yet, and what was called back, is no incident.
JournalEntry failureEntry(const Error &error, const QString &holder, const QString &id)
{
    const bool isIncident = error.kind != ErrorKind::Timeout && error.kind != ErrorKind::Cancelled;
    return JournalEntry::make(isIncident ? JournalKind::Incident : JournalKind::Execution, holder, id,
        isIncident ? u"Executing failed: %1"_s.arg(error.message) : error.message, errorEvidence(error));
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

ExecutionFlow::~ExecutionFlow() = default;

void ExecutionFlow::start(ExchangeItem item, SecretBuffer pin)
{
    spawn(run(std::move(item), std::move(pin)));
}

void ExecutionFlow::replaceWithHigherFee(SecretBuffer pin)
{
    spawn(runAmendment(std::move(pin), SubmissionPurpose::Replacement));
}

void ExecutionFlow::cancelSubmission(SecretBuffer pin)
{
    spawn(runAmendment(std::move(pin), SubmissionPurpose::Cancellation));
}

void ExecutionFlow::sendAgain()
{
    spawn(runSendingAgain());
}

void ExecutionFlow::stopWaiting()
{
    if (m_run)
        m_run->isStopped = true;
}

QCoro::Task<> ExecutionFlow::run(ExchangeItem item, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const QString id = item.id().toString();
    const ChainSettings *settings = m_environment.chain(item.proposal.chainId);
    Result<ExecutionReport> result
        = fail(ErrorKind::NotFound, u"This environment has no chain %1"_s.arg(item.proposal.chainId.value()));
    std::shared_ptr<ExecutionRun> run;
    if (settings && !settings->rpc.isEmpty()) {
        run = std::make_shared<ExecutionRun>(*settings, item);
        run->caps = m_caps.value_or(settings->fees);
        m_run = run;
        result = co_await execute(run, std::move(pin));
        if (stop.stop_requested())
            co_return;
    }
    if (!result) {
        auto entry = isForeignSignature(result.error())
            ? closingIncident(m_holder, item.id(), u"Executing failed: %1"_s.arg(result.error().message),
                errorEvidence(result.error()))
            : failureEntry(result.error(), m_holder, id);
        if (run && run->isSettled)
            entry = withSettled(entry, run->submission);
        (void)co_await record(m_journal, std::move(entry));
        if (stop.stop_requested())
            co_return;
    } else {
        emit stepChanged({FlowStep::Kind::Done, result->isFinal ? u"Executed and read back"_s
                                                                : u"Executed and read back; not final yet"_s});
    }
    emit finished(result);
}

QCoro::Task<Result<ExecutionReport>> ExecutionFlow::execute(std::shared_ptr<ExecutionRun> run, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const auto pending = co_await findPending(run);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!pending)
        co_return std::unexpected(pending.error());
    if (*pending) {
        emit sent(run->submission.safeTxHash, run->submission.sent.last().hash);
    } else {
        const auto submitted = co_await submit(run, std::move(pin));
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!submitted)
            co_return std::unexpected(submitted.error());
    }
    co_return co_await awaitFinal(run);
}

QCoro::Task<Result<bool>> ExecutionFlow::findPending(std::shared_ptr<ExecutionRun> run)
{
    const auto stop = m_scope.token();
    const auto pending = co_await pendingSubmissions(m_journal, stop);
    if (!pending)
        co_return std::unexpected(pending.error());
    const Proposal &proposal = run->item.proposal;
    for (const Submission &one : *pending) {
        if (one.chainId != proposal.chainId || one.safe != proposal.safe)
            continue;
        if (one.safeTxHash == run->item.id()) {
            run->submission = one;
            co_return true;
        }
        if (one.safeNonce == proposal.transaction.nonce)
            co_return fail(ErrorKind::Conflict,
                u"Another proposal with nonce %1 is on its way already: %2. Wait for it, or call it back, first"_s.arg(
                    one.safeNonce.toDecimal(), one.safeTxHash.toString()));
    }
    co_return false;
}

QCoro::Task<Result<void>> ExecutionFlow::submit(std::shared_ptr<ExecutionRun> run, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const ExchangeItem item = run->item;
    const auto open = co_await refuseWithOpenIncidents(m_journal, item.id());
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!open)
        co_return std::unexpected(open.error());
    if (!item.proposal.dependsOn.isEmpty()) {
        emit stepChanged({FlowStep::Kind::Reviewing, u"Looking whether what it depends on is done"_s});
        const Environment environment = m_environment;
        const QList<ExchangeItem> others = m_others;
        const ReviewBuilds builds = co_await m_reader.builds(ReviewSubject::of(item), others, {}, stop);
        if (stop.stop_requested())
            co_return std::unexpected(given());
        const auto done = co_await requireDependencies(environment, item.proposal, others, *builds.store, stop);
        if (stop.stop_requested())
            co_return std::unexpected(given());
        if (!done)
            co_return std::unexpected(done.error());
    }
    emit stepChanged({FlowStep::Kind::Reviewing, u"Reviewing once more at the latest block"_s});
    const QList<ExchangeItem> none;
    const auto review = co_await m_reader.review(item, none, stop, {PolicyStage::Execute, m_signer.address()});
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!review)
        co_return std::unexpected(review.error());
    run->sentence = review->sentence;
    run->review = *review;
    emit reviewed(*review);
    const auto calldata = executionCalldata(item, *review);
    if (!calldata)
        co_return std::unexpected(calldata.error());

    emit stepChanged({FlowStep::Kind::Simulating, u"Simulating with the collected signatures"_s});
    const Address executor = m_signer.address();
    const Address safe = item.proposal.safe;
    const auto prepared = co_await prepareExecution(run->chain, executor, item.proposal.chainId, safe, *calldata,
        review->blockHash, &knownErrors(), run->caps, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!prepared)
        co_return std::unexpected(prepared.error());
    emit quoted(prepared->quote);

    auto evidence = reviewEvidence(*review);
    evidence.insert(u"transactionNonce"_s, QString::number(prepared->transaction.nonce.value()));
    evidence.insert(u"signingHash"_s, prepared->transaction.signingHash().toString());
    evidence.insert(u"worstCase"_s, prepared->quote.worstCase.toDecimal());
    auto intent = JournalEntry::make(JournalKind::Execution, m_holder, item.id().toString(),
        u"About to execute: %1"_s.arg(review->sentence), evidence);
    const auto announced = co_await record(m_journal, std::move(intent));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!announced)
        co_return std::unexpected(announced.error());

    run->submission = Submission{item.proposal.chainId, safe, item.id(), item.proposal.transaction.nonce, executor, {}, review->effects};
    emit stepChanged({FlowStep::Kind::Signing, u"The token signs the transaction"_s});
    const EvmTransaction transaction = prepared->transaction;
    const auto hash = co_await signAndSend(run, transaction, SubmissionPurpose::Execution, std::move(pin));
    if (!hash)
        co_return std::unexpected(hash.error());
    co_return Result<void>{};
}

QCoro::Task<Result<Hash32>> ExecutionFlow::signAndSend(
    std::shared_ptr<ExecutionRun> run, EvmTransaction transaction, SubmissionPurpose purpose, SecretBuffer pin)
{
    const auto stop = m_scope.token();
    const Hash32 digest = transaction.signingHash();
    const auto signature = co_await signWithToken(m_signer, digest, std::move(pin));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!signature)
        co_return std::unexpected(signature.error());
    const Bytes raw = transaction.serialize(*signature);
    const SentTransaction sending{purpose, transaction, raw, keccak256(raw)};

    // Recorded before it is sent: what is on its way cannot be called back.
    emit stepChanged({FlowStep::Kind::Sending, u"Sending transaction %1"_s.arg(sending.hash.toString())});
    auto entry = sendingEntry(run->submission, sending, m_holder, m_signer.evidence());
    const auto noted = co_await record(m_journal, std::move(entry));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!noted)
        co_return std::unexpected(noted.error());
    run->submission.sent.append(sending);
    const auto answer = co_await run->chain.sendRawTransaction(raw, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    // No answer is not a refusal: the node may have taken it. The receipt tells.
    if (!answer && answer.error().kind == ErrorKind::Rejected) {
        run->isSettled = run->submission.sent.size() == 1;
        co_return fail(ErrorKind::Rejected, u"The node refused the transaction: %1"_s.arg(answer.error().message),
            answer.error().detail);
    }
    run->deadline = std::chrono::steady_clock::now() + m_miningDeadline;
    emit sent(run->submission.safeTxHash, sending.hash);
    co_return sending.hash;
}

QCoro::Task<> ExecutionFlow::runAmendment(SecretBuffer pin, SubmissionPurpose purpose)
{
    const auto stop = m_scope.token();
    const auto run = m_run;
    Result<Hash32> result = fail(ErrorKind::Conflict, u"Nothing is on its way that could be replaced"_s);
    if (run && !run->submission.sent.isEmpty() && !run->isAmending && !run->isSettled) {
        run->isAmending = true;
        result = co_await amend(run, std::move(pin), purpose);
        run->isAmending = false;
        if (stop.stop_requested())
            co_return;
    }
    emit amended(result);
}

QCoro::Task<Result<Hash32>> ExecutionFlow::amend(
    std::shared_ptr<ExecutionRun> run, SecretBuffer pin, SubmissionPurpose purpose)
{
    const auto stop = m_scope.token();
    if (run->submission.from != m_signer.address())
        co_return fail(ErrorKind::Conflict,
            u"Only %1, whose transaction it is, can replace it"_s.arg(run->submission.from.toString()));
    const Submission submission = run->submission;
    const FeeCaps caps = run->caps;
    const auto transaction = co_await prepareAmendment(run->chain, submission, purpose, caps, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!transaction)
        co_return std::unexpected(transaction.error());
    co_return co_await signAndSend(run, *transaction, purpose, std::move(pin));
}

QCoro::Task<> ExecutionFlow::runSendingAgain()
{
    const auto stop = m_scope.token();
    const auto run = m_run;
    Result<Hash32> result = fail(ErrorKind::Conflict, u"Nothing was sent that could be sent again"_s);
    if (run && !run->submission.sent.isEmpty() && !run->isSettled) {
        const SentTransaction latest = run->submission.sent.last();
        result = co_await run->chain.sendRawTransaction(latest.raw, stop);
        if (stop.stop_requested())
            co_return;
        if (result)
            run->deadline = std::chrono::steady_clock::now() + m_miningDeadline;
    }
    emit amended(result);
}

QCoro::Task<Result<ExecutionReport>> ExecutionFlow::awaitFinal(std::shared_ptr<ExecutionRun> run)
{
    const auto stop = m_scope.token();
    SubmissionProgress progress(run->settings.confirmations);
    std::optional<ExecutionReport> report;
    QString lastProblem;
    run->deadline = std::chrono::steady_clock::now() + m_miningDeadline;
    emit stepChanged(
        {FlowStep::Kind::WaitingForBlock, u"Waiting until %1 is mined"_s.arg(run->submission.sent.last().hash.toString())});
    for (;;) {
        const Submission submission = run->submission;
        const auto sight = co_await lookAtSubmission(run->chain, submission, stop);
        if (stop.stop_requested())
            co_return std::unexpected(given());
        lastProblem = sight ? QString() : sight.error().message;
        switch (sight ? progress.take(*sight) : SubmissionProgress::Event::Nothing) {
        case SubmissionProgress::Event::Nothing:
            break;
        case SubmissionProgress::Event::Dropped:
            emit dropped();
            emit stepChanged({FlowStep::Kind::WaitingForBlock,
                u"The node no longer has the transaction: send it again, replace it, or cancel it"_s});
            break;
        case SubmissionProgress::Event::Undone:
            report.reset();
            run->deadline = std::chrono::steady_clock::now() + m_miningDeadline;
            emit undone();
            emit stepChanged({FlowStep::Kind::WaitingForBlock, u"The chain took the block back: waiting again"_s});
            break;
        case SubmissionProgress::Event::Settled:
            run->deadline = std::chrono::steady_clock::now() + m_finalityDeadline;
            emit stepChanged({FlowStep::Kind::WaitingForBlock,
                u"It is in a block; waiting for %1 more until it is final"_s.arg(run->settings.confirmations)});
            if (sight->receipt) {
                const TransactionReceipt receipt = *sight->receipt;
                report = co_await tellIncluded(run, receipt);
                if (stop.stop_requested())
                    co_return std::unexpected(given());
            }
            break;
        }
        if (progress.isFinal()) {
            const SubmissionSight settled = *progress.settled();
            co_return co_await conclude(run, settled);
        }
        if (run->isStopped || std::chrono::steady_clock::now() >= run->deadline) {
            if (report)
                co_return *report;
            co_return fail(ErrorKind::Timeout,
                u"Transaction %1 is not mined yet. It may still be: do not send another before its nonce is used"_s.arg(
                    run->submission.sent.last().hash.toString()),
                lastProblem);
        }
        co_await QCoro::sleepFor(lookInterval);
        if (stop.stop_requested())
            co_return std::unexpected(given());
    }
}

QCoro::Task<std::optional<ExecutionReport>> ExecutionFlow::tellIncluded(
    std::shared_ptr<ExecutionRun> run, TransactionReceipt receipt)
{
    const auto stop = m_scope.token();
    // It happened whether or not it can be recorded; conclude() says what became of it.
    (void)co_await record(m_journal, minedEntry(receipt, m_holder, run->item.id().toString()));
    const Submission submission = run->submission;
    if (stop.stop_requested() || !checkReceipt(receipt, submission.safe, submission.safeTxHash))
        co_return std::nullopt;
    const auto report = co_await readBack(run->chain, submission, receipt, stop);
    if (stop.stop_requested() || !report)
        co_return std::nullopt;
    emit included(*report);
    co_return *report;
}

QCoro::Task<Result<ExecutionReport>> ExecutionFlow::conclude(std::shared_ptr<ExecutionRun> run, SubmissionSight sight)
{
    const auto stop = m_scope.token();
    run->isSettled = true;
    const Submission submission = run->submission;
    if (const auto judged = judgeOutcome(submission, sight); !judged)
        co_return std::unexpected(judged.error());
    const TransactionReceipt receipt = *sight.receipt;

    emit stepChanged({FlowStep::Kind::ReadingBack, u"Reading the effect back from the chain"_s});
    auto report = co_await readBack(run->chain, submission, receipt, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (!report)
        co_return fail(report.error().kind,
            u"The transaction was executed, but its effect could not be read back: %1"_s.arg(report.error().message),
            report.error().detail);
    report->isFinal = true;
    emit stepChanged({FlowStep::Kind::ReadingBack, u"Verifying what it created"_s});
    const ExchangeItem item = run->item;
    const BlockRef block = BlockRef::latest(); // what stands there by now is what the next proposals rest on
    const QList<ExchangeItem> none;
    const ReviewBuilds builds = co_await m_reader.builds(ReviewSubject::of(item), none, {}, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    const auto deployments = co_await verifyDeployments(run->rpc, item, receipt, block, *builds.store, stop);
    if (stop.stop_requested())
        co_return std::unexpected(given());
    if (deployments) {
        report->deployments = *deployments;
    } else { // what could not be looked at is not verified
        DeploymentVerification unread;
        unread.steps = {{u"What it created can be read"_s, false, deployments.error().message}};
        report->deployments = {unread};
    }
    if (!report->isVerified()) {
        (void)co_await record(m_journal, deploymentIncident(*report, m_holder));
        if (stop.stop_requested())
            co_return std::unexpected(given());
    }
    QJsonObject recordEvidence;
    std::optional<ApprovalRecord> kept;
    Result<QString> written;
    if (run->review) {
        kept = executionRecord(run->item, *run->review, *report);
        written = RecordFolder::besideJournal(m_journal.path()).write(*kept);
        if (written)
            recordEvidence.insert(u"record"_s, kept->contentHash().toString());
        else
            recordEvidence.insert(u"recordError"_s, errorEvidence(written.error()));
    }
    auto effect = withSettled(effectEntry(*report, m_holder, run->sentence, recordEvidence), submission);
    const auto noted = co_await record(m_journal, std::move(effect));
    if (stop.stop_requested())
        co_return std::unexpected(given());
    for (const auto &problem : {noted ? std::optional<Error>() : std::optional(noted.error()),
             written ? std::optional<Error>() : std::optional(written.error())}) {
        if (problem)
            co_return fail(problem->kind,
                u"The transaction was executed in %1, but: %2"_s.arg(
                    receipt.transactionHash.toString(), problem->message));
    }
    if (kept)
        emit recorded(*kept, *written);
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
    made.envelope = ApprovalRecord::envelopeOf(item);
    made.review = review;
    made.key = m_signer.evidence();
    made.execution = report;
    made.journal = m_journal.status().head;
    made.unsignedBecause = u"the token was locked again before the chain had answered"_s;
    return made;
}

} // namespace countersign
