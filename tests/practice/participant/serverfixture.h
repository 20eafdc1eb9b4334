#pragma once

#include "ledgerprobe.h"

#include "backend/types/clock.h"

#include <QFile>
#include <QTemporaryDir>

#include <memory>

namespace countersign {

/// A served participant with the practice parties, and a client of it.
class ServerFixture final {
public:
    [[nodiscard]] static ParticipantOptions options();

    /// Starts anew, with an empty ledger.
    Result<void> start(const ParticipantOptions &options = ServerFixture::options());
    void stop();

    /// Creates contracts that every practice party sees; false when one was refused.
    [[nodiscard]] bool createMany(int count);
    [[nodiscard]] std::int64_t end(); ///< -1 when the server does not answer
    [[nodiscard]] QString relayer() const;

    SystemClock clock;
    std::unique_ptr<ParticipantServer> server;
    std::unique_ptr<LedgerProbe> probe;

private:
    int m_created = 0;
};

[[nodiscard]] int transactionsIn(const std::vector<lapi::GetUpdatesResponse> &responses);
/// Of the last transaction or checkpoint; 0 without one.
[[nodiscard]] std::int64_t lastOffset(const std::vector<lapi::GetUpdatesResponse> &responses);

} // namespace countersign
