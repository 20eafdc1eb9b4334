#pragma once

#include "backend/descriptors/descriptorstore.h"
#include "backend/environment/environment.h"
#include "backend/review/claimedbuilds.h"
#include "backend/review/contextreading.h"
#include "backend/review/review.h"
#include "backend/types/clock.h"
#include "backend/types/lifetimescope.h"

#include <QCoroTask>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace countersign {

/// Reads from the chain what a review rests on, all at one block named by its hash, asks the second endpoint whether it
/// sees the same, simulates the execution, and reviews. Main thread.
class ReviewReader final {
public:
    /// How many intents of a party are on their way, as the console counts them; absent when it does not know.
    using IntentCount = std::function<std::optional<quint64>(const Hash32 &partyId)>;

    /// What people did before that the policy asks about.
    using Past = std::function<QCoro::Task<PolicyPast>(ReviewSubject subject, ReviewActor actor)>;

    ReviewReader(const Environment &environment, const Clock &clock);
    ReviewReader(const ReviewReader &) = delete;
    ReviewReader &operator=(const ReviewReader &) = delete;
    ~ReviewReader();

    /// The signing policy that every review is held against, or why it cannot be read: then every review blocks.
    void setPolicy(Result<Policy> policy);
    void setIntentCount(IntentCount count) { m_intentCount = std::move(count); }

    void setPast(Past past) { m_past = std::move(past); }

    /// Where the builds are read that proposals bring with them; without it no review knows them.
    void setDocuments(DocumentSource documents) { m_documents = std::move(documents); }

    /// A review at the latest block. Errors only when there is nothing to review against: NotFound (no such chain in
    /// the environment), Unavailable or Timeout (the first endpoint does not answer). Everything else is a finding.
    QCoro::Task<Result<Review>> review(
        ExchangeItem item, QList<ExchangeItem> others, std::stop_token stop = {}, ReviewActor actor = {});
    /// The same of what nobody has signed or proposed yet. \a artifacts: the builds that code is compared with; null: ours.
    QCoro::Task<Result<Review>> review(ReviewSubject subject, QList<ExchangeItem> others,
        std::shared_ptr<const ArtifactStore> artifacts, std::stop_token stop = {}, ReviewActor actor = {});

    /// What a review of the subject goes by: \a known (null: ours), and what the subject and the others bring.
    QCoro::Task<ReviewBuilds> builds(ReviewSubject subject, QList<ExchangeItem> others,
        std::shared_ptr<const ArtifactStore> known = {}, std::stop_token stop = {});

private:
    struct Chain {
        ChainId id;
        QString name;
        ReviewEndpoints endpoints; // shared with the reviews under way, which may outlive this object
    };

    const Environment &m_environment;
    const Clock &m_clock;
    IntentCount m_intentCount;
    Past m_past;
    DocumentSource m_documents;
    std::shared_ptr<const DescriptorStore> m_descriptors;
    std::shared_ptr<const Policy> m_policy;
    std::optional<Error> m_policyError;
    std::vector<Chain> m_chains;
    LifetimeScope m_scope;
};

} // namespace countersign
