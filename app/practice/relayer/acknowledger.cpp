#include "app/practice/relayer/acknowledger.h"

#include "app/practice/support/intentmodel.h"
#include "backend/types/strings.h"

#include <QCoroFuture>

namespace countersign {

namespace {

bool isDoneAlready(const Error &error)
{
    const QString code = cantonErrorCode(error);
    return code == "CONTRACT_NOT_FOUND"_L1 || code == "DUPLICATE_COMMAND"_L1 || code == "CONTRACT_NOT_ACTIVE"_L1
        || code == "LOCAL_VERDICT_INACTIVE_CONTRACTS"_L1;
}

} // namespace

Acknowledger::Acknowledger(LedgerClient ledger, QString party, QString relayerId)
    : m_ledger(std::move(ledger))
    , m_party(std::move(party))
    , m_relayerId(std::move(relayerId))
{
}

QCoro::Task<Result<void>> Acknowledger::acknowledge(AuthorisedIntent intent, WorkOutcome outcome,
                                                    std::optional<Hash32> transaction, BlockNumber block,
                                                    std::stop_token stop) const
{
    ExerciseCommand command;
    command.templateId = intentTemplate(u"AuthorisedIntent");
    command.contractId = intent.contractId;
    command.choice = u"Acknowledge"_s;
    command.argument = DamlValue::record({{u"relayerId"_s, DamlValue::text(m_relayerId)},
                                          {u"outcome"_s, DamlValue::text(outcome.outcome)},
                                          {u"txHash"_s, DamlValue::text(transaction ? transaction->toString() : QString())},
                                          {u"blockNumber"_s, DamlValue::int64(static_cast<qint64>(block.value()))},
                                          {u"gasUsed"_s, DamlValue::int64(static_cast<qint64>(outcome.gasUsed))},
                                          {u"reason"_s, DamlValue::text(outcome.reason)}});
    LedgerSubmission submission;
    submission.commandId = u"acknowledge-"_s + intent.intentId;
    submission.userId = u"relayer"_s;
    submission.actAs = {m_party};
    submission.commands = {command};
    const QFuture<Result<LedgerReceipt>> call = m_ledger.submitAndWait(submission, stop);
    const Result<LedgerReceipt> receipt = co_await call;
    if (!receipt && !isDoneAlready(receipt.error()))
        co_return std::unexpected(receipt.error());
    co_return Result<void>();
}

} // namespace countersign
