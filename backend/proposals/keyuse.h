#pragma once

#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/types/error.h"

#include <QCoroTask>
#include <QList>

#include <functional>
#include <optional>

namespace countersign {

/// One signature by a holder's token: prepare, unlock, sign, recover, lock again whatever happened. \a signer outlives
/// the task. The signature is recovered here once more against the digest that the caller wants signed: the signer's
/// own check is not taken on trust. Error Rejected when it is not by the signer's address; otherwise those of Signer.
QCoro::Task<Result<EvmSignature>> signWithToken(Signer &signer, Hash32 digest, SecretBuffer pin);

/// As signWithToken, for several digests with one unlocking: all signatures, in their order, or none.
QCoro::Task<Result<QList<EvmSignature>>> signAllWithToken(Signer &signer, QList<Hash32> digests, SecretBuffer pin);

/// Two signatures that were made with one unlocking.
struct TwoSignatures {
    EvmSignature first;
    Result<EvmSignature> second; ///< its failure takes nothing from the first
};

/// As signWithToken, and before the token is locked again a second signature over what \a following makes of the first:
/// so that a person who approves is asked for the PIN once. A key that wants the PIN for each signature is not asked a
/// second time; then `second` is Denied. \a following touches nothing that may be gone before the task ends.
QCoro::Task<Result<TwoSignatures>> signTwiceWithToken(
    Signer &signer, Hash32 digest, std::function<Hash32(const EvmSignature &)> following, SecretBuffer pin);

/// Makes the next digest of the signature before; nothing when there is none to be made.
using FollowingDigest = std::function<std::optional<Hash32>(const EvmSignature &)>;

/// A first signature and those that follow from it.
struct SignaturesInTurn {
    EvmSignature first;
    QList<Result<EvmSignature>> next; ///< as many as were asked for
};

/// As signTwiceWithToken, for any number of digests that are made of the first signature.
QCoro::Task<Result<SignaturesInTurn>> signInTurnWithToken(
    Signer &signer, Hash32 digest, QList<FollowingDigest> following, SecretBuffer pin);

/// Whether signing failed because what the token returned is not by its key over the digest: an incident, never a
/// retry.
bool isForeignSignature(const Error &error);

} // namespace countersign
