// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {ICantonKeyRegistry} from "./ICantonKeyRegistry.sol";
import {IVaultAdapter} from "./IVaultAdapter.sol";

/// @title A vault that does what a Canton ledger has authorised
/// @notice Anyone may hand in an intent; it counts only with an EIP-712 signature of the key that speaks for its Canton
/// party, once, before its deadline, on this chain and at this address. A relayer can therefore delay an intent but neither
/// change nor repeat it.
///
/// Two ways to know the key, told apart by what `cantonSigner` is:
/// a plain account signs for every party itself; a contract is asked as a key registry, party by party.
///
/// An intent whose adapter reverts leaves no trace and may be handed in again until its deadline.
contract CantonDeFiVault is Ownable2Step, Pausable, ReentrancyGuardTransient, EIP712 {
    using BitMaps for BitMaps.BitMap;

    /// @notice An order that was authorised on the Canton ledger.
    /// @param intentId keccak256 of the ledger's own text identifier.
    /// @param partyId The party that ordered it.
    /// @param adapterId The adapter that is to carry it out.
    /// @param amount In the adapter's smallest unit.
    /// @param data In the adapter's own encoding.
    /// @param nonce Any number that the party has not used here; the order of nonces does not matter, so an intent that
    /// cannot succeed never holds up the others.
    /// @param deadline The last second (Unix time of the block) in which it may be executed.
    struct Intent {
        bytes32 intentId;
        bytes32 partyId;
        bytes32 adapterId;
        uint256 amount;
        bytes data;
        uint256 nonce;
        uint256 deadline;
    }

    /// @notice EIP-712 type hash of `Intent`.
    bytes32 public constant INTENT_TYPEHASH = keccak256(
        "Intent(bytes32 intentId,bytes32 partyId,bytes32 adapterId,uint256 amount,bytes data,uint256 nonce,uint256 deadline)"
    );

    /// @notice The account that signs all intents, or the registry that knows each party's key.
    address public cantonSigner;
    /// @notice Whether `cantonSigner` is asked as a registry.
    /// @dev Settled when the signer is set. Asking for its code at each execution would let an account change its own role
    /// by delegating to code (EIP-7702).
    bool public signerIsRegistry;
    /// @notice May pause this vault, and nothing else. Zero when there is none.
    address public emergencyContact;

    /// @notice Parties whose intents this vault serves.
    mapping(bytes32 partyId => bool) public authorizedParties;
    /// @notice The adapters that intents may name.
    mapping(bytes32 adapterId => address) public adapters;
    /// @notice Whether an intent of a party was carried out here. By party, so that none can use up another's identifier.
    mapping(bytes32 partyId => mapping(bytes32 intentId => bool)) public intentExecuted;

    mapping(bytes32 partyId => BitMaps.BitMap) private _usedNonces;

    /// @notice An intent was carried out.
    /// @param result What the adapter returned.
    event IntentExecuted(
        bytes32 indexed intentId,
        bytes32 indexed partyId,
        bytes32 indexed adapterId,
        uint256 amount,
        uint256 nonce,
        bytes result
    );
    /// @notice An adapter was added, or took the place of the one that had this identifier.
    event AdapterRegistered(bytes32 indexed adapterId, address adapter);
    /// @notice An adapter was taken away; `adapter` is the one that was there.
    event AdapterRemoved(bytes32 indexed adapterId, address adapter);
    /// @notice The signer was set; `isRegistry` tells in which of the two roles.
    event CantonSignerChanged(address indexed previousSigner, address indexed newSigner, bool isRegistry);
    /// @notice A party was let in or shut out.
    event PartyAuthorizationChanged(bytes32 indexed partyId, bool authorized);
    /// @notice Who may pause beside the owner; zero means nobody.
    event EmergencyContactSet(address indexed previousContact, address indexed newContact);

    /// @notice The intent's deadline has passed.
    error IntentExpired(uint256 deadline);
    /// @notice Another intent of the party has used this nonce.
    error NonceAlreadyUsed(bytes32 partyId, uint256 nonce);
    /// @notice The intent was carried out before.
    error IntentAlreadyExecuted(bytes32 intentId);
    /// @notice This vault does not serve the party.
    error UnauthorizedParty(bytes32 partyId);
    /// @notice The registry knows no key for the party: it never had one, or it was revoked.
    error KeyNotRegistered(bytes32 partyId);
    /// @notice The signature is not the expected key's. `recovered` is zero when it is no valid signature at all, which
    /// includes one of a wrong length and one with a high s.
    error InvalidIntentSignature(address recovered, address expected);
    /// @notice No adapter has this identifier.
    error AdapterNotRegistered(bytes32 adapterId);
    /// @notice The adapter reverted; `reason` is its revert data.
    error AdapterCallFailed(bytes32 adapterId, bytes reason);
    /// @notice A signer must be an account, or a contract that answers as a key registry.
    error InvalidCantonSigner(address signer);
    /// @notice An adapter must be a contract other than this vault.
    error InvalidAdapter(address adapter);
    /// @notice The zero party identifier belongs to nobody.
    error InvalidPartyId();
    /// @notice Nobody could unpause or repair this vault any more, so it cannot be left without an owner.
    error OwnershipRenounceDisabled();

    /// @param cantonSigner_ The signing account, or the key registry.
    /// @param authorizedPartyId The first party to serve.
    constructor(
        address cantonSigner_,
        bytes32 authorizedPartyId
    ) Ownable(msg.sender) EIP712("CantonDeFiVault", "1") {
        _setCantonSigner(cantonSigner_);
        _setPartyAuthorized(authorizedPartyId, true);
    }

    /// @notice Carries out an intent. Open to every caller: the signature is what counts.
    /// @dev That the intent was executed is checked before anything else, the deadline included, so that a relayer which
    /// lost track of its own transaction never reads a success as a late failure.
    /// @param intent The intent as it was signed.
    /// @param signature r, s and v (27 or 28), 65 bytes, with s in the lower half of the curve's order.
    function executeIntent(Intent calldata intent, bytes calldata signature) external nonReentrant whenNotPaused {
        if (intentExecuted[intent.partyId][intent.intentId]) revert IntentAlreadyExecuted(intent.intentId);
        if (block.timestamp > intent.deadline) revert IntentExpired(intent.deadline);
        if (!authorizedParties[intent.partyId]) revert UnauthorizedParty(intent.partyId);
        if (_usedNonces[intent.partyId].get(intent.nonce)) revert NonceAlreadyUsed(intent.partyId, intent.nonce);
        _requireSignedByParty(intent, signature);
        address adapter = adapters[intent.adapterId];
        if (adapter == address(0)) revert AdapterNotRegistered(intent.adapterId);

        intentExecuted[intent.partyId][intent.intentId] = true;
        _usedNonces[intent.partyId].set(intent.nonce);

        try IVaultAdapter(adapter).execute(intent.intentId, intent.amount, intent.data) returns (bytes memory result) {
            emit IntentExecuted(
                intent.intentId, intent.partyId, intent.adapterId, intent.amount, intent.nonce, result
            );
        } catch (bytes memory reason) {
            revert AdapterCallFailed(intent.adapterId, reason);
        }
    }

    /// @notice Sets who signs. A contract is taken as a key registry and must answer as one; an account signs itself.
    function setCantonSigner(address newSigner) external onlyOwner {
        _setCantonSigner(newSigner);
    }

    /// @notice Lets a party in or shuts it out. Setting what is already so is allowed and reported like any other.
    function setPartyAuthorized(bytes32 partyId, bool authorized) external onlyOwner {
        _setPartyAuthorized(partyId, authorized);
    }

    /// @notice Gives an identifier its adapter, or replaces the one it has.
    /// @param adapter A contract; not this vault, which would otherwise be calling itself.
    function registerAdapter(bytes32 adapterId, address adapter) external onlyOwner {
        if (adapter.code.length == 0 || adapter == address(this)) revert InvalidAdapter(adapter);
        adapters[adapterId] = adapter;
        emit AdapterRegistered(adapterId, adapter);
    }

    /// @notice Takes an adapter away. Intents that name it are refused from then on.
    function removeAdapter(bytes32 adapterId) external onlyOwner {
        address adapter = adapters[adapterId];
        if (adapter == address(0)) revert AdapterNotRegistered(adapterId);
        delete adapters[adapterId];
        emit AdapterRemoved(adapterId, adapter);
    }

    /// @notice Names who may pause beside the owner; zero for nobody.
    function setEmergencyContact(address newContact) external onlyOwner {
        address previousContact = emergencyContact;
        emergencyContact = newContact;
        emit EmergencyContactSet(previousContact, newContact);
    }

    /// @notice Stops all intents. The emergency contact may do this too: stopping must be quick, resuming is considered.
    function pause() external {
        if (msg.sender != owner() && msg.sender != emergencyContact) revert OwnableUnauthorizedAccount(msg.sender);
        _pause();
    }

    /// @notice Resumes.
    function unpause() external onlyOwner {
        _unpause();
    }

    /// @notice Whether a party has used a nonce on this vault.
    function nonceUsed(bytes32 partyId, uint256 nonce) external view returns (bool) {
        return _usedNonces[partyId].get(nonce);
    }

    /// @notice The key that must sign a party's intents now; zero when the registry knows none.
    function signerOf(bytes32 partyId) public view returns (address) {
        return signerIsRegistry ? ICantonKeyRegistry(cantonSigner).cantonPartyToKey(partyId) : cantonSigner;
    }

    /// @notice The EIP-712 digest that the party's key signs.
    function hashIntent(Intent calldata intent) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    INTENT_TYPEHASH,
                    intent.intentId,
                    intent.partyId,
                    intent.adapterId,
                    intent.amount,
                    keccak256(intent.data),
                    intent.nonce,
                    intent.deadline
                )
            )
        );
    }

    /// @notice Always refused.
    function renounceOwnership() public view override onlyOwner {
        revert OwnershipRenounceDisabled();
    }

    function _requireSignedByParty(Intent calldata intent, bytes calldata signature) private view {
        address expected = signerOf(intent.partyId);
        if (expected == address(0)) revert KeyNotRegistered(intent.partyId);
        (address recovered, , ) = ECDSA.tryRecoverCalldata(hashIntent(intent), signature);
        if (recovered != expected) revert InvalidIntentSignature(recovered, expected);
    }

    function _setCantonSigner(address newSigner) private {
        if (newSigner == address(0) || newSigner == address(this)) revert InvalidCantonSigner(newSigner);
        bool isRegistry = newSigner.code.length != 0 && !_isDelegatedAccount(newSigner);
        if (isRegistry) {
            (bool success, bytes memory answer) =
                newSigner.staticcall(abi.encodeCall(ICantonKeyRegistry.cantonPartyToKey, (bytes32(0))));
            if (!success || answer.length != 32) revert InvalidCantonSigner(newSigner);
        }
        address previousSigner = cantonSigner;
        cantonSigner = newSigner;
        signerIsRegistry = isRegistry;
        emit CantonSignerChanged(previousSigner, newSigner, isRegistry);
    }

    function _setPartyAuthorized(bytes32 partyId, bool authorized) private {
        if (partyId == bytes32(0)) revert InvalidPartyId();
        authorizedParties[partyId] = authorized;
        emit PartyAuthorizationChanged(partyId, authorized);
    }

    /// @dev An account that delegates to code (EIP-7702) shows 0xef0100 and an address as its code and is still an account
    /// with a key.
    function _isDelegatedAccount(address account) private view returns (bool) {
        bytes memory code = account.code;
        return code.length == 23 && bytes3(code) == 0xef0100;
    }
}
