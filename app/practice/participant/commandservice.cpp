#include "app/practice/participant/commandservice.h"

#include "app/practice/participant/commandcodec.h"
#include "app/practice/participant/projection.h"

namespace countersign::participant {

grpc::Status CommandService::SubmitAndWait(
    grpc::ServerContext *context, const lapi::SubmitAndWaitRequest *request, lapi::SubmitAndWaitResponse *response)
{
    return m_guard.serve(*context, Access::Submit, [&]() -> Outcome<void> {
        const auto submission = decodeCommands(request->commands(), m_ledger.registry());
        if (!submission) {
            return std::unexpected(submission.error());
        }
        const auto update = m_ledger.submit(*submission);
        if (!update) {
            return std::unexpected(update.error());
        }
        response->set_update_id((*update)->updateId);
        response->set_completion_offset((*update)->offset);
        return {};
    });
}

grpc::Status CommandService::SubmitAndWaitForTransaction(grpc::ServerContext *context,
    const lapi::SubmitAndWaitForTransactionRequest *request, lapi::SubmitAndWaitForTransactionResponse *response)
{
    return m_guard.serve(*context, Access::Submit, [&]() -> Outcome<void> {
        const auto submission = decodeCommands(request->commands(), m_ledger.registry());
        if (!submission) {
            return std::unexpected(submission.error());
        }
        PartySet readers = submission->actAs;
        readers.insert(submission->readAs.begin(), submission->readAs.end());
        UpdateSelection selection;
        selection.transactions = EventFilter::everythingFor(readers);
        if (request->has_transaction_format()) {
            lapi::UpdateFormat format;
            *format.mutable_include_transactions() = request->transaction_format();
            auto compiled = UpdateSelection::compile(format, m_ledger.registry());
            if (!compiled) {
                return std::unexpected(compiled.error());
            }
            selection = std::move(*compiled);
        }
        const auto update = m_ledger.submit(*submission);
        if (!update) {
            return std::unexpected(update.error());
        }
        const ProjectionContext projection {m_ledger.synchronizerId(), m_ledger.participantId()};
        lapi::Transaction *transaction = response->mutable_transaction();
        if (!projectTransaction(**update, *selection.transactions, selection.shape, projection, *transaction)) {
            // Accepted, though the caller's own filter lets nothing of it through.
            transaction->set_update_id((*update)->updateId);
            transaction->set_command_id((*update)->commandId);
            transaction->set_offset((*update)->offset);
        }
        return {};
    });
}

} // namespace countersign::participant
