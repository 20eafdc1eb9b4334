#pragma once

#include "backend/proposals/compose/composesite.h"
#include "backend/proposals/compose/composition.h"
#include "backend/proposals/exchangesnapshot.h"
#include "backend/review/contextreading.h"
#include "backend/review/reviewreader.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <memory>
#include <stop_token>
#include <vector>

namespace countersign {

/// Makes proposals of what a person asks for: one draft a chain, each reviewed and simulated before anybody has signed,
/// so that it promises what it will do. Signs and publishes nothing. Main thread.
class Composer final {
public:
    /// All outlive the composer. \a artifacts: the builds that can be named, and that every reviewer has; null: ours.
    Composer(const Environment &environment, ReviewReader &reader, const Clock &clock,
        std::shared_ptr<const ArtifactStore> artifacts = {});
    Composer(const Composer &) = delete;
    Composer &operator=(const Composer &) = delete;
    ~Composer();

    /// \a queue, the exchange as it is, decides the nonce and what a request can replace or depend on; drafts at rest hold
    /// no nonce. Problems of the request come in the composition, all at once. Errors: Cancelled; and, when not one chain
    /// can be read, that of the first.
    QCoro::Task<Result<Composition>> compose(ComposeRequest request, ExchangeSnapshot queue, std::stop_token stop = {});

private:
    struct Chain {
        const ChainSettings *settings;
        std::shared_ptr<ReviewEndpoint> endpoint; // shared with what is under way, which may outlive this object
    };

    const Environment &m_environment;
    ReviewReader &m_reader;
    const Clock &m_clock;
    std::shared_ptr<const ArtifactStore> m_artifacts;
    std::vector<Chain> m_chains;
    LifetimeScope m_scope;
};

} // namespace countersign
