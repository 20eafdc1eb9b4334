#pragma once

#include "models/approvals/approvalqueuemodel.h"

#include <QObject>
#include <QSet>

namespace countersign {

/// Tells once of each proposal that begins to wait for the holder at this console. What waits already when it is first
/// looked at is told in one sentence.
class WaitingNotices final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WaitingNotices)

public:
    /// \a queue outlives this object.
    explicit WaitingNotices(const ApprovalQueueModel &queue, QObject *parent = nullptr);

    /// Somebody else sits here now: what waits for them is told anew.
    void forget();

signals:
    /// \a id: the proposal; zero when there are several.
    void raised(const QString &title, const QString &text, const countersign::Hash32 &id);

private:
    void look();

    const ApprovalQueueModel &m_queue;
    QSet<Hash32> m_told;
};

} // namespace countersign
