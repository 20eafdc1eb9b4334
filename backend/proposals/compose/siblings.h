#pragma once

#include "backend/environment/environment.h"
#include "backend/proposals/exchangesnapshot.h"

namespace countersign {

/// Proposals that do on other chains what \a item does on its own, so that one look may serve for all of them. By chain.
///
/// Titles say nothing: whoever wants to mislead writes the same one. Siblings are by the same proposer, for the Safes that
/// the environment names on their chains, and their transactions are the same byte for byte, the nonce aside, but for
/// addresses that mean the same on both chains at the same places: the Safe, the registry, the vault of one name, the
/// published library of one name and version, and what the transaction itself creates. Any other difference, be it one
/// byte, makes them strangers. What stands at those addresses is not looked at: each sibling is reviewed on its own chain.
QList<ExchangeItem> siblingsOf(
    const ExchangeSnapshot &snapshot, const ExchangeItem &item, const Environment &environment);

} // namespace countersign
