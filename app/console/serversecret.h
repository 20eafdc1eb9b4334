#pragma once

#include "backend/environment/environment.h"
#include "backend/keys/secretstore.h"
#include "backend/rpc/httpaccess.h"

#include <QCoroTask>

namespace countersign {

/// How a server of the profile is asked, with the password or token that lies in the keychain for it (secretNameOf), if there is one. The store is
/// not asked for servers to which no secret could be sent; it may be null.
QCoro::Task<HttpAccess> accessWithSecret(ServerSettings server, SecretStore *store);

} // namespace countersign
