#pragma once

#include "app/practice/participant/callguard.h"
#include "app/practice/participant/ledger.h"

#include <com/digitalasset/canton/admin/participant/v30/participant_status_service.grpc.pb.h>
#include <grpc/health/v1/health.grpc.pb.h>

#include <map>

namespace countersign::participant {

namespace health = grpc::health::v1;
namespace padmin = com::digitalasset::canton::admin::participant::v30;

/// gRPC's health protocol. While calls are refused it still answers, with NOT_SERVING; while they hang it hangs.
class HealthService final : public health::Health::Service {
public:
    explicit HealthService(const CallGuard &guard)
        : m_guard(guard)
    {
    }

    grpc::Status Check(grpc::ServerContext *context, const health::HealthCheckRequest *request,
        health::HealthCheckResponse *response) override;
    grpc::Status Watch(grpc::ServerContext *context, const health::HealthCheckRequest *request,
        grpc::ServerWriter<health::HealthCheckResponse> *writer) override;

private:
    [[nodiscard]] health::HealthCheckResponse::ServingStatus status(const std::string &service) const;

    const CallGuard &m_guard;
};

/// Status of the node on the admin API.
class ParticipantStatusService final : public padmin::ParticipantStatusService::Service {
public:
    /// \p ports may still be filled while the server starts; it is only read by calls.
    ParticipantStatusService(const Ledger &ledger, const CallGuard &guard, const std::map<std::string, int> &ports)
        : m_ledger(ledger)
        , m_guard(guard)
        , m_ports(ports)
        , m_started(ledger.now())
    {
    }

    grpc::Status ParticipantStatus(grpc::ServerContext *context, const padmin::ParticipantStatusRequest *request,
        padmin::ParticipantStatusResponse *response) override;

private:
    const Ledger &m_ledger;
    const CallGuard &m_guard;
    const std::map<std::string, int> &m_ports;
    const Timestamp m_started;
};

} // namespace countersign::participant
