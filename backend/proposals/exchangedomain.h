#pragma once

#include "backend/evm/abivalue.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"

#include <QStringView>

#include <optional>

namespace countersign {

// What members sign about a Safe, other than its transactions: EIP-712 in a domain of our own,
//   EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)
//   name "Countersign Exchange", version "2", the chain and the Safe that it is about.
//
// Why this domain. A Safe's own domain has no name and no version, so its type hash is another one: what is signed here
// is worth nothing on the chain, as SafeTx or as SafeMessage, and a SafeTx is worth nothing here. Chain and Safe bind a
// text to the exchange of that Safe. An exchange is named by its Safe and not by a folder or a service: what is copied
// from one carrier to another stays valid, and doing so again changes nothing, because it is the same entry of the same
// log. Every type begins with the author and the place in the author's log, so that nothing can be put into another's
// log or elsewhere in it. Kinds of statement are types of their own: a note is never a rejection.
// An ApprovalRecord (backend/records) is of this domain but of no log: its holder keeps it, and nobody publishes it.

/// keccak256(0x1901 || domain separator || struct hash). \a type is one of the types of the exchange and \a fields are
/// its fields in order.
Hash32 exchangeDigest(ChainId chain, const Address &safe, QStringView type, const AbiValue::List &fields);

/// Microseconds since 1970 as a field; zero for what is absent or before.
AbiValue timeField(const std::optional<Timestamp> &time);
AbiValue numberField(quint64 number);

} // namespace countersign
