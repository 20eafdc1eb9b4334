#pragma once

#include "backend/proposals/execution/submissionsight.h"

#include <optional>

namespace countersign {

/// What the looks at a submission say one after the other: when it came to something, when that was undone, and when it is
/// deep enough to be believed.
class SubmissionProgress final {
public:
    /// \a confirmations: blocks upon the one in which something happened before it counts as final.
    explicit SubmissionProgress(quint32 confirmations)
        : m_confirmations(confirmations)
    {
    }

    enum class Event {
        Nothing,
        Dropped, ///< told once
        Settled, ///< it came to something, or to something else than before
        Undone, ///< what it had come to is no longer on the chain
    };
    Event take(const SubmissionSight &sight);

    /// What it came to, though it may be undone; absent while it waits.
    const std::optional<SubmissionSight> &settled() const { return m_settled; }
    bool isFinal() const { return m_settled && depth() >= m_confirmations; }
    quint64 depth() const;

private:
    quint32 m_confirmations;
    std::optional<SubmissionSight> m_settled;
    BlockNumber m_since;
    BlockNumber m_head;
    bool m_isDropped = false;
};

} // namespace countersign
