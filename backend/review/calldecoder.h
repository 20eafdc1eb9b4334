#pragma once

#include "backend/evm/jsonabi.h"
#include "backend/review/addressbook.h"
#include "backend/review/review.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace countersign {

/// How far a call could be read.
enum class CallReading {
    Empty, ///< no data: a plain transfer
    Known, ///< by the interface of the contract's role
    Claimed, ///< by the interface that a proposer attached
    Guessed, ///< by a selector that others may share: the contract is not ours
    Dirty, ///< the selector is known, but the arguments are not their one canonical encoding
    Unknown,
};

/// A call taken apart, with its values for the checks and its text for people.
struct ReadCall {
    CallReading reading = CallReading::Unknown;
    DecodedCall decoded;
    QString name; ///< of the function; empty unless Known, Claimed or Guessed
    std::vector<AbiParameter> parameters;
    std::vector<AbiValue> values;
    QString problem; ///< of Dirty: what is not canonical
    QString source; ///< whose interface it was read by: "vault", "build CantonDeFiVault"; empty for a guess

    std::optional<Hash32> hashArgument(QStringView parameter) const;
    std::optional<Address> addressArgument(QStringView parameter) const;
    std::optional<Uint256> numberArgument(QStringView parameter) const;
    std::optional<bool> boolArgument(QStringView parameter) const;
    /// Every address among the arguments, at any depth.
    QList<Address> addresses() const;
};

/// Whose interface a contract has, as far as that is known and not guessed.
struct KnownInterface {
    const JsonAbi *abi = nullptr; ///< null: not known
    QString source;
    /// It is somebody's word. What this program knows by the selector is asked first: a function that means something
    /// here is not to be read as another one that shares its four bytes.
    bool isClaimed = false;
};

/// A call to read.
struct CallToRead {
    Address to;
    Uint256 value;
    Bytes data;
    bool isDelegate = false;
};

/// Reads a call by the interface of its target, or guesses by its selector when that is not known. Total. What is decoded
/// encodes again to the same bytes.
ReadCall readCall(const CallToRead &question, const KnownInterface &known, const AddressBook &book);

} // namespace countersign
