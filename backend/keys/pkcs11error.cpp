#include "backend/keys/pkcs11error.h"

#include "backend/types/strings.h"

namespace countersign {

QString pkcs11ErrorName(CK_RV rv)
{
    switch (rv) {
    case CKR_OK:
        return u"CKR_OK"_s;
    case CKR_SLOT_ID_INVALID:
        return u"CKR_SLOT_ID_INVALID"_s;
    case CKR_GENERAL_ERROR:
        return u"CKR_GENERAL_ERROR"_s;
    case CKR_FUNCTION_FAILED:
        return u"CKR_FUNCTION_FAILED"_s;
    case CKR_ARGUMENTS_BAD:
        return u"CKR_ARGUMENTS_BAD"_s;
    case CKR_ATTRIBUTE_TYPE_INVALID:
        return u"CKR_ATTRIBUTE_TYPE_INVALID"_s;
    case CKR_DATA_LEN_RANGE:
        return u"CKR_DATA_LEN_RANGE"_s;
    case CKR_DEVICE_ERROR:
        return u"CKR_DEVICE_ERROR"_s;
    case CKR_DEVICE_MEMORY:
        return u"CKR_DEVICE_MEMORY"_s;
    case CKR_DEVICE_REMOVED:
        return u"CKR_DEVICE_REMOVED"_s;
    case CKR_FUNCTION_CANCELED:
        return u"CKR_FUNCTION_CANCELED"_s;
    case CKR_FUNCTION_NOT_SUPPORTED:
        return u"CKR_FUNCTION_NOT_SUPPORTED"_s;
    case CKR_KEY_HANDLE_INVALID:
        return u"CKR_KEY_HANDLE_INVALID"_s;
    case CKR_KEY_TYPE_INCONSISTENT:
        return u"CKR_KEY_TYPE_INCONSISTENT"_s;
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
        return u"CKR_KEY_FUNCTION_NOT_PERMITTED"_s;
    case CKR_MECHANISM_INVALID:
        return u"CKR_MECHANISM_INVALID"_s;
    case CKR_OBJECT_HANDLE_INVALID:
        return u"CKR_OBJECT_HANDLE_INVALID"_s;
    case CKR_OPERATION_ACTIVE:
        return u"CKR_OPERATION_ACTIVE"_s;
    case CKR_OPERATION_NOT_INITIALIZED:
        return u"CKR_OPERATION_NOT_INITIALIZED"_s;
    case CKR_PIN_INCORRECT:
        return u"CKR_PIN_INCORRECT"_s;
    case CKR_PIN_INVALID:
        return u"CKR_PIN_INVALID"_s;
    case CKR_PIN_LEN_RANGE:
        return u"CKR_PIN_LEN_RANGE"_s;
    case CKR_PIN_EXPIRED:
        return u"CKR_PIN_EXPIRED"_s;
    case CKR_PIN_LOCKED:
        return u"CKR_PIN_LOCKED"_s;
    case CKR_SESSION_CLOSED:
        return u"CKR_SESSION_CLOSED"_s;
    case CKR_SESSION_HANDLE_INVALID:
        return u"CKR_SESSION_HANDLE_INVALID"_s;
    case CKR_TOKEN_NOT_PRESENT:
        return u"CKR_TOKEN_NOT_PRESENT"_s;
    case CKR_TOKEN_NOT_RECOGNIZED:
        return u"CKR_TOKEN_NOT_RECOGNIZED"_s;
    case CKR_USER_ALREADY_LOGGED_IN:
        return u"CKR_USER_ALREADY_LOGGED_IN"_s;
    case CKR_USER_NOT_LOGGED_IN:
        return u"CKR_USER_NOT_LOGGED_IN"_s;
    case CKR_USER_PIN_NOT_INITIALIZED:
        return u"CKR_USER_PIN_NOT_INITIALIZED"_s;
    case CKR_BUFFER_TOO_SMALL:
        return u"CKR_BUFFER_TOO_SMALL"_s;
    case CKR_CRYPTOKI_NOT_INITIALIZED:
        return u"CKR_CRYPTOKI_NOT_INITIALIZED"_s;
    case CKR_CRYPTOKI_ALREADY_INITIALIZED:
        return u"CKR_CRYPTOKI_ALREADY_INITIALIZED"_s;
    default:
        return u"CKR 0x"_s + QString::number(rv, 16);
    }
}

bool isTokenGone(CK_RV rv)
{
    switch (rv) {
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_TOKEN_NOT_RECOGNIZED:
    case CKR_DEVICE_ERROR:
    case CKR_SLOT_ID_INVALID:
    case CKR_SESSION_CLOSED:
    case CKR_SESSION_HANDLE_INVALID:
    case CKR_OBJECT_HANDLE_INVALID:
    case CKR_KEY_HANDLE_INVALID:
    case CKR_GENERAL_ERROR: // SoftHSM's answer when the token's files are gone
        return true;
    default:
        return false;
    }
}

std::unexpected<Error> pkcs11Fail(CK_RV rv, const QString &doing)
{
    const QString detail = u"pkcs11 "_s + doing + u": "_s + pkcs11ErrorName(rv);
    switch (rv) {
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
        return fail(ErrorKind::Denied, u"The PIN is wrong. Check it before you try again: the token locks after a few wrong tries."_s, detail);
    case CKR_PIN_LOCKED:
        return fail(ErrorKind::Denied,
                    u"The token's PIN is locked after too many wrong tries. Its security officer can unlock it with the PUK."_s, detail);
    case CKR_PIN_EXPIRED:
    case CKR_USER_PIN_NOT_INITIALIZED:
        return fail(ErrorKind::Denied, u"The token's PIN has to be set by its security officer before it can be used."_s, detail);
    case CKR_FUNCTION_CANCELED:
        return fail(ErrorKind::Cancelled, u"It was cancelled at the token."_s, detail);
    case CKR_USER_NOT_LOGGED_IN:
        return fail(ErrorKind::Unauthenticated, u"The token is locked. Enter its PIN first."_s, detail);
    case CKR_MECHANISM_INVALID:
    case CKR_KEY_TYPE_INCONSISTENT:
    case CKR_KEY_FUNCTION_NOT_PERMITTED:
        return fail(ErrorKind::Rejected, u"The token cannot sign with this key: it must be a secp256k1 key that may sign."_s, detail);
    default:
        break;
    }
    if (isTokenGone(rv))
        return fail(ErrorKind::Unavailable, u"The token no longer answers. Put it back, then start the signing again; nothing was signed."_s,
                    detail);
    return fail(ErrorKind::Internal, u"The token refused ("_s + pkcs11ErrorName(rv) + u")."_s, detail);
}

} // namespace countersign
