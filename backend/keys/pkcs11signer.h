#pragma once

#include "backend/keys/pkcs11module.h"
#include "backend/keys/signer.h"

namespace countersign {

class Pkcs11Session;

/// Where an enrolled key is to be found. Slot numbers and labels are not identity: numbers move, labels repeat.
struct Pkcs11KeyReference {
    QString serial; ///< of the token
    Bytes id;       ///< CKA_ID
    Address address; ///< enrolled: the key must be this one
};

/// Whether keys that no hardware guards may be used.
enum class SoftwareTokens { Refuse, Allow };

/// A secp256k1 key on a PKCS#11 token (SoftHSM2 in practice, YubiHSM 2 or SmartCard-HSM in earnest).
class Pkcs11Signer final : public Signer {
public:
    Pkcs11Signer(std::shared_ptr<Pkcs11Module> module, Pkcs11KeyReference key, SoftwareTokens policy);
    ~Pkcs11Signer() override;

    Address address() const override { return m_address; }
    KeyEvidence evidence() const override { return m_evidence; }
    QCoro::Task<Result<UnlockNeed>> prepare() override;
    QCoro::Task<Result<void>> unlock(SecretBuffer pin) override;
    QCoro::Task<Result<EvmSignature>> signDigest(Hash32 digest) override;
    QCoro::Task<Result<void>> lock() override;

private:
    std::shared_ptr<Pkcs11Module> m_module;
    std::shared_ptr<Pkcs11Session> m_session; // touched on the module's thread only
    Address m_address;
    KeyEvidence m_evidence;
    std::shared_ptr<bool> m_alive; // a task that outlives the signer must not write its evidence
};

} // namespace countersign
