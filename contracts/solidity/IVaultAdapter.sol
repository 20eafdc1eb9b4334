// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title What a vault calls to act on a protocol
/// @notice An adapter stands between a vault and one protocol. The vault checks who ordered the intent, the adapter knows
/// how to carry it out.
interface IVaultAdapter {
    /// @notice Carries out one intent. Must revert when it cannot, so that the intent stays unused and may be tried again.
    /// @param intentId The intent's identifier; the vault passes each of them at most once a party.
    /// @param amount In the smallest unit of whatever the adapter moves.
    /// @param data Instructions in the adapter's own encoding.
    /// @return What the adapter wants recorded of the outcome; it ends up in the vault's event.
    function execute(bytes32 intentId, uint256 amount, bytes calldata data) external returns (bytes memory);
}
