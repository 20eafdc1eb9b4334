#pragma once

#include "backend/keys/pkcs11module.h"
#include "backend/types/bytes.h"

#include <optional>
#include <vector>

namespace countersign {

/// A token in a slot, as the module describes it at this moment.
struct Pkcs11TokenInfo {
    CK_SLOT_ID slot = 0;
    QString label;
    QString serial;
    QString manufacturer;
    QString model;
    QString firmware;
    CK_FLAGS tokenFlags = 0;
    CK_FLAGS slotFlags = 0;

    bool isUsable() const
    {
        constexpr CK_FLAGS ready = CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;
        return (tokenFlags & ready) == ready;
    }
};

// Plain steps of PKCS#11 that the signer and the provisioning share. On the module's thread only.

Result<std::vector<Pkcs11TokenInfo>> listTokens(const CK_FUNCTION_LIST &api);
/// The token with that serial. NotFound (Unavailable for people: it is not plugged in) or Conflict when two have it.
Result<Pkcs11TokenInfo> findToken(const CK_FUNCTION_LIST &api, const QString &serial);
/// The one object of a class with this CKA_ID; empty when there is none, Conflict when there are several.
Result<std::optional<CK_OBJECT_HANDLE>> findKey(const CK_FUNCTION_LIST &api, CK_SESSION_HANDLE session, CK_OBJECT_CLASS objectClass,
                                                const Bytes &id);
std::optional<Bytes> readAttribute(const CK_FUNCTION_LIST &api, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                                   CK_ATTRIBUTE_TYPE type);
bool readFlag(const CK_FUNCTION_LIST &api, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

/// CKA_EC_POINT as the point itself: standard tokens wrap it in a DER OCTET STRING, some old ones do not.
Result<Bytes> unwrapEcPoint(QByteArrayView attribute);

/// DER of the object identifier 1.3.132.0.10, secp256k1.
Bytes secp256k1Parameters();

} // namespace countersign
