// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.20;

// What the tests of code verification need: a library that is linked, immutables of several types, a contract that
// creates another (so that its code holds two metadata blobs), and a constructor with arguments.

library Shares {
    function part(uint256 amount, uint256 percent) external pure returns (uint256) {
        return (amount * percent) / 100;
    }
}

contract Pocket {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }
}

contract Treasury {
    address public immutable keeper;
    uint64 public immutable limit;
    bool public immutable open;
    bytes4 public immutable tag;
    string public label;

    constructor(address keeper_, uint64 limit_, bool open_, bytes4 tag_, string memory label_) {
        keeper = keeper_;
        limit = limit_;
        open = open_;
        tag = tag_;
        label = label_;
    }

    function half(uint256 amount) external view returns (uint256) {
        return open ? Shares.part(amount, 50) : limit;
    }

    function pocket() external returns (Pocket) {
        require(msg.sender == keeper);
        return new Pocket(keeper);
    }

    function twice(uint256 amount) external view returns (uint256) {
        require(msg.sender == keeper);
        return Shares.part(amount, 200) + limit;
    }
}
