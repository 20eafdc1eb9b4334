#pragma once

#include "backend/environment/environment.h"
#include "backend/rpc/httpaccess.h"

namespace countersign {

/// How a server of the profile is asked. \a secret: its password or token, from the keychain; empty when there is none.
HttpAccess accessOf(const ServerSettings &server, const QByteArray &secret = {});

/// The name under which the secret of a server lies in the keychain, by the origin of its address: "metrics server https://host:9090".
QString secretNameOf(const ServerSettings &server);

} // namespace countersign
