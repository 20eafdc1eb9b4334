// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ICantonKeyRegistry} from "./ICantonKeyRegistry.sol";

/// @title Which key speaks for which Canton party on this chain
/// @notice Every vault that looks its signer up here follows a registration or a revocation from the next block on, so a
/// single transaction stops a lost key everywhere. The owner is meant to be a Safe. Ownership moves in two steps, because
/// a typing error in the new owner's address would freeze all keys for ever.
contract CantonKeyRegistry is Ownable2Step, ICantonKeyRegistry {
    /// @inheritdoc ICantonKeyRegistry
    mapping(bytes32 partyId => address publicKey) public cantonPartyToKey;

    /// @notice A party's key was set. A key the party had before no longer counts.
    event KeyRegistered(bytes32 indexed partyId, address publicKey);
    /// @notice A party lost its key; `publicKey` is the key that was taken away.
    event KeyRevoked(bytes32 indexed partyId, address publicKey);

    /// @notice The party has no key, so there is none to revoke.
    error KeyNotRegistered(bytes32 partyId);
    /// @notice The zero address is no key: it is how this contract says "none".
    error InvalidKey();
    /// @notice The zero party identifier belongs to nobody.
    error InvalidPartyId();
    /// @notice Nobody could revoke a lost key any more, so this contract cannot be left without an owner.
    error OwnershipRenounceDisabled();

    constructor() Ownable(msg.sender) {}

    /// @notice Gives a party its key, or replaces the one it has.
    /// @param partyId The party's 32 byte identifier, not zero.
    /// @param publicKey Address derived from the party's secp256k1 public key, not zero.
    function registerKey(bytes32 partyId, address publicKey) external onlyOwner {
        if (partyId == bytes32(0)) revert InvalidPartyId();
        if (publicKey == address(0)) revert InvalidKey();
        cantonPartyToKey[partyId] = publicKey;
        emit KeyRegistered(partyId, publicKey);
    }

    /// @notice Takes a party's key away. Intents signed with it are refused from then on, also those signed before.
    /// @dev Reverts for a party without a key: a mistyped identifier must not look like a successful revocation.
    /// @param partyId The party's 32 byte identifier.
    function revokeKey(bytes32 partyId) external onlyOwner {
        address oldKey = cantonPartyToKey[partyId];
        if (oldKey == address(0)) revert KeyNotRegistered(partyId);
        delete cantonPartyToKey[partyId];
        emit KeyRevoked(partyId, oldKey);
    }

    /// @notice Always refused.
    function renounceOwnership() public view override onlyOwner {
        revert OwnershipRenounceDisabled();
    }
}
