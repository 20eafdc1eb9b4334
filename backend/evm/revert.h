#pragma once

#include "backend/evm/jsonabi.h"

namespace countersign {

enum class RevertKind { Empty, Message, Panic, Custom, Unknown };

/// Why a call was reverted, for people and for code.
struct Revert {
    RevertKind kind = RevertKind::Empty;
    QString name;  ///< "Error", "Panic" or the custom error's name; empty otherwise
    QString text;  ///< one sentence or the error with its arguments: `KeyNotRegistered(partyId: 0x…)`
    std::vector<AbiValue> arguments;
    bool isCanonical = true; ///< false when the data could be read only with indulgence (abiDecodeLenient)
    Bytes data;
};

/// Reads revert data: Error(string), Panic(uint256) with its meaning, and the custom errors of `abi` when given.
/// Lenient, because it only explains: many contracts revert with reasons that are not padded. Total: what cannot be read is Unknown,
/// with the bytes in hex.
Revert describeRevert(QByteArrayView data, const JsonAbi *abi = nullptr);

/// Meaning of a Panic code (Solidity documentation, "Panic via assert and Error via require").
QString panicMeaning(const Uint256 &code);

} // namespace countersign
