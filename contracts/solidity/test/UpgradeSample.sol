// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// @notice What stands behind a proxy in the tests of upgrades.
contract UpgradeSampleV1 is Initializable, UUPSUpgradeable {
    address public owner;
    uint128 public limit;
    uint128 public used;
    mapping(bytes32 partyId => uint256 amount) public balances;
    uint256[8] private __gap;

    error NotOwner(address caller);

    constructor() {
        _disableInitializers();
    }

    function initialize(address owner_) external initializer {
        owner = owner_;
    }

    function _authorizeUpgrade(address) internal view override {
        if (msg.sender != owner) revert NotOwner(msg.sender);
    }
}

/// @notice Keeps everything where it was, and uses a part of the gap.
contract UpgradeSampleV2 is Initializable, UUPSUpgradeable {
    address public owner;
    uint128 public limit;
    uint128 public used;
    mapping(bytes32 partyId => uint256 amount) public balances;
    uint256 public fee;
    uint256[7] private __gap;

    error NotOwner(address caller);

    constructor() {
        _disableInitializers();
    }

    function initialize(address owner_) external initializer {
        owner = owner_;
    }

    /// @dev What an attacker would have run with the upgrade: zero leaves all as it is.
    function migrate(address newOwner, address newAdmin) external {
        if (newOwner != address(0)) owner = newOwner;
        if (newAdmin != address(0)) {
            assembly ("memory-safe") {
                sstore(0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103, newAdmin)
            }
        }
        fee = 1;
    }

    function _authorizeUpgrade(address) internal view override {
        if (msg.sender != owner) revert NotOwner(msg.sender);
    }
}

/// @notice A variable in front of the others: everything behind it moves.
contract UpgradeSampleMoved is Initializable, UUPSUpgradeable {
    bool public paused;
    address public owner;
    uint128 public limit;
    uint128 public used;
    mapping(bytes32 partyId => uint256 amount) public balances;
    uint256[8] private __gap;

    error NotOwner(address caller);

    constructor() {
        _disableInitializers();
    }

    function initialize(address owner_) external initializer {
        owner = owner_;
    }

    function _authorizeUpgrade(address) internal view override {
        if (msg.sender != owner) revert NotOwner(msg.sender);
    }
}

/// @notice Its initializer is open on the implementation itself.
contract UpgradeSampleOpen is Initializable, UUPSUpgradeable {
    address public owner;
    uint128 public limit;
    uint128 public used;
    mapping(bytes32 partyId => uint256 amount) public balances;
    uint256[8] private __gap;

    error NotOwner(address caller);

    function initialize(address owner_) external initializer {
        owner = owner_;
    }

    function _authorizeUpgrade(address) internal view override {
        if (msg.sender != owner) revert NotOwner(msg.sender);
    }
}

/// @notice The proxy, so that its code is among the artifacts.
contract UpgradeSampleProxy is ERC1967Proxy {
    constructor(address implementation, bytes memory data) ERC1967Proxy(implementation, data) {}
}
