#pragma once

#include "app/practice/participant/callguard.h"
#include "app/practice/participant/ledger.h"

#include <com/daml/ledger/api/v2/admin/party_management_service.grpc.pb.h>
#include <com/daml/ledger/api/v2/version_service.grpc.pb.h>
#include <com/digitalasset/canton/connection/v30/api_info.grpc.pb.h>

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;
namespace connection = com::digitalasset::canton::connection::v30;

/// The release whose interfaces the simulator speaks, marked as not being one.
inline constexpr std::string_view SimulatedVersion = "3.5.10-practice";

/// The version and what it can do.
class VersionService final : public lapi::VersionService::Service {
public:
    VersionService(const CallGuard &guard, std::chrono::milliseconds checkpointInterval)
        : m_guard(guard)
        , m_checkpointInterval(checkpointInterval)
    {
    }

    grpc::Status GetLedgerApiVersion(grpc::ServerContext *context, const lapi::GetLedgerApiVersionRequest *request,
        lapi::GetLedgerApiVersionResponse *response) override;

private:
    const CallGuard &m_guard;
    const std::chrono::milliseconds m_checkpointInterval;
};

/// Known parties, and new ones.
class PartyManagementService final : public lapi::admin::PartyManagementService::Service {
public:
    PartyManagementService(Ledger &ledger, const CallGuard &guard)
        : m_ledger(ledger)
        , m_guard(guard)
    {
    }

    grpc::Status GetParticipantId(grpc::ServerContext *context, const lapi::admin::GetParticipantIdRequest *request,
        lapi::admin::GetParticipantIdResponse *response) override;
    grpc::Status ListKnownParties(grpc::ServerContext *context, const lapi::admin::ListKnownPartiesRequest *request,
        lapi::admin::ListKnownPartiesResponse *response) override;
    grpc::Status AllocateParty(grpc::ServerContext *context, const lapi::admin::AllocatePartyRequest *request,
        lapi::admin::AllocatePartyResponse *response) override;

private:
    Ledger &m_ledger;
    const CallGuard &m_guard;
};

/// Says which API a port serves, so that a client with swapped ports can tell.
class ApiInfoService final : public connection::ApiInfoService::Service {
public:
    ApiInfoService(const CallGuard &guard, std::string name)
        : m_guard(guard)
        , m_name(std::move(name))
    {
    }

    grpc::Status GetApiInfo(grpc::ServerContext *context, const connection::GetApiInfoRequest *request,
        connection::GetApiInfoResponse *response) override;

private:
    const CallGuard &m_guard;
    const std::string m_name;
};

} // namespace countersign::participant
