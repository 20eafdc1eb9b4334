#pragma once

#include "backend/evm/jsonabi.h"
#include "backend/types/uint256.h"

#include <optional>
#include <span>
#include <vector>

namespace countersign {

/// What a token's contract says that it moved. Its own word: a contract can log what never happened.
struct TokenMovement {
    Address token;
    Address from; ///< zero: newly made
    Address to; ///< zero: destroyed
    Uint256 amount; ///< in the token's smallest unit; 1 for ERC-721
    std::optional<Uint256> tokenId = {}; ///< which token, of ERC-721 and ERC-1155
    friend bool operator==(const TokenMovement &, const TokenMovement &) = default;
};

enum class AllowanceKind : quint8 {
    Amount, ///< ERC-20: `amount` is what the spender may take from now on
    TokenId, ///< ERC-721: `amount` is the one token
    AllTokens, ///< ERC-721 and ERC-1155: `amount` is 1 when it was given, 0 when it was taken back
};

/// Who may move whose tokens, as the token's contract says.
struct AllowanceChange {
    Address token;
    Address owner;
    Address spender; ///< zero for TokenId: nobody any more
    Uint256 amount;
    AllowanceKind kind = AllowanceKind::Amount;

    /// Given for ever, whatever the spender takes: all tokens, or an amount so large that tokens treat it as endless.
    bool isUnlimited() const;
    friend bool operator==(const AllowanceChange &, const AllowanceChange &) = default;
};

/// The events below, of ERC-20, ERC-721 and ERC-1155.
const JsonAbi &tokenEvents();

/// ERC-20 and ERC-721 Transfer, told apart by their number of topics; ERC-1155 TransferSingle and TransferBatch. Logs
/// of other shapes under the same topics are left out. In the order of the logs.
std::vector<TokenMovement> tokenMovements(std::span<const EvmLog> logs);
/// Approval and ApprovalForAll, in the order of the logs.
std::vector<AllowanceChange> allowanceChanges(std::span<const EvmLog> logs);

} // namespace countersign
