#include "models/approvals/waitingnotices.h"

namespace countersign {

WaitingNotices::WaitingNotices(const ApprovalQueueModel &queue, QObject *parent)
    : QObject(parent)
    , m_queue(queue)
{
    connect(&m_queue, &ApprovalQueueModel::countsChanged, this, &WaitingNotices::look);
}

void WaitingNotices::forget()
{
    m_told.clear();
    look();
}

void WaitingNotices::look()
{
    QList<const BoardEntry *> fresh;
    for (int row = 0; row < m_queue.rowCount(); ++row) {
        const BoardEntry &entry = m_queue.entry(row);
        if (!entry.standing.waitsForMe || m_told.contains(entry.item.id()))
            continue;
        m_told.insert(entry.item.id());
        fresh.append(&entry);
    }
    if (fresh.size() == 1) {
        const BoardEntry &entry = *fresh.first();
        emit raised(tr("A proposal waits for you"), tr("%1, on %2").arg(entry.item.proposal.title, entry.chainName), entry.item.id());
    } else if (fresh.size() > 1) {
        emit raised(tr("Proposals wait for you"), tr("%n proposals need your look.", nullptr, static_cast<int>(fresh.size())), {});
    }
}

} // namespace countersign
