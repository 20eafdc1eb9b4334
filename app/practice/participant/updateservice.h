#pragma once

#include "app/practice/participant/callguard.h"
#include "app/practice/participant/eventfilter.h"
#include "app/practice/participant/ledger.h"

#include <com/daml/ledger/api/v2/update_service.grpc.pb.h>

namespace countersign::participant {

namespace lapi = com::daml::ledger::api::v2;

/// How many streams there are and what they sent.
struct StreamCounters {
    std::atomic<int> open = 0;
    std::atomic<std::uint64_t> messages = 0;
};

/// The stream of updates. A call holds a thread; a slow reader blocks that thread in Write, and what it has not read yet stays in the
/// ledger, not in a queue of its own.
class UpdateService final : public lapi::UpdateService::Service {
public:
    UpdateService(
        const Ledger &ledger, const CallGuard &guard, StreamCounters &counters, std::chrono::milliseconds checkpointInterval)
        : m_ledger(ledger)
        , m_guard(guard)
        , m_counters(counters)
        , m_checkpointInterval(checkpointInterval)
    {
    }

    grpc::Status GetUpdates(grpc::ServerContext *context, const lapi::GetUpdatesRequest *request,
        grpc::ServerWriter<lapi::GetUpdatesResponse> *writer) override;

private:
    [[nodiscard]] Outcome<void> checkRange(const lapi::GetUpdatesRequest &request) const;

    const Ledger &m_ledger;
    const CallGuard &m_guard;
    StreamCounters &m_counters;
    const std::chrono::milliseconds m_checkpointInterval;
};

} // namespace countersign::participant
