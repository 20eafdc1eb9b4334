#pragma once

#include "backend/safe/safeservice.h"

#include <QCoroTask>

#include <optional>
#include <stop_token>
#include <vector>

namespace countersign {

/// What a service is to know of one transaction.
struct ServiceLetter {
    Hash32 safeTxHash;
    std::optional<SafeTransaction> transaction = {}; ///< needed where the service does not know it yet
    QString origin = {};
    std::vector<SafeSignature> signatures; ///< of owners, one each; at least one
};

/// Looks what the service has, and sends only what it lacks: the transaction with its signatures, or the signatures.
/// Each is sent once. Where no answer came, the service is asked whether it arrived; an error says which it is:
/// Unavailable with the detail "service.unsure" when that is not known, and then only another look helps. Success
/// means that the service has all of it or has said so. Errors: those of SafeService; NotFound without a transaction that it lacks; Rejected for
/// what is executed already. The service outlives the task unless \a stop is stopped.
QCoro::Task<Result<void>> deliver(
    SafeService &service, SafeServiceSubject subject, ServiceLetter letter, std::stop_token stop = {});

} // namespace countersign
