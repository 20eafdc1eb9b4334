#pragma once

#include "backend/types/hash32.h"
#include "ui/theme/tokens.h"

#include <QList>
#include <QWidget>

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace countersign {

class Card;
struct Finding;
class DiscussionModel;
class HashView;
class ReviewModel;
class StateOverlay;
class StatusBadge;

/// One transaction before it is signed: what it does, its calls, the findings, the effect, who signed, the hashes; and
/// one button that says what is signed with which key. Nothing on it comes from a server's word.
class ReviewView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReviewView)

public:
    ReviewView(ReviewModel &review, DiscussionModel &discussion, QWidget *parent = nullptr);

    /// The same on another chain.
    struct Sibling {
        Hash32 id;
        QString text; ///< its chain and its stage
        friend bool operator==(const Sibling &, const Sibling &) = default;
    };
    void setSiblings(const QList<Sibling> &siblings);
    void setHolder(const QString &holder);
    /// What there is to know of sealed signatures; empty when there are none.
    void setSealed(const QString &text);
    /// What a service claims about who proposed it; empty when nothing.
    void setClaim(const QString &text);
    /// Stage of the proposal as the queue has it, and the proposer's own words.
    void setStanding(Tone tone, const QString &stage, const QString &reason, const QString &rationale);
    QPushButton *signButton() const { return m_sign; }
    QPushButton *executeButton() const { return m_execute; }
    /// Shown where the policy lets two people override a finding that blocks.
    QPushButton *overrideButton() const { return m_override; }
    /// What else may be done about the proposal; the page fills it.
    QToolButton *moreButton() const { return m_more; }
    /// How many files go with the proposal.
    void setAttachments(qsizetype count);
    QPushButton *attachmentsButton() const { return m_attachments; }
    StateOverlay *overlay() const { return m_overlay; }

signals:
    void siblingRequested(const countersign::Hash32 &id);
    void backRequested();
    void signRequested();
    void executeRequested();
    void overrideRequested(const countersign::Finding &finding);
    void retryRequested();
    void attachmentsRequested();

private:
    void refresh();
    QWidget *buildHead();
    QWidget *buildMiddle();
    QWidget *buildFoot();
    QWidget *buildMembers();
    void orderStops();
    void showDiscussion(bool shown);
    void showDiscussionCount();
    void askForOverride();

    ReviewModel &m_review;
    DiscussionModel &m_discussionModel;
    QString m_holder;
    QToolButton *m_back;
    QLabel *m_sentence;
    StatusBadge *m_stage;
    QLabel *m_meta;
    QLabel *m_rationale;
    QLabel *m_sealed;
    QLabel *m_claim;
    QPushButton *m_attachments;
    QWidget *m_siblings;
    QList<Sibling> m_siblingList;
    Card *m_calls;
    Card *m_findings;
    Card *m_effects;
    Card *m_members;
    QStackedWidget *m_memberLists;
    QToolButton *m_showSigners;
    QToolButton *m_showDiscussion;
    QTreeView *m_tree;
    HashView *m_domain;
    HashView *m_message;
    HashView *m_safeTx;
    QLabel *m_signatures;
    QLabel *m_why;
    QPushButton *m_sign;
    QPushButton *m_execute;
    QPushButton *m_override;
    QToolButton *m_more;
    QWidget *m_content;
    StateOverlay *m_overlay;
};

} // namespace countersign
