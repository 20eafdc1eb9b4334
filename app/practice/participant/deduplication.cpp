#include "app/practice/participant/deduplication.h"

#include "app/practice/participant/concat.h"

namespace countersign::participant {

namespace {

std::string keyOf(const Submission &submission)
{
    // Lengths keep ("a", "bc") and ("ab", "c") apart.
    std::string key = concat(submission.userId.size(), ":", submission.userId, submission.commandId.size(), ":", submission.commandId);
    for (const std::string &party : submission.actAs) {
        key += concat("/", party);
    }
    return key;
}

} // namespace

Outcome<void> Deduplication::check(const Submission &submission, Timestamp now, std::int64_t pruned) const
{
    const std::chrono::microseconds window = submission.deduplicationDuration.value_or(m_longest);
    if (window > m_longest) {
        return std::unexpected(CantonError {errors::InvalidDeduplicationPeriod,
            concat("The submitted command had an invalid deduplication period: The given deduplication duration of ",
                window.count(), " us exceeds the maximum deduplication duration of ", m_longest.count(), " us"),
            {{"longest_duration", concat(m_longest.count() / 1000, "ms")}}});
    }
    if (submission.deduplicationOffset && *submission.deduplicationOffset < pruned) {
        return std::unexpected(CantonError {errors::InvalidDeduplicationPeriod,
            "The submitted command had an invalid deduplication period: its offset has been pruned",
            {{"earliest_offset", std::to_string(pruned)}}});
    }
    const auto found = m_accepted.find(keyOf(submission));
    if (found == m_accepted.end()) {
        return {};
    }
    const Accepted &before = found->second;
    const bool duplicate
        = submission.deduplicationOffset ? before.offset > *submission.deduplicationOffset : now - before.at < window;
    if (!duplicate) {
        return {};
    }
    return std::unexpected(CantonError {errors::DuplicateCommand,
        "A command with the given command id has already been successfully processed",
        {{"existing_submission_id", before.submissionId}, {"completion_offset", std::to_string(before.offset)}}});
}

void Deduplication::remember(const Submission &submission, Timestamp now, std::int64_t offset)
{
    while (!m_order.empty() && (m_order.size() >= m_most || now - m_order.front().first > m_longest)) {
        const auto found = m_accepted.find(m_order.front().second);
        // A key that was accepted again since then has a younger entry further back.
        if (found != m_accepted.end() && found->second.at == m_order.front().first) {
            m_accepted.erase(found);
        }
        m_order.pop_front();
    }
    std::string key = keyOf(submission);
    m_accepted[key] = {now, offset, submission.submissionId};
    m_order.emplace_back(now, std::move(key));
}

} // namespace countersign::participant
