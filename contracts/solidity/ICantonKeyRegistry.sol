// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title What a vault needs to know of a key registry
/// @notice Kept apart from the registry itself so that a vault can be pointed at any contract that answers this one question.
interface ICantonKeyRegistry {
    /// @notice The address whose secp256k1 key signs intents of a Canton party on this chain.
    /// @param partyId The party's 32 byte identifier.
    /// @return The key's address, or zero when the party has no key.
    function cantonPartyToKey(bytes32 partyId) external view returns (address);
}
