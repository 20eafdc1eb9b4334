#pragma once

#include "backend/evm/signature.h"
#include "backend/keys/keyevidence.h"
#include "backend/keys/secretbuffer.h"

#include <QCoroTask>

namespace countersign {

/// How many tries of the PIN the device says are left. PKCS#11 gives no number.
enum class PinTries { Normal, CountLow, FinalTry, Locked };

/// What a signer needs before it can sign, asked of the device just before the person is.
struct UnlockNeed {
    enum class Kind { None, Pin, PinOnDevice };
    Kind kind = Kind::None;
    PinTries tries = PinTries::Normal;
    QString tokenLabel;
    QString advice; ///< a sentence to show with the prompt; empty when there is nothing to say
};

/// A key that signs digests and never leaves its device. One object a key; used on the main thread, works elsewhere.
/// Errors of every task: Denied (wrong or locked PIN), Unauthenticated (unlock first), Unavailable (device gone; the
/// message says what to do), Rejected (the device's signature is not by the enrolled key: an incident, not a retry),
/// Conflict (the device holds another key under this name), Cancelled.
class Signer {
public:
    Signer() = default;
    Signer(const Signer &) = delete;
    Signer &operator=(const Signer &) = delete;
    virtual ~Signer() = default;

    /// The enrolled address: only signatures that recover to it ever leave.
    virtual Address address() const = 0;
    /// What was last read of the device; custody Unknown before the first prepare().
    virtual KeyEvidence evidence() const = 0;

    /// Reads the device: is it there, is the key the enrolled one, what does unlocking take.
    virtual QCoro::Task<Result<UnlockNeed>> prepare() = 0;
    /// With an empty PIN when the device asks for it itself. The PIN is wiped before the task ends.
    virtual QCoro::Task<Result<void>> unlock(SecretBuffer pin) = 0;
    /// Normalised to low s and recovered against address() before it is returned.
    virtual QCoro::Task<Result<EvmSignature>> signDigest(Hash32 digest) = 0;
    virtual QCoro::Task<Result<void>> lock() = 0;
};

} // namespace countersign
