#pragma once

#include "backend/safe/safeservicesubject.h"
#include "backend/safe/safesignature.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace countersign {

// What is sent to a Safe Transaction Service, checked before it leaves.

struct SafeServiceProposal {
    SafeTransaction transaction;
    Address sender; ///< an owner, or a delegate that the service knows
    std::vector<SafeSignature> signatures;
    QString origin; ///< at most 200 characters
};
/// The body of a proposal. Error Invalid when it is not what the service takes: no signature, one that is not by its sender.
Result<QByteArray> safeServiceProposalBody(const SafeServiceSubject &subject, const SafeServiceProposal &proposal);
/// The body of a confirmation.
Result<QByteArray> safeServiceConfirmationBody(const SafeServiceSubject &subject, const Hash32 &safeTxHash, std::vector<SafeSignature> signatures);

} // namespace countersign
