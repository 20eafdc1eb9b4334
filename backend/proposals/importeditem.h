#pragma once

#include "backend/proposals/proposal.h"

namespace countersign {

/// A transaction that nobody described, as an item of the exchange: under a title that says so, without proposer, place
/// and signature.
ExchangeItem itemOfImport(const ImportedTransaction &import);

} // namespace countersign
