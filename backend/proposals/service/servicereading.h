#pragma once

#include "backend/proposals/exchangesnapshot.h"
#include "backend/safe/safeservice.h"

namespace countersign {

/// What of a service's queue becomes part of the exchange, and what does not.
struct ServiceReading {
    std::shared_ptr<const ExchangeSet> set;
    QList<RejectedFile> rejected; ///< what was not believed; `name` is the safeTxHash where it is known
    QStringList warnings; ///< what makes it less than the whole, one sentence each
};

/// Transactions that no owner signed are invented for nothing: more of them than this are left out.
inline constexpr qsizetype maxUnsignedListed = 100;

/// Transactions become imports and confirmations become signatures, each held to what a file of the exchange must
/// keep. The service's dates of signatures are left out: they would make one signature into as many entries as it
/// pleases the service. \a source names the service. Pure.
ServiceReading readingOf(const SafeServiceQueue &queue, const SafeServiceSubject &subject, const QString &source);

/// Which of the transactions were proposed by no owner, and for whom, one sentence each: a claim of the service, and
/// never an owner's word.
QStringList delegationsOf(
    const SafeServiceQueue &queue, const SafeServiceSubject &subject, const SafeServiceDelegates &delegates, Timestamp now);

} // namespace countersign
