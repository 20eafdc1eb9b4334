#pragma once

#include "models/approvals/approvaldesk.h"
#include "ui/shell/page.h"

#include <QPointer>

#include <array>
#include <functional>
#include <optional>

class QDialog;
class QStackedLayout;

namespace countersign {

class ApprovalQueueModel;
class QueueView;
class ReviewModel;
class ReviewView;

/// What I am asked to sign, and what it would do: the queue, the review, and the dialogs that act.
class ApprovalsPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalsPage)

public:
    /// Picks the two hash groups that must be compared; injected, because tests need to know them.
    using PickGroups = std::function<std::array<int, 2>(int count)>;

    /// All outlive the page.
    ApprovalsPage(
        ApprovalQueueModel &queue, ReviewModel &review, ApprovalDesk &desk, PickGroups pick, QWidget *parent = nullptr);

    void registerActions(ActionRegistry &registry) override;
    void refresh() override;
    void focusFilter() override;
    bool closeInnermost() override;
    bool copySelection() override;

    /// Opens the review of a proposal; false when it is not in the queue.
    bool openReview(const Hash32 &id);
    void showQueue();
    QueueView *queueView() const { return m_queueView; }
    ReviewView *reviewView() const { return m_reviewView; }
    /// Opens the dialogs; each returns the dialog, which deletes itself when it closes.
    QDialog *sign();
    QDialog *execute();
    QDialog *propose();
    void setProblem(const QString &problem);

private:
    bool isOccupied() const;
    void showStanding();
    QDialog *open(QDialog *dialog);

    ApprovalQueueModel &m_queue;
    ReviewModel &m_review;
    ApprovalDesk &m_desk;
    PickGroups m_pick;
    QStackedLayout *m_stack;
    QueueView *m_queueView;
    ReviewView *m_reviewView;
    std::optional<Hash32> m_open;
    QPointer<QDialog> m_dialog;
};

/// Two different positions below `count` from the system's random source.
std::array<int, 2> randomGroups(int count);

} // namespace countersign
