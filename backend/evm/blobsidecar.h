#pragma once

#include "backend/evm/rlpreader.h"
#include "backend/types/hash32.h"

#include <vector>

namespace countersign {

/// What travels with a blob transaction between nodes beside its canonical form: blobs, commitments and proofs.
struct BlobSidecar {
    int version = 0; ///< 0: one proof a blob (EIP-4844); 1: one proof a cell (EIP-7594)
    qsizetype blobs = 0;

    /// From the network form rlp([transaction, blobs, commitments, proofs]) or rlp([transaction, 1, blobs, commitments,
    /// cell proofs]); `wrapper` stands behind the transaction. Checks the sizes and the counts, and that each of
    /// `hashes` is the one of its commitment; that the commitments and proofs fit the blobs (KZG) is not checked. Error
    /// Invalid, detail "tx.sidecar.<what>".
    static Result<BlobSidecar> read(RlpReader wrapper, const std::vector<Hash32> &hashes);

    friend bool operator==(const BlobSidecar &, const BlobSidecar &) = default;
};

/// EIP-4844: 4096 field elements of 32 bytes.
inline constexpr qsizetype blobBytes = 4096 * 32;
/// Most blobs that a sidecar is read with; EIP-7594 allows 6 a transaction, Prague had 9 a block.
inline constexpr qsizetype maxSidecarBlobs = 9;

/// EIP-4844's kzg_to_versioned_hash: 0x01 || sha256(commitment)[1:].
Hash32 blobVersionedHash(QByteArrayView commitment);

} // namespace countersign
