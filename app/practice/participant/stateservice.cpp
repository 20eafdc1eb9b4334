#include "app/practice/participant/stateservice.h"

#include "app/practice/participant/projection.h"

namespace countersign::participant {

grpc::Status StateService::GetActiveContracts(grpc::ServerContext *context, const lapi::GetActiveContractsRequest *request,
    grpc::ServerWriter<lapi::GetActiveContractsResponse> *writer)
{
    const std::uint64_t generation = m_guard.gate().generation();
    const auto cancelled = [context] { return context->IsCancelled(); };
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        if (!request->has_event_format()) {
            return std::unexpected(CantonError {errors::MissingField,
                "The submitted command is missing a mandatory field: event_format", {{"field_name", "event_format"}}});
        }
        if (request->active_at_offset() < 0) {
            return std::unexpected(
                CantonError {errors::NegativeOffset, "Offset in active_at_offset is a negative integer"});
        }
        const auto filter = EventFilter::compile(request->event_format(), m_ledger.registry());
        if (!filter) {
            return std::unexpected(filter.error());
        }
        const auto contracts = m_ledger.activeAt(request->active_at_offset());
        if (!contracts) {
            return std::unexpected(contracts.error());
        }
        lapi::GetActiveContractsResponse response;
        for (const std::shared_ptr<const Contract> &contract : *contracts) {
            PartySet stakeholders = contract->signatories;
            stakeholders.insert(contract->observers.begin(), contract->observers.end());
            const std::vector<std::string> witnesses = filter->witnesses(stakeholders, contract->ref);
            if (witnesses.empty()) {
                continue;
            }
            if (auto open = m_guard.gate().goOn(generation, cancelled); !open) {
                return open;
            }
            response.Clear();
            response.set_workflow_id(contract->workflowId);
            lapi::ActiveContract *active = response.mutable_active_contract();
            encodeCreated(
                *contract, contract->createdNode, witnesses, filter->verbose(), true, *active->mutable_created_event());
            active->set_synchronizer_id(m_ledger.synchronizerId());
            if (!writer->Write(response)) {
                return {}; // the reader is gone
            }
        }
        return {};
    });
}

grpc::Status StateService::GetConnectedSynchronizers(grpc::ServerContext *context,
    const lapi::GetConnectedSynchronizersRequest *request, lapi::GetConnectedSynchronizersResponse *response)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        if (request->party().empty() || m_ledger.isKnownParty(request->party())) {
            auto *synchronizer = response->add_connected_synchronizers();
            synchronizer->set_synchronizer_alias("practice");
            synchronizer->set_synchronizer_id(m_ledger.synchronizerId());
            synchronizer->set_permission(lapi::PARTICIPANT_PERMISSION_SUBMISSION);
        }
        return {};
    });
}

grpc::Status StateService::GetLedgerEnd(
    grpc::ServerContext *context, const lapi::GetLedgerEndRequest * /*request*/, lapi::GetLedgerEndResponse *response)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        response->set_offset(m_ledger.head().end);
        return {};
    });
}

grpc::Status StateService::GetLatestPrunedOffsets(grpc::ServerContext *context,
    const lapi::GetLatestPrunedOffsetsRequest * /*request*/, lapi::GetLatestPrunedOffsetsResponse *response)
{
    return m_guard.serve(*context, Access::Read, [&]() -> Outcome<void> {
        const LedgerHead head = m_ledger.head();
        response->set_participant_pruned_up_to_inclusive(head.prunedUpTo);
        response->set_all_divulged_contracts_pruned_up_to_inclusive(head.prunedUpTo);
        return {};
    });
}

} // namespace countersign::participant
