#pragma once

#include "backend/review/reviewtree.h"

#include <QCoreApplication>
#include <QString>

#include <memory>
#include <span>

namespace countersign {

/// What the checks of one review share.
struct ReviewDesk {
    const ReviewSubject &subject;
    const ReviewContext &context;
    const ChainSettings *chain; ///< of the environment; null when it has none
    const AddressBook &book;
    const ReviewTree &tree;
    SafeVersion version; ///< by which the hashes are taken
    Review &review;

    const SafeTransaction &transaction() const { return subject.transaction; }
    bool hasSafe() const { return context.isOnline && context.safe.safe == subject.safe; }
    /// The settings of the Safe in whose name the call is made; null when it is none, or was not read.
    const SafeState *safeOf(const Address &safe) const;
};

enum class CheckStage {
    Review, ///< before the hashes are compared
    Signing, ///< what comes back from the device
    Execution, ///< what is sent to the chain, and what became of it
};

/// One of the checks before a holder signs: by the numbers of the list of 35 that this project follows, and from 36 on
/// what it checks beyond that list.
struct CheckInfo {
    int number;
    QLatin1StringView id; ///< "operation"; findings' codes begin with it or with a word of it
    const char16_t *title; ///< "Delegatecalls only to known libraries"
    const char16_t *why; ///< in plain words
    const char16_t *guardsAgainst; ///< the incident or attack; with a link where one is public
    CheckStage stage = CheckStage::Review;
};

/// Where a check writes what it finds. Bound to the check and to the place that is looked at.
class CheckReport final {
public:
    CheckReport(Review &review, const CheckInfo &info, QString where)
        : m_review(review)
        , m_info(info)
        , m_where(std::move(where))
    {
    }

    void add(Severity severity, QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        m_review.findings.append({code, severity, message, evidence, m_where, m_info.number});
    }
    /// For a code that is not written in a check: the policy's.
    void addNamed(Severity severity, const QString &code, const QString &message, const QString &evidence) const
    {
        m_review.findings.append({code, severity, message, evidence, m_where, m_info.number});
    }
    void block(QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        add(Severity::Block, code, message, evidence);
    }
    void warn(QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        add(Severity::Warn, code, message, evidence);
    }
    void info(QLatin1StringView code, const QString &message, const QString &evidence = {}) const
    {
        add(Severity::Info, code, message, evidence);
    }
    /// The same check at another place.
    CheckReport at(const QString &where) const { return {m_review, m_info, where}; }
    /// The check, or a part of it, could not run. Said once a check and reason.
    void notRun(const QString &reason) const;

private:
    Review &m_review;
    const CheckInfo &m_info;
    QString m_where;
};

/// A check looks at the transaction as a whole and at every call in it, and only adds findings. Checks know nothing of each
/// other. They are total: whatever the subject and the context hold, they end.
class ReviewCheck {
public:
    explicit ReviewCheck(CheckInfo info)
        : m_info(info)
    {
    }
    Q_DISABLE_COPY_MOVE(ReviewCheck)
    virtual ~ReviewCheck();

    const CheckInfo &info() const { return m_info; }
    virtual void lookAtTransaction(const ReviewDesk &desk, const CheckReport &report) const;
    virtual void lookAtCall(const ReviewDesk &desk, const ReviewedCall &call, const CheckReport &report) const;

private:
    CheckInfo m_info;
};

/// All, in order.
std::span<const std::unique_ptr<ReviewCheck>> reviewChecks();
const CheckInfo *checkInfo(int number);

} // namespace countersign
