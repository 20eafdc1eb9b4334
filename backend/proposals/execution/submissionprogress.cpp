#include "backend/proposals/execution/submissionprogress.h"

namespace countersign {

namespace {

bool isSame(const SubmissionSight &a, const SubmissionSight &b)
{
    if (a.kind != b.kind || a.receipt.has_value() != b.receipt.has_value())
        return false;
    return !a.receipt
        || (a.receipt->transactionHash == b.receipt->transactionHash && a.receipt->blockHash == b.receipt->blockHash);
}

} // namespace

SubmissionProgress::Event SubmissionProgress::take(const SubmissionSight &sight)
{
    using Kind = SubmissionSight::Kind;
    m_head = sight.head;
    if (sight.kind == Kind::Waiting || sight.kind == Kind::Dropped) {
        const bool wasSettled = m_settled.has_value();
        const bool wasDropped = m_isDropped;
        m_settled.reset();
        m_isDropped = sight.kind == Kind::Dropped;
        if (wasSettled)
            return Event::Undone;
        return m_isDropped && !wasDropped ? Event::Dropped : Event::Nothing;
    }
    m_isDropped = false;
    const bool isNews = !m_settled || !isSame(*m_settled, sight);
    if (isNews)
        m_since = sight.receipt ? sight.receipt->blockNumber : sight.head;
    m_settled = sight;
    return isNews ? Event::Settled : Event::Nothing;
}

quint64 SubmissionProgress::depth() const
{
    return m_head > m_since ? m_head.value() - m_since.value() : 0;
}

} // namespace countersign
