#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/error.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/timestamp.h"
#include "backend/types/uint256.h"

#include <QString>

namespace countersign {

/// An intent as CantonDeFiVault takes it.
struct VaultIntent {
    Hash32 intentId; ///< keccak256 of the ledger's intent id
    Hash32 partyId;
    Hash32 adapterId;
    Uint256 amount; ///< in the asset's smallest unit
    Bytes data; ///< for the adapter
    Uint256 nonce;
    Uint256 deadline; ///< seconds since 1970
};

/// Units of one whole asset on chain: the practice assets all have six decimals.
inline constexpr int assetDecimals = 6;

/// The ledger's Numeric ("1250.5000000000") in the asset's smallest unit. Error: Invalid when it is no decimal, is
/// negative, has more than six decimals that are not zero, or does not fit.
Result<Uint256> amountFromNumeric(QStringView numeric);
/// The Numeric of a number of smallest units, with ten decimals as Canton prints it.
QString numericFromAmount(const Uint256 &amount);

/// The digest that the party's key signs: EIP-712, domain "CantonDeFiVault" version "1" of the vault on the chain.
Result<Hash32> intentDigest(const VaultIntent &intent, ChainId chain, const Address &vault);

/// Calldata of executeIntent(Intent,bytes).
Result<Bytes> executeIntentCall(const VaultIntent &intent, const Bytes &signature);

} // namespace countersign
