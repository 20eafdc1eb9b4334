// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {IVaultAdapter} from "./IVaultAdapter.sol";

/// @title An adapter that keeps a treasury's books
/// @notice Allocates amounts to intents and keeps their sum. It holds no assets; it is the simplest adapter with a rule of
/// its own, the limit, by which an intent that was duly signed can still fail.
contract TreasuryAdapter is IVaultAdapter {
    /// @notice The only caller that is served.
    address public immutable vault;
    /// @notice The largest amount that one intent may allocate.
    uint256 public immutable limit;

    /// @notice Sum of all allocations.
    uint256 public totalAllocated;
    /// @notice How many intents were carried out.
    uint256 public allocationCount;
    /// @notice What an intent allocated, zero when it was never carried out here.
    mapping(bytes32 intentId => uint256 amount) public allocated;

    /// @notice An intent was carried out.
    /// @param total The sum of all allocations, this one included.
    /// @param dataHash keccak256 of the intent's data, which the books do not keep.
    event Allocated(bytes32 indexed intentId, uint256 amount, uint256 total, bytes32 dataHash);

    /// @notice The caller is not the vault that this adapter serves.
    error CallerNotVault(address caller);
    /// @notice The amount is above what one intent may allocate.
    error LimitExceeded(uint256 amount, uint256 limit);
    /// @notice A vault without an address can never call.
    error InvalidVault();

    /// @param vault_ The vault to serve, not zero.
    /// @param limit_ The largest amount that one intent may allocate; zero refuses all but empty intents.
    constructor(address vault_, uint256 limit_) {
        if (vault_ == address(0)) revert InvalidVault();
        vault = vault_;
        limit = limit_;
    }

    /// @inheritdoc IVaultAdapter
    /// @return The new total, ABI encoded as one uint256.
    function execute(bytes32 intentId, uint256 amount, bytes calldata data) external returns (bytes memory) {
        if (msg.sender != vault) revert CallerNotVault(msg.sender);
        if (amount > limit) revert LimitExceeded(amount, limit);
        uint256 total = totalAllocated + amount;
        totalAllocated = total;
        ++allocationCount;
        allocated[intentId] += amount;
        emit Allocated(intentId, amount, total, keccak256(data));
        return abi.encode(total);
    }
}
