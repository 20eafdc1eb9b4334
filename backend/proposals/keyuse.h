#pragma once

#include "backend/keys/secretbuffer.h"
#include "backend/keys/signer.h"
#include "backend/types/error.h"

#include <QCoroTask>

namespace countersign {

/// One signature by a holder's token: prepare, unlock, sign, recover, lock again whatever happened. \a signer outlives
/// the task. The signature is recovered here once more against the digest that the caller wants signed: the signer's
/// own check is not taken on trust. Error Rejected when it is not by the signer's address; otherwise those of Signer.
QCoro::Task<Result<EvmSignature>> signWithToken(Signer &signer, Hash32 digest, SecretBuffer pin);

/// As signWithToken, for several digests with one unlocking: all signatures, in their order, or none.
QCoro::Task<Result<QList<EvmSignature>>> signAllWithToken(Signer &signer, QList<Hash32> digests, SecretBuffer pin);

} // namespace countersign
