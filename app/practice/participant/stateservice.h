#pragma once

#include "app/practice/participant/callguard.h"
#include "app/practice/participant/ledger.h"

#include <com/daml/ledger/api/v2/state_service.grpc.pb.h>

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;

/// Ledger end, active contracts and connected synchronizers.
class StateService final : public lapi::StateService::Service {
public:
    StateService(const Ledger &ledger, const CallGuard &guard)
        : m_ledger(ledger)
        , m_guard(guard)
    {
    }

    grpc::Status GetActiveContracts(grpc::ServerContext *context, const lapi::GetActiveContractsRequest *request,
        grpc::ServerWriter<lapi::GetActiveContractsResponse> *writer) override;
    grpc::Status GetConnectedSynchronizers(grpc::ServerContext *context,
        const lapi::GetConnectedSynchronizersRequest *request, lapi::GetConnectedSynchronizersResponse *response) override;
    grpc::Status GetLedgerEnd(grpc::ServerContext *context, const lapi::GetLedgerEndRequest *request,
        lapi::GetLedgerEndResponse *response) override;
    grpc::Status GetLatestPrunedOffsets(grpc::ServerContext *context, const lapi::GetLatestPrunedOffsetsRequest *request,
        lapi::GetLatestPrunedOffsetsResponse *response) override;

private:
    const Ledger &m_ledger;
    const CallGuard &m_guard;
};

} // namespace countersign::participant
