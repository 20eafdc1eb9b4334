#include "app/console/executing.h"

#include "backend/proposals/execution/executionquote.h"
#include "backend/proposals/execution/submissionjournal.h"
#include "backend/records/recordfile.h"
#include "backend/records/recordfolder.h"
#include "backend/types/spawn.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace countersign {

Executing::Executing(
    const Environment &environment, Journal &journal, ProposalBoard &board, const Sealing &sealing, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_journal(journal)
    , m_board(board)
    , m_sealing(sealing)
{
    connect(&m_journal, &Journal::statusChanged, this, &Executing::noteSubmissions);
}

void Executing::noteSubmissions()
{
    spawn(runNoting());
}

QCoro::Task<> Executing::runNoting()
{
    const std::stop_token stop = m_scope.token();
    if (m_hasNotedSubmissions || m_journal.status().state != JournalStatus::State::Ready)
        co_return;
    m_hasNotedSubmissions = true;
    const auto pending = co_await pendingSubmissions(m_journal, stop);
    if (stop.stop_requested())
        co_return;
    m_hasNotedSubmissions = pending.has_value();
    for (const Submission &submission : pending.value_or(QList<Submission>()))
        m_board.noteSent(submission.chainId, submission.safeTxHash, submission.sent.last().hash);
}

void Executing::quote(const ExchangeItem &item, const Address &submitter)
{
    m_quoteScope.restart();
    spawn(runQuote(m_sealing.here(item), submitter));
}

QCoro::Task<> Executing::runQuote(ExchangeItem item, Address submitter)
{
    const std::stop_token stop = m_quoteScope.token();
    const Result<FeeQuote> quote = co_await quoteExecution(m_environment, item, submitter, {}, stop);
    if (!stop.stop_requested())
        emit quoted({quote});
}

void Executing::start(ExecutionFlow &flow, const ExchangeItem &item, SecretBuffer pin)
{
    connect(&flow, &ExecutionFlow::stepChanged, this, &Executing::stepChanged);
    connect(&flow, &ExecutionFlow::reviewed, this, &Executing::reviewed);
    connect(&flow, &ExecutionFlow::dropped, this, &Executing::dropped);
    connect(&flow, &ExecutionFlow::included, this, &Executing::included);
    connect(&flow, &ExecutionFlow::amended, this, [this](const auto &result) { emit amended({result}); });
    const ChainId chain = item.proposal.chainId;
    const Hash32 id = item.id();
    connect(&flow, &ExecutionFlow::sent, this, [this, chain](const Hash32 &safeTxHash, const Hash32 &transaction) {
        m_board.noteSent(chain, safeTxHash, transaction);
    });
    connect(&flow, &ExecutionFlow::finished, this, [this, chain, id](const auto &result) {
        // Not found in a block in time is not failed: it may still be mined.
        if (result || result.error().kind != ErrorKind::Timeout)
            m_board.noteSent(chain, id, std::nullopt);
        emit executed({result});
    });
    m_flow = &flow;
    m_flow->start(m_sealing.here(item), std::move(pin));
}

void Executing::amend(ExecutionAct act, SecretBuffer pin)
{
    if (!m_flow)
        return;
    switch (act) {
    case ExecutionAct::RaiseFee:
        m_flow->replaceWithHigherFee(std::move(pin));
        return;
    case ExecutionAct::CallBack:
        m_flow->cancelSubmission(std::move(pin));
        return;
    case ExecutionAct::SendAgain:
        m_flow->sendAgain();
        return;
    case ExecutionAct::StopWaiting:
        m_flow->stopWaiting();
        return;
    }
}

QString Executing::outcome(const Hash32 &id) const
{
    const BoardEntry *entry = m_board.find(id);
    const bool isDone
        = entry && (entry->standing.stage == ProposalStage::Executed || entry->standing.stage == ProposalStage::Failed);
    return isDone ? entry->standing.reason : QString();
}

QList<ApprovalRecord> Executing::records(const Hash32 &id) const
{
    QList<ApprovalRecord> found;
    const QDir folder(RecordFolder::besideJournal(m_journal.path()).path());
    for (const QFileInfo &file : folder.entryInfoList(QDir::Files, QDir::Time)) {
        QFile content(file.filePath());
        if (file.size() > maxApprovalRecordBytes || !content.open(QIODevice::ReadOnly))
            continue;
        const auto read = approvalRecordFromJson(content.readAll());
        if (read && read->record.review.hashes.safeTx == id)
            found.append(read->record);
    }
    return found;
}

} // namespace countersign
