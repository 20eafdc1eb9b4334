#pragma once

#include "backend/evm/jsonabi.h"
#include "backend/review/addressbook.h"

#include <vector>

namespace countersign {

/// The interface by which calls to a contract of that role are read; null for Unknown.
const JsonAbi *abiOfRole(ContractRole role);

/// For contracts that are not ours: functions by which ownership, code, allowances and tokens move, and those that carry
/// other calls. A selector that fits is a guess, not knowledge.
const JsonAbi &commonAbi();

/// Every function known here that a selector may name, the likely ones first; among them such as share their selector with
/// another by chance or by design.
std::vector<const AbiFunction *> guessesFor(Selector selector);

/// All errors of the contracts that a simulation may meet, to say why it was refused.
const JsonAbi &knownErrors();

/// Where the compiled contracts keep what we name (their storageLayout; a test compares).
struct RegistryLayout {
    static constexpr quint64 owner = 0;
    static constexpr quint64 pendingOwner = 1;
    static constexpr quint64 cantonPartyToKey = 2; ///< mapping(bytes32 => address)
};

} // namespace countersign
