#pragma once

#include "app/cli/batch/saferequest.h"
#include "app/cli/commands/command.h"
#include "backend/safe/safehash.h"

#include <optional>

namespace countersign {

/// A Safe transaction as somebody hands it over, and what he claims of it.
struct SafeInput {
    SafePlace place;
    SafeTransaction transaction;
    std::optional<Hash32> claimedHash = {}; ///< safeTxHash or contractTransactionHash of the file
    Bytes signatures = {}; ///< of the file, one after the other; may be empty
    qsizetype signatureCount = 0;

    SafeHashes hashes() const { return safeHashes(place.version, place.chain, place.safe, transaction); }
};

/// Options --chain-id, --safe and --safe-version, which say where a transaction belongs when the file does not.
QList<QCommandLineOption> safePlaceOptions();

/// Reads: {chainId, safe, version, tx {…}} as `batch` has it; the ten fields flat beside those three; a transaction of the
/// Safe Transaction Service (its confirmations are taken as signatures, its hash as a claim); the EIP-712 typed data of
/// a SafeTx as wallets are asked to sign it. What file and options both say must agree.
Result<SafeInput> readSafeInput(JsonView json, const Invocation &invocation);

/// The chain, the Safe and its version, as members of \a json or as options.
Result<SafePlace> readSafePlace(JsonView json, const Invocation &invocation);

/// Whether the JSON is one of these.
bool looksLikeSafeInput(JsonView json);

} // namespace countersign
