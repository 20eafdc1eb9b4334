#pragma once

#include "backend/review/contextreading.h"

namespace countersign {

/// A context with what was before: what stood behind the proxies when the transaction was signed first, and what the Safe
/// executed of late, where the policy asks. A node that does not tell leaves it open. An error is handed on.
QCoro::Task<Result<ReviewContext>> withPast(std::shared_ptr<ReviewEndpoint> endpoint, ReviewSubject subject,
    Result<ReviewContext> context, std::stop_token stop);

} // namespace countersign
