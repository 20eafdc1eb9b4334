#pragma once

#include "backend/types/error.h"

#include <p11-kit/pkcs11.h>

namespace countersign {

/// Name of a PKCS#11 return value, "CKR_PIN_INCORRECT".
QString pkcs11ErrorName(CK_RV rv);

/// Whether the value means that the token is no longer there, in one of the ways in which modules say so.
bool isTokenGone(CK_RV rv);

/// An error for people from what a module returned while `doing`: its kind, what to do next, and the name in the detail.
std::unexpected<Error> pkcs11Fail(CK_RV rv, const QString &doing);

} // namespace countersign
