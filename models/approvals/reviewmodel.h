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
    void setFailed(const Error &error);
    void clear();
    /// The holder at this console, for "you signed" and canSign().
    void setHolder(const std::optional<Address> &holder);

    State state() const { return m_state; }
    const std::optional<Review> &review() const { return m_review; }
    const std::optional<Error> &error() const { return m_error; }

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
    std::optional<Address> m_holder;
    CallTreeModel m_callTree;
    FindingsModel m_findings;
    EffectsModel m_effects;
    SignersModel m_signers;
};

} // namespace countersign
