#include "serverfixture.h"

#include "backend/types/strings.h"

#include <algorithm>

namespace countersign {

ParticipantOptions ServerFixture::options()
{
    ParticipantOptions options;
    options.parties = {u"PolicyIssuer"_s, u"Relayer"_s, u"Regulator"_s};
    options.checkpointInterval = std::chrono::milliseconds(50);
    return options;
}

Result<void> ServerFixture::start(const ParticipantOptions &options)
{
    stop();
    server = std::make_unique<ParticipantServer>(options, clock);
    auto started = server->start();
    probe = std::make_unique<LedgerProbe>(server->ledgerAddress());
    return started;
}

void ServerFixture::stop()
{
    probe.reset();
    server.reset();
}

bool ServerFixture::createMany(int count)
{
    bool accepted = true;
    for (int i = 0; i < count; ++i) {
        accepted &= probe->create(*server, "many-" + std::to_string(m_created++)).ok();
    }
    return accepted;
}

std::int64_t ServerFixture::end()
{
    std::int64_t offset = -1;
    const grpc::Status status = probe->ledgerEnd(offset);
    return status.ok() ? offset : -1;
}

QString ServerFixture::relayer() const
{
    return server->partyId(u"Relayer"_s);
}

int transactionsIn(const std::vector<lapi::GetUpdatesResponse> &responses)
{
    return static_cast<int>(std::ranges::count_if(responses, [](const auto &response) { return response.has_transaction(); }));
}

std::int64_t lastOffset(const std::vector<lapi::GetUpdatesResponse> &responses)
{
    if (responses.empty()) {
        return 0;
    }
    const lapi::GetUpdatesResponse &last = responses.back();
    return last.has_transaction() ? last.transaction().offset() : last.offset_checkpoint().offset();
}

} // namespace countersign
