#pragma once

#include "backend/types/address.h"
#include "backend/types/bytes.h"
#include "backend/types/hash32.h"
#include "backend/types/ids.h"
#include "backend/types/uint256.h"

#include <optional>
#include <span>

namespace countersign {

/// The root of a trie that holds nothing: keccak256(0x80).
const Hash32 &emptyTrieRoot();

struct TrieLimits {
    qsizetype maxKeyBytes = 256;
    qsizetype maxProofBytes = 16 * 1024 * 1024;
};

/// Checks a Merkle-Patricia proof (yellow paper, appendix D; EIP-1186): the value of `key` in the trie with `root`, or
/// nothing when the proof shows that the trie has no such key.
///
/// `key` is the path in the trie as bytes. It is not hashed here: for the secure tries of state and storage it is
/// already keccak256 of the address or slot (see the functions below); in a trie of transactions it is rlp(index).
///
/// Strict: each node is the one that its parent names, in canonical RLP with a canonical hex prefix; the proof ends
/// where the path ends, and holds no further node. A node shorter than 32 bytes lies inside its parent; a proof may
/// repeat it as a node of its own (some writers do) but need not. An empty trie is proven by no node or by 0x80 alone.
/// Errors: Corrupt when a node is not the one named, Invalid for all else; detail "mpt.<what> node <n>".
Result<std::optional<Bytes>> verifyTrieProof(const Hash32 &root, QByteArrayView key, std::span<const Bytes> proof,
                                             const TrieLimits &limits = {});

/// An account as the state trie holds it (yellow paper 4.1).
struct AccountState {
    Nonce nonce;
    Uint256 balance;
    Hash32 storageRoot;
    Hash32 codeHash;

    friend bool operator==(const AccountState &, const AccountState &) = default;
};

/// rlp([nonce, balance, storageRoot, codeHash]), canonical. Error Invalid.
Result<AccountState> accountStateFromRlp(QByteArrayView rlp);

/// The account below a block's state root, or nothing when the proof shows that there is none.
Result<std::optional<AccountState>> verifyAccountProof(const Hash32 &stateRoot, const Address &account, std::span<const Bytes> proof);

/// The word at `slot` below an account's storage root; zero when the proof shows that it is not set.
Result<Uint256> verifyStorageProof(const Hash32 &storageRoot, const Hash32 &slot, std::span<const Bytes> proof);

} // namespace countersign
