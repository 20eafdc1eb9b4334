#pragma once

#include "models/approvals/approvaldesk.h"
#include "models/approvals/approvalscontent.h"
#include "models/approvals/composedesk.h"
#include "models/approvals/exchangedesk.h"
#include "ui/shell/page.h"

#include <QPointer>

#include <functional>
#include <optional>

class QAction;
class QDialog;
class QStackedLayout;

namespace countersign {

struct BoardEntry;
struct Finding;
class ComposeView;
class Prompter;
class QueueView;
class ReviewView;

/// The application's side of the page. All outlive it.
struct ApprovalDesks {
    ApprovalDesk &approval;
    ExchangeDesk &exchange;
    ComposeDesk &compose;
};

/// What I am asked to sign, and what it would do: the queue, the review, composing, and the dialogs that act.
class ApprovalsPage final : public Page {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ApprovalsPage)

public:
    /// All outlive the page.
    ApprovalsPage(
        const ApprovalsContent &content, const ApprovalDesks &desks, Prompter &prompter, QWidget *parent = nullptr);

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
    QDialog *publish(); ///< what is composed
    QDialog *import();
    /// About the reviewed proposal.
    QDialog *send();
    QDialog *sendEncrypted();
    QDialog *say(StatementKind kind);
    QDialog *overrideFinding(const Finding &finding);
    QDialog *reportMismatch();
    QDialog *closeIncident();
    QDialog *showAttachments();
    QDialog *addToEnvironment();
    QDialog *announceKey();
    /// Of what was executed.
    QDialog *publishSources();
    /// What the exchange of a Safe holds.
    QDialog *acknowledge(ChainId chain, const Address &safe);
    /// The latest approval record of this console about it, as PDF or JSON.
    void exportRecord();
    void setProblem(const QString &problem);
    ComposeView *composeView() const { return m_composeView; }
    /// Opens the composer with a request; \a draft: the id of the draft that it is.
    void compose(const ComposeRequest &request, const QString &draft = {});

private:
    bool isOccupied() const;
    void showStanding();
    void showSiblings();
    void fillMore();
    void offerSources(QAction *action) const;
    void showDrafts();
    void leaveComposing();
    void composeFrom(const std::function<Result<ComposeRequest>(const Proposal &)> &make);
    const BoardEntry *opened() const;
    QDialog *open(QDialog *dialog);

    ApprovalsContent m_content;
    ApprovalDesk &m_desk;
    ExchangeDesk &m_exchange;
    ComposeDesk &m_compose;
    Prompter &m_prompter;
    QStackedLayout *m_stack;
    QueueView *m_queueView;
    ReviewView *m_reviewView;
    ComposeView *m_composeView;
    std::optional<Hash32> m_open;
    QPointer<QDialog> m_dialog;
};

} // namespace countersign
