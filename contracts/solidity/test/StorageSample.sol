// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// @title A contract with a variable of every kind
/// @notice For tests of the reading of storage only: what stands in a slot is named by the compiler's layout, and each
/// function writes what its test then looks for.
contract StorageSample {
    enum Mood {
        Calm,
        Alert
    }

    struct Entry {
        uint64 amount;
        address holder;
        bytes32 tag;
        mapping(address spender => uint256) allowed;
    }

    type Price is uint128;

    uint8 public small;
    bool public flag;
    int16 public signedNumber;
    address public account;
    bytes4 public word;
    Mood public mood;
    Price public price;
    string public text;
    bytes public raw;
    uint256[] public numbers;
    uint16[] public packedNumbers;
    Entry[] public entries;
    uint32[5] public fixedNumbers;
    Entry public entry;
    mapping(address owner => mapping(uint256 id => Entry)) private byOwner;
    mapping(string name => uint256) public byName;
    mapping(bytes4 selector => bool) public bySelector;

    /// @notice Several variables of one slot.
    function setPacked(uint8 small_, bool flag_, int16 signedNumber_, address account_) external {
        small = small_;
        flag = flag_;
        signedNumber = signedNumber_;
        account = account_;
    }

    /// @notice The rest of that slot, and a number of a type with a name of its own.
    function setNamed(bytes4 word_, Mood mood_, uint128 price_) external {
        word = word_;
        mood = mood_;
        price = Price.wrap(price_);
    }

    /// @notice Text and bytes, short or long.
    function setTexts(string calldata text_, bytes calldata raw_) external {
        text = text_;
        raw = raw_;
    }

    /// @notice Elements of arrays of every kind.
    function setArrays(uint256 number, uint16 packedNumber, uint32 fixedNumber) external {
        numbers.push(number);
        packedNumbers.push(packedNumber);
        packedNumbers.push(packedNumber + 1);
        fixedNumbers[4] = fixedNumber;
        Entry storage added = entries.push();
        added.holder = msg.sender;
        added.allowed[msg.sender] = number;
    }

    /// @notice Members of structs, in a variable and in a mapping of mappings.
    function setStructs(uint256 id, address holder, bytes32 tag, uint256 allowed) external {
        entry.holder = holder;
        Entry storage nested = byOwner[holder][id];
        nested.amount = uint64(allowed);
        nested.tag = tag;
        nested.allowed[holder] = allowed;
    }

    /// @notice Mappings whose keys are text, or stand to the left of their word.
    function setMappings(string calldata name, uint256 value, bytes4 selector) external {
        byName[name] = value;
        bySelector[selector] = true;
    }
}
