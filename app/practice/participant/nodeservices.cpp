#include "app/practice/participant/nodeservices.h"

#include "app/practice/participant/concat.h"
#include "app/practice/participant/ledgerinfoservices.h"

#include <thread>

namespace countersign::participant {

namespace {

constexpr std::chrono::milliseconds WatchPoll {100};
constexpr int ProtocolVersions[] = {34, 35};

} // namespace

health::HealthCheckResponse::ServingStatus HealthService::status(const std::string &service) const
{
    if (!service.empty() && service != "index" && service != "ledger") {
        return health::HealthCheckResponse::SERVICE_UNKNOWN;
    }
    return m_guard.gate().mode() == FaultGate::Mode::Refuse ? health::HealthCheckResponse::NOT_SERVING
                                                            : health::HealthCheckResponse::SERVING;
}

grpc::Status HealthService::Check(
    grpc::ServerContext *context, const health::HealthCheckRequest *request, health::HealthCheckResponse *response)
{
    if (m_guard.gate().mode() == FaultGate::Mode::Hang) {
        if (auto entered = m_guard.enter(*context, Access::Anyone); !entered) {
            return m_guard.refuse(*context, entered.error());
        }
    }
    const auto current = status(request->service());
    if (current == health::HealthCheckResponse::SERVICE_UNKNOWN) {
        return {grpc::StatusCode::NOT_FOUND, concat("unknown service ", request->service())};
    }
    response->set_status(current);
    return grpc::Status::OK;
}

grpc::Status HealthService::Watch(grpc::ServerContext *context, const health::HealthCheckRequest *request,
    grpc::ServerWriter<health::HealthCheckResponse> *writer)
{
    health::HealthCheckResponse response; // UNKNOWN, which status() never says: the first one is always sent
    while (!context->IsCancelled() && m_guard.gate().mode() != FaultGate::Mode::Stopped) {
        const auto current = status(request->service());
        if (current != response.status() && m_guard.gate().mode() != FaultGate::Mode::Hang) {
            response.set_status(current);
            if (!writer->Write(response)) {
                break;
            }
        }
        std::this_thread::sleep_for(WatchPoll);
    }
    return grpc::Status::CANCELLED;
}

grpc::Status ParticipantStatusService::ParticipantStatus(grpc::ServerContext *context,
    const padmin::ParticipantStatusRequest * /*request*/, padmin::ParticipantStatusResponse *response)
{
    return m_guard.serve(*context, Access::Anyone, [&]() -> Outcome<void> {
        auto *status = response->mutable_status();
        auto *common = status->mutable_common_status();
        common->set_uid(m_ledger.participantId());
        const std::int64_t micros = (m_ledger.now() - m_started).count();
        common->mutable_uptime()->set_seconds(micros / 1'000'000);
        common->mutable_uptime()->set_nanos(static_cast<std::int32_t>(micros % 1'000'000) * 1000);
        for (const auto &[name, port] : m_ports) {
            (*common->mutable_ports())[name] = port;
        }
        common->set_active(true);
        common->mutable_topology_queues();
        for (const char *component : {"db-storage", "connected-synchronizer", "sync-ephemeral-state", "sequencer-client"}) {
            auto *entry = common->add_components();
            entry->set_name(component);
            entry->mutable_ok();
        }
        common->set_version(std::string(SimulatedVersion));
        auto *synchronizer = status->add_connected_synchronizers();
        synchronizer->set_physical_synchronizer_id(concat(m_ledger.synchronizerId(), "::", ProtocolVersions[0], "-0"));
        synchronizer->set_health(padmin::ConnectedSynchronizer::HEALTH_HEALTHY);
        status->set_active(true);
        for (const int version : ProtocolVersions) {
            status->add_supported_protocol_versions(version);
        }
        return {};
    });
}

} // namespace countersign::participant
