#pragma once

#include "backend/keys/pkcs11module.h"
#include "backend/keys/secretbuffer.h"
#include "backend/types/address.h"

namespace countersign {

/// A token made ready for the practice network or a test.
struct ProvisionedToken {
    QString serial;
    QString label;
};

// Making tokens and keys, for the practice network and tests: no part of the console calls this. Blocking.

/// Initialises the first free slot of `module` as a token with that label (at most 32 bytes), its security officer's PIN
/// and its user's PIN. Error Exhausted when no slot is free.
Result<ProvisionedToken> initialiseToken(Pkcs11Module &module, const QString &label, const SecretBuffer &officerPin,
                                         const SecretBuffer &userPin);

enum class KeyAuthentication { Login, EverySignature };

/// Generates a secp256k1 key inside the token: sensitive, never extractable, for signing only.
Result<Address> generateSecp256k1Key(Pkcs11Module &module, const QString &serial, const SecretBuffer &userPin, const Bytes &id,
                                     const QString &label, KeyAuthentication authentication = KeyAuthentication::Login);

/// Puts a known key (32 bytes) into the token, which makes it Imported for ever.
Result<void> importSecp256k1Key(Pkcs11Module &module, const QString &serial, const SecretBuffer &userPin, const Bytes &id,
                                const QString &label, QByteArrayView secret);

} // namespace countersign
