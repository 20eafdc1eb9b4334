#pragma once

#include "app/practice/participant/callguard.h"
#include "app/practice/participant/ledger.h"

#include <com/daml/ledger/api/v2/command_service.grpc.pb.h>

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;

/// Submission that answers with the outcome.
class CommandService final : public lapi::CommandService::Service {
public:
    CommandService(Ledger &ledger, const CallGuard &guard)
        : m_ledger(ledger)
        , m_guard(guard)
    {
    }

    grpc::Status SubmitAndWait(grpc::ServerContext *context, const lapi::SubmitAndWaitRequest *request,
        lapi::SubmitAndWaitResponse *response) override;
    grpc::Status SubmitAndWaitForTransaction(grpc::ServerContext *context,
        const lapi::SubmitAndWaitForTransactionRequest *request,
        lapi::SubmitAndWaitForTransactionResponse *response) override;

private:
    Ledger &m_ledger;
    const CallGuard &m_guard;
};

} // namespace countersign::participant
