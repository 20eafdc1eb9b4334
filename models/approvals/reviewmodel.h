#pragma once

#include "backend/review/review.h"
#include "backend/types/error.h"
#include "models/approvals/calltreemodel.h"
#include "models/approvals/effectsmodel.h"
#include "models/approvals/findingsmodel.h"
#include "models/approvals/signersmodel.h"

#include <QObject>
#include <QStringList>

#include <optional>

namespace countersign {

/// One review as the page shows it: its parts as models, and whether the holder at this console may go on.
class ReviewModel final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReviewModel)

public:
    enum class State { Empty, Loading, Ready, Failed };
    Q_ENUM(State)
    enum class Hash { Domain, Message, SafeTx };

    explicit ReviewModel(QObject *parent = nullptr);

    void setLoading(); ///< the parts keep what they show until the new review is there
    void setReview(const Review &review);
    /// Of a transaction that the chain has executed: \a shown is what was reviewed before, by the record of this
    /// console. A review made now would find fault with what is done: its nonce is used, its effect is there.
    void setExecuted(const Review &shown, const QString &outcome);
    /// As above, of one that this console has no record of: what it was stands, what it would do now means nothing.
    void setExecutedElsewhere(Review now, const QString &outcome);
    void setFailed(const Error &error);
    void clear();
    /// The holder at this console, for "you signed" and canSign().
    void setHolder(const std::optional<Address> &holder);

    State state() const { return m_state; }
    const std::optional<Review> &review() const { return m_review; }
    const std::optional<Error> &error() const { return m_error; }

    /// What became of it, one sentence; empty while it can still be executed.
    QString outcome() const { return m_outcome; }

    QString sentence() const;
    /// Groups as the device shows them.
    QStringList hashGroups(Hash hash) const;
    QString signaturesText() const; ///< "1 of 2 signatures"

    bool canSign() const { return cannotSignReason().isEmpty(); }
    bool canExecute() const { return cannotExecuteReason().isEmpty(); }
    /// One sentence; empty when it can.
    QString cannotSignReason() const;
    QString cannotExecuteReason() const;

    CallTreeModel &callTree() { return m_callTree; }
    FindingsModel &findings() { return m_findings; }
    EffectsModel &effects() { return m_effects; }
    SignersModel &signers() { return m_signers; }

signals:
    void changed();

private:
    QString cannotGoOnReason() const;

    State m_state = State::Empty;
    std::optional<Review> m_review;
    std::optional<Error> m_error;
    QString m_outcome;
    std::optional<Address> m_holder;
    CallTreeModel m_callTree;
    FindingsModel m_findings;
    EffectsModel m_effects;
    SignersModel m_signers;
};

} // namespace countersign
