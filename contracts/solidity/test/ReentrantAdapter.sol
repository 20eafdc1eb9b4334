// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {IVaultAdapter} from "../IVaultAdapter.sol";

/// @title An adapter that attacks the vault it is registered with
/// @notice For attack tests only. While an intent is being carried out it calls back into the vault with any call it was
/// armed with, and either lets the failure through or swallows it and goes on as if nothing had happened.
contract ReentrantAdapter is IVaultAdapter {
    address public target;
    bytes public attack;
    bool public swallow;

    /// @notice How often the vault called.
    uint256 public calls;
    /// @notice Whether the last call back succeeded.
    bool public attackSucceeded;
    /// @notice Revert data of the last call back.
    bytes public attackAnswer;

    /// @param target_ Whom to call back.
    /// @param attack_ The call to make, with its selector.
    /// @param swallow_ Whether to hide the failure from the vault.
    function arm(address target_, bytes calldata attack_, bool swallow_) external {
        target = target_;
        attack = attack_;
        swallow = swallow_;
    }

    /// @inheritdoc IVaultAdapter
    function execute(bytes32, uint256, bytes calldata) external returns (bytes memory) {
        ++calls;
        (bool success, bytes memory answer) = target.call(attack);
        attackSucceeded = success;
        attackAnswer = answer;
        if (!success && !swallow) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
        return answer;
    }
}
