#pragma once

#include "app/practice/participant/submission.h"

#include <deque>
#include <unordered_map>

namespace countersign::participant {

/// Remembers accepted commands by (user, command id, act_as) so that a resubmission is refused. Bounded in number and age.
class Deduplication final {
public:
    Deduplication(std::chrono::microseconds longest, std::size_t most)
        : m_longest(longest)
        , m_most(most)
    {
    }

    /// Errors: DUPLICATE_COMMAND; INVALID_DEDUPLICATION_PERIOD for a duration beyond the longest one or an offset before the \p pruned.
    [[nodiscard]] Outcome<void> check(const Submission &submission, Timestamp now, std::int64_t pruned) const;
    void remember(const Submission &submission, Timestamp now, std::int64_t offset);

private:
    struct Accepted {
        Timestamp at;
        std::int64_t offset = 0;
        std::string submissionId;
    };

    std::chrono::microseconds m_longest;
    std::size_t m_most;
    std::unordered_map<std::string, Accepted> m_accepted;
    std::deque<std::pair<Timestamp, std::string>> m_order;
};

} // namespace countersign::participant
