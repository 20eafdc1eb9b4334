#pragma once

#include "app/practice/participant/participantserver.h"

#include <com/daml/ledger/api/v2/command_service.grpc.pb.h>
#include <com/daml/ledger/api/v2/state_service.grpc.pb.h>
#include <com/daml/ledger/api/v2/update_service.grpc.pb.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <functional>

namespace countersign {

namespace lapi = com::daml::ledger::api::v2;

/// A plain gRPC client of the Ledger API for tests.
class LedgerProbe final {
public:
    explicit LedgerProbe(const QString &address,
        const std::shared_ptr<grpc::ChannelCredentials> &credentials = grpc::InsecureChannelCredentials());

    void setToken(const std::string &token) { m_token = token; }
    void setDeadline(std::chrono::milliseconds deadline) { m_deadline = deadline; }

    grpc::Status ledgerEnd(std::int64_t &offset);
    grpc::Status create(const ParticipantServer &server, const std::string &commandId, std::size_t padding = 0);
    grpc::Status activeContracts(
        const lapi::GetActiveContractsRequest &request, std::vector<lapi::GetActiveContractsResponse> &responses);
    /// Reads until the stream ends or \p enough; a stream that was read enough ends in CANCELLED.
    grpc::Status updates(const lapi::GetUpdatesRequest &request, std::vector<lapi::GetUpdatesResponse> &responses,
        const std::function<bool()> &enough = [] { return false; });

    void prepare(grpc::ClientContext &context) const;
    [[nodiscard]] const std::shared_ptr<grpc::Channel> &channel() const { return m_channel; }

private:
    std::shared_ptr<grpc::Channel> m_channel;
    std::string m_token;
    std::chrono::milliseconds m_deadline {20'000};
};

/// Everything of the practice model that a party sees, labels included.
[[nodiscard]] lapi::EventFormat everythingOf(const QString &party);
[[nodiscard]] lapi::GetUpdatesRequest updatesRequest(const QString &party, std::int64_t begin);
/// The reason in `grpc-status-details-bin`, e.g. DUPLICATE_COMMAND; empty without one.
[[nodiscard]] QByteArray reasonOf(const grpc::Status &status);

} // namespace countersign
