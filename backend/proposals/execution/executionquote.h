#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/proposal.h"
#include "backend/safe/feequote.h"

#include <QCoroTask>

#include <optional>
#include <stop_token>

namespace countersign {

/// What executing a proposal would cost \a submitter now, before a PIN is asked for: the Safe is asked with the real
/// signatures. \a caps absent: those of the environment. Errors: NotFound (no such chain), Rejected (signatures missing,
/// not the next nonce, or the Safe refuses), Exhausted (above the caps), those of the client. Whoever cannot pay gets a
/// quote too: FeeQuote::canPay.
QCoro::Task<Result<FeeQuote>> quoteExecution(const Environment &environment, ExchangeItem item, Address submitter,
    std::optional<FeeCaps> caps = {}, std::stop_token stop = {});

} // namespace countersign
