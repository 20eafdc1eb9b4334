#pragma once

#include "backend/evm/signature.h"
#include "backend/keys/keyevidence.h"
#include "backend/keys/pkcs11signer.h"
#include "backend/keys/pkcs11token.h"

#include <optional>

namespace countersign {

/// The conversation with one key on one token. Every function runs on the module's thread and blocks for as long as the
/// device takes; Pkcs11Signer is its face on the main thread. Handles and slot numbers are looked up afresh, because
/// both change under a program that holds on to them.
class Pkcs11Session final {
public:
    struct Description {
        UnlockNeed need;
        KeyEvidence evidence;
    };

    Pkcs11Session(Pkcs11Module &module, Pkcs11KeyReference key, SoftwareTokens policy);

    Result<Description> prepare();
    Result<KeyEvidence> unlock(SecretBuffer pin);
    Result<EvmSignature> sign(const Hash32 &digest);
    Result<void> lock();

private:
    Result<Pkcs11TokenInfo> openToken();
    Result<KeyEvidence> readEvidence(const Pkcs11TokenInfo &token);
    Result<void> checkPublicKey();
    Result<void> login(CK_USER_TYPE user, const SecretBuffer &pin);
    Result<Bytes> signOnce(CK_OBJECT_HANDLE key, const Hash32 &digest);
    std::unexpected<Error> lost(CK_RV rv, const QString &doing);
    void closeSession();

    Pkcs11Module &m_module;
    Pkcs11KeyReference m_key;
    SoftwareTokens m_policy;
    std::optional<CK_SESSION_HANDLE> m_session;
    CK_SLOT_ID m_slot = 0;
    bool m_loggedIn = false;
    bool m_pinOnDevice = false;
    // Only for keys that want the PIN at every signature (CKA_ALWAYS_AUTHENTICATE): kept until that one signature.
    std::optional<SecretBuffer> m_nextPin;
};

} // namespace countersign
